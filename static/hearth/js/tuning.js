/** The box says where a question goes. @param {HTMLTextAreaElement} box @param {HTMLSelectElement} picker */
import { t } from "./words.js";

export function where(box, picker) {
  const say = () => {
    const leaves = picker.selectedOptions[0]?.hasAttribute("data-leaves");
    box.placeholder = leaves ? t("Ask anything. It leaves the premises.") : t("Ask anything. It stays in the house.");
  };
  picker.addEventListener("change", say);
  say();
}

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
