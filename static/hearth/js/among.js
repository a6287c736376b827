/**
 * One of what is ticked: <select data-among="models"> offers what its form's checkboxes of that name have ticked.
 *
 * When the one that is chosen is ticked off, nothing is chosen. Without scripts the server says what does not fit.
 */
export function among(select, boxes) {
  const offer = () => {
    const ticked = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const option of select.options) option.disabled = option.value !== "" && !ticked.has(option.value);
  };
  for (const box of boxes) {
    box.addEventListener("change", () => {
      offer();
      if (!box.checked && select.value === box.value) select.value = "";
    });
  }
  offer();
}
