/** A sentence at the foot of the page, with a way back where there is one. It stays until it is closed or used. */
import { t } from "./words.js";

/** @param {string} text @param {(() => Promise<boolean>) | undefined} undo whether it went through */
export function toast(text, undo, page = document) {
  page.querySelector("[data-toast]")?.remove();
  const box = page.createElement("div");
  box.className = "toast";
  box.dataset.toast = "";
  box.setAttribute("role", "status");
  const said = page.createElement("p");
  box.append(said);
  if (undo) box.append(button(page, t("Undo"), "primary small", async () => (await undo()) && box.remove()));
  const close = button(page, "×", "quiet", () => box.remove());
  close.setAttribute("aria-label", t("Close"));
  box.append(close);
  page.body.append(box);
  said.textContent = text; // after it is there: then it is read aloud
  return box;
}

function button(page, label, kind, act) {
  const made = page.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}
