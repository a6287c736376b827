/**
 * Pages of prompts: what is asked for is shown while a prompt is written, and marked where it is read.
 *
 *   <form data-write> <textarea name="text"> <div data-try> <h2 data-result-title> <div data-result> </form>
 *   <div data-prompt-words>…</div>
 */
import { drawn, fields, filled, given } from "./fields.js";

const BRACES = /(\{\{[^{}]*\}\})/u;

/** Mark what stands in braces. @param {HTMLElement} box */
export function marked(box) {
  const page = box.ownerDocument;
  const parts = box.textContent.split(BRACES).map((part) => {
    if (fields(part).length === 0) return part;
    const mark = page.createElement("mark");
    mark.textContent = part;
    return mark;
  });
  box.replaceChildren(...parts);
}

/** Show the form of a prompt that is being written, and what would come of it. @param {HTMLFormElement} form */
export function trying(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const area = form.querySelector("textarea[name=text]");
  const [box, title, result] = [part("try"), part("result-title"), part("result")];
  const show = () => {
    const values = Object.entries(given(box)).filter(([, value]) => value); // what is empty keeps its braces
    result.textContent = filled(area.value, Object.fromEntries(values));
  };
  const draw = () => {
    const before = given(box);
    const asked = fields(area.value);
    box.replaceChildren(...drawn(asked, form.ownerDocument));
    for (const each of box.querySelectorAll("textarea")) each.value = before[each.dataset.field] || each.value;
    box.hidden = title.hidden = result.hidden = asked.length === 0;
    show();
  };
  area.addEventListener("input", draw);
  box.addEventListener("input", show);
  draw();
}

if (globalThis.document) {
  for (const box of document.querySelectorAll("[data-prompt-words]")) marked(box);
  for (const form of document.querySelectorAll("[data-write]")) trying(form);
}
