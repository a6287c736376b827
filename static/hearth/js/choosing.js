/**
 * Which chats of a file are imported: a box before each instead of numbers that one writes.
 *
 *   <form data-choose>
 *     <div data-numbers><input name="left"></div>
 *     <p data-all-box hidden><input type="checkbox" data-all> <span data-count></span></p>
 *     <li data-place="0"> … <button data-import>
 *   </form>
 */

/** Numbers, from 1 on, as the form takes them: `1-3, 7`. @param {number[]} places from 0 on, any order */
export function ranges(places) {
  const found = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[1] === place) last[1] = place + 1;
    else found.push([place + 1, place + 1]);
  }
  return found.map(([first, end]) => (first === end ? `${first}` : `${first}-${end}`)).join(", ");
}

/** @param {HTMLFormElement} form @param {{counted(n: number): string}} words */
export function choosing(form, { counted }) {
  const left = form.elements.left;
  if (!left) return;
  const rows = [...form.querySelectorAll("[data-place]:not(.refused)")];
  const boxes = rows.map((row) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    const label = document.createElement("label");
    label.className = "chosen";
    row.querySelector(".number").before(label);
    label.append(box, row.querySelector(".number"), row.querySelector(".what"));
    return box;
  });
  const all = form.querySelector("[data-all]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    form.querySelector("[data-count]").textContent = counted(chosen);
    form.querySelector("[data-import]").disabled = chosen === 0;
    left.value = ranges(rows.filter((_, n) => !boxes[n].checked).map((row) => Number(row.dataset.place)));
  };
  form.querySelector("[data-numbers]").hidden = true;
  form.querySelector("[data-all-box]").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}
