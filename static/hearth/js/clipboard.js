/**
 * Copying from the thread: <button data-copy> takes a message as it was written, <button data-copy="plain"> as text
 * without signs, <button data-copy-code> one block of code. What a model thought before it answered is left out.
 */
import { plain } from "./plain.js";
import { spoken } from "./reasoning.js";
import { t } from "./words.js";

/** @param {HTMLElement} copy @param {(id: string) => {text: string} | undefined} answer */
export function source(copy, answer) {
  if (copy.hasAttribute("data-copy-code")) return copy.closest(".code").querySelector("code").textContent;
  const turn = copy.closest("article");
  if (copy.dataset.copy === "plain") return plain(turn.querySelector("[data-prose]"));
  const written = answer(turn.dataset.generation)?.text;
  return written === undefined ? turn.querySelector("[data-source]").textContent : spoken(written);
}

/** @param {{answer: (id: string) => {text: string} | undefined, complain: (reason: string) => void}} parts */
export function clipboard({ answer, say, complain, later = setTimeout }) {
  document.addEventListener("click", async ({ target }) => {
    const copy = target.closest("[data-copy]:is(article *), [data-copy-code]");
    if (!copy) return;
    try {
      await navigator.clipboard.writeText(source(copy, answer));
    } catch {
      complain(t("The browser does not let Hearth copy here. Select the text and copy it yourself."));
      return;
    }
    say(t("Copied"));
    const label = copy.textContent;
    copy.textContent = t("Copied");
    later(() => (copy.textContent = label), 1500);
  });
}
