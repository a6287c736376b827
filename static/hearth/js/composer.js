/**
 * The composer: grows, Enter sends, Shift+Enter breaks, one button that sends or stops.
 *
 *   <form data-composer> <textarea data-grow> <button data-send> <div data-refusal> </form>
 */
import { number, t } from "./words.js";

const LONGEST = 200_000;

/** @returns {boolean} whether this key press sends */
export function sends({ key, shiftKey, isComposing, ctrlKey, altKey }) {
  return key === "Enter" && !shiftKey && !isComposing && !ctrlKey && !altKey;
}

/** @returns {string} why the text cannot be sent, or nothing */
export function refusal(text) {
  const length = text.trim().length;
  if (length === 0) return t("Write a question first.");
  if (length > LONGEST) {
    return t("The question has {n} characters; at most {most} can be sent.", { n: number(length), most: number(LONGEST) });
  }
  return "";
}

/**
 * The ids of what forms send. Words keep their id, so that sending them again after a lost reply asks once; other words
 * get another id, because the server takes an id once.
 */
export class Ids {
  #known = new WeakMap();

  /** @returns {string} the id under which this form sends this text */
  of(form, text) {
    const known = this.#known.get(form);
    if (known?.text === text) return known.id;
    const id = crypto.randomUUID();
    this.#known.set(form, { text, id });
    return id;
  }

  /** What the form sent has arrived: the same words again are another question. */
  arrived(form) {
    this.#known.delete(form);
  }
}

export function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4)}px`;
}
