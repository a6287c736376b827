/**
 * What keys do on every page, in one list: it is run from here, and shown from here (keys.js), so that it stays true.
 *
 * Keys that are one character alone never act while somebody writes, and can be switched off (WCAG 2.1.4).
 */
import { t } from "./words.js";

const $ = (selector) => document.querySelector(selector);
const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
const isNarrow = () => matchMedia("(max-width: 760px)").matches;

/** Each: how it is shown, what it does, when it is meant. Without `run` the page itself does it, and it is only shown. */
export const SHORTCUTS = [
  { keys: "Ctrl+K", code: "KeyK", mod: true, says: () => t("Find a chat, a model or a page"), run: () => palette() },
  { keys: "Ctrl+Shift+O", code: "KeyO", mod: true, shift: true, says: () => t("New chat"), run: () => location.assign("/") },
  { keys: "Ctrl+Shift+S", code: "KeyS", mod: true, shift: true, says: () => t("Show or hide the list beside"), run: beside },
  { keys: "/", key: "/", says: () => t("To the box in which one writes"), run: write },
  { keys: "?", key: "?", says: () => t("Show these keys"), run: () => sheet() },
  { keys: "Enter", says: () => t("Send the question") },
  { keys: "Shift+Enter", says: () => t("Break the line") },
  { keys: "Escape", says: () => t("Close what is open, or stop the answer") },
  { keys: "Alt+↑", code: "ArrowUp", alt: true, says: () => t("Edit your last question"), run: edit },
  { keys: "Ctrl+Shift+C", code: "KeyC", mod: true, shift: true, says: () => t("Copy the last answer"), run: () => press(".answer [data-copy='']") },
  { keys: "Ctrl+Shift+;", code: "Semicolon", mod: true, shift: true, says: () => t("Copy the last piece of code"), run: () => press("[data-copy-code]") },
];

/** @returns {object | undefined} the shortcut that a key press means; `isWriting` where it goes into a field */
export function meant(event, { isWriting = false, single = true } = {}) {
  if (event.isComposing || event.repeat) return undefined;
  return SHORTCUTS.find((one) => {
    if (!one.run) return false;
    if (one.key) return single && !isWriting && event.key === one.key && !event.ctrlKey && !event.metaKey && !event.altKey;
    const mod = event.ctrlKey || event.metaKey;
    return event.code === one.code && mod === Boolean(one.mod) && event.shiftKey === Boolean(one.shift) && event.altKey === Boolean(one.alt);
  });
}

/** Keys of a Mac have names of their own. */
export function shown(keys, isMac) {
  return isMac ? keys.replace("Ctrl", "⌘").replace("Shift", "⇧").replace("Alt", "⌥") : keys;
}

/** @returns {boolean} whether it did anything: else the browser may do what it does with these keys */
function press(selector) {
  const button = last(selector);
  button?.click();
  return Boolean(button);
}

function edit() {
  const box = document.activeElement?.closest?.("textarea, input");
  if (box?.value) return false; // there the keys move in what is written
  const form = last(".question details.edit");
  if (!form) return false;
  form.open = true;
  const area = form.querySelector("textarea");
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  return true;
}

function write() {
  const box = $("[data-composer] textarea") ?? $("main [type=search]");
  box?.focus();
  return Boolean(box);
}

/** A phone's list lies over the page and has an address; elsewhere it stands beside, or does not. */
function beside() {
  if (!$(".sidebar")) return false;
  if (isNarrow()) location.hash = location.hash === "#sidebar" ? "#thread" : "#sidebar";
  else {
    const closed = document.documentElement.toggleAttribute("data-alone");
    localStorage.setItem("sidebar", closed ? "closed" : "open");
  }
  return true;
}

async function palette() {
  if ($("dialog[open]:not(.palette)")) return;
  const { toggle } = await import("./palette.js");
  toggle();
}

async function sheet() {
  if ($("dialog[open]")) return;
  const { show } = await import("./keys.js");
  show(SHORTCUTS);
}

const isField = (element) => element instanceof Element && element.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");

if (globalThis.document) {
  document.addEventListener("keydown", (event) => {
    const single = localStorage.getItem("keys") !== "off";
    const one = meant(event, { isWriting: isField(event.target), single });
    if (one && one.run() !== false) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-palette], [data-keys], .top > .open");
    if (!button || event.ctrlKey || event.metaKey) return;
    if (button.matches(".open") && isNarrow()) return;
    event.preventDefault();
    if (button.matches(".open")) beside();
    else if (button.matches("[data-keys]")) sheet();
    else palette();
  });
  const temporary = $("[data-composer] [name=temporary]");
  if (temporary && new URLSearchParams(location.search).has("temporary")) temporary.checked = true;
}
