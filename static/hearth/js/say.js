/** What the page says: to those who listen, and beside the box in which one writes. */

/** Say something to a screen reader, politely. @param {string} text */
export function announce(text) {
  document.querySelector("[data-announce]").textContent = text;
}

/** Show why something did not go through; an empty reason takes it away. @param {string} reason */
export function refuse(reason) {
  const note = document.createElement("p");
  note.className = "refusal";
  note.setAttribute("role", "alert");
  note.textContent = reason;
  document.querySelector("[data-composer] [data-refusal]").replaceChildren(...(reason ? [note] : []));
}
