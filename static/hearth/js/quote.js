/** Words that are selected in an answer are put into the box as a quotation, by a small button beside them. */
import { t } from "./words.js";

/** @param {string} text @param {string} before what the box says already @returns {string} what it says then */
export function quoted(text, before) {
  const lines = text.trim().replace(/\n{3,}/g, "\n\n").split("\n").map((line) => `> ${line}`.trimEnd());
  return `${before.trimEnd()}${before.trim() ? "\n\n" : ""}${lines.join("\n")}\n\n`;
}

/** @param {{thread: HTMLElement, put: (change: (before: string) => string) => void}} parts */
export function quoting({ thread, put }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quote-it";
  button.textContent = t("Quote");
  button.hidden = true;
  document.body.append(button);
  let chosen = "";

  function look() {
    const selection = document.getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const prose = range && around(range.commonAncestorContainer)?.closest(".answer [data-prose]");
    chosen = prose && thread.contains(prose) ? selection.toString() : "";
    button.hidden = !chosen.trim();
    if (!button.hidden) place(range.getBoundingClientRect());
  }

  function place(box) {
    const top = box.bottom + 8 + button.offsetHeight < innerHeight ? box.bottom + 8 : box.top - button.offsetHeight - 8;
    button.style.top = `${Math.max(8, top)}px`;
    button.style.left = `${Math.min(Math.max(8, box.left), innerWidth - button.offsetWidth - 8)}px`;
  }

  document.addEventListener("selectionchange", look);
  thread.closest("[data-scroll]")?.addEventListener("scroll", look, { passive: true });
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", () => {
    put((before) => quoted(chosen, before));
    document.getSelection().removeAllRanges();
  });
}

function around(node) {
  return node.nodeType === 1 ? node : node.parentElement;
}
