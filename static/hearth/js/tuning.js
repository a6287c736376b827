/** Settings for one question: those of the model that is picked. <details data-tuning><fieldset data-of="model">… */

/** @param {HTMLDetailsElement} box @param {HTMLSelectElement} picker */
export function tuning(box, picker) {
  const show = () => {
    let any = false;
    for (const set of box.querySelectorAll("[data-of]")) {
      const mine = set.dataset.of === picker.value;
      set.disabled = set.hidden = !mine;
      any ||= mine;
    }
    box.hidden = !any;
    if (!any) box.open = false;
  };
  picker.addEventListener("change", show);
  show();
}
