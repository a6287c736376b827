/** The sheet of shortcuts: <dialog class="shortcuts">. It shows the list that is run (shortcuts.js). */
import { styled } from "./styled.js";
import { shown } from "./shortcuts.js";
import { t } from "./words.js";

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

function row({ keys, says }) {
  const isMac = /Mac|iP/.test(navigator.platform);
  const parts = shown(keys, isMac).split("+").map((key) => make("kbd", {}, key));
  return make("div", {}, make("dt", {}, ...parts), make("dd", {}, says()));
}

function choice() {
  const box = make("input", { type: "checkbox", checked: localStorage.getItem("keys") !== "off" });
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  return make("label", { className: "single" }, box, t("Keys without Ctrl act: / and ?"));
}

/** @param {{keys: string, says: () => string}[]} shortcuts */
export async function show(shortcuts) {
  await styled;
  const close = make("button", { type: "button", className: "quiet", textContent: "×" });
  close.setAttribute("aria-label", t("Close"));
  const title = make("h2", { id: "keys-title" }, t("Keys"));
  const dialog = make("dialog", { className: "shortcuts" }, make("header", {}, title, close));
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.append(make("dl", {}, ...shortcuts.map(row)), choice());
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
