/**
 * The composer: grows, Enter sends, Shift+Enter breaks, one button that sends or stops.
 *
 *   <form data-composer> <textarea data-grow> <button data-send> <div data-refusal> </form>
 */

const LONGEST = 200_000;

/** @returns {boolean} whether this key press sends */
export function sends({ key, shiftKey, isComposing, ctrlKey, altKey }) {
  return key === "Enter" && !shiftKey && !isComposing && !ctrlKey && !altKey;
}

/** @returns {string} why the text cannot be sent, or nothing */
export function refusal(text) {
  const length = text.trim().length;
  if (length === 0) return "Write a question first.";
  if (length > LONGEST) {
    return `The question has ${length.toLocaleString("en")} characters; at most ${LONGEST.toLocaleString("en")} can be sent.`;
  }
  return "";
}

export function freshId() {
  return crypto.randomUUID();
}

export function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4)}px`;
}
