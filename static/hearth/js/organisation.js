/**
 * A colour is seen before it is saved: the page wears its sheet. <form data-look="/look/000000.css"> with a choice called
 * `own` and a colour called `accent`.
 */

/** Return the address of a colour's sheet, or nothing for Hearth's own. */
export function sheetFor(pattern, own, colour) {
  return own && /^#[0-9a-f]{6}$/i.test(colour) ? pattern.replace("000000", colour.slice(1).toLowerCase()) : "";
}

/** @param {HTMLFormElement} form @param {(address: string) => void} wear */
export function trying(form, wear) {
  const show = () => wear(sheetFor(form.dataset.look, form.elements.own.value, form.elements.accent.value));
  form.elements.accent.addEventListener("input", () => {
    form.querySelector("[name=own][value=yes]").checked = true;
    show();
  });
  form.addEventListener("change", show);
}
