/** A chat to be printed: <div data-prose>Markdown</div> … <button data-print hidden>. Without it, the words as written. */
import { localise } from "./local.js";
import { Prose } from "./markdown.js";

for (const element of document.querySelectorAll("[data-prose]")) {
  const source = element.textContent;
  new Prose(element).show(source);
}
localise(document);
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());
