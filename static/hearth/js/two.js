/**
 * Two models for one question: <button data-two aria-expanded="false"> shows <label data-beside hidden> with a second
 * list of models, which sends nothing while it is hidden. The two are never the same.
 */

/** @param {HTMLFormElement} composer */
export function two(composer) {
  const button = composer.querySelector("[data-two]");
  const label = composer.querySelector("[data-beside]");
  const first = composer.elements.deployment;
  if (!button || !label || !first) return;
  const second = label.querySelector("select");
  button.hidden = false;

  function apart() {
    for (const option of second.options) option.disabled = option.value === first.value;
    if (second.value === first.value) second.value = [...second.options].find((one) => !one.disabled)?.value ?? "";
  }
  function show(on) {
    label.hidden = second.disabled = !on;
    button.setAttribute("aria-expanded", String(on));
    if (on) apart();
  }
  button.addEventListener("click", () => {
    show(label.hidden);
    if (!label.hidden) second.focus();
  });
  first.addEventListener("change", () => !label.hidden && apart());
  show(false);
}
