/**
 * A form whose answer takes a while: <form data-busy="Counting …"> says so on its button, which is pressed once.
 *
 * A page that comes back by the browser's Back has its button as before.
 */
export function busy(form, { shown }) {
  const button = form.querySelector("[type=submit]");
  const says = button.textContent;
  form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = form.dataset.busy;
    form.setAttribute("aria-busy", "true");
  });
  shown(() => {
    button.disabled = false;
    button.textContent = says;
    form.removeAttribute("aria-busy");
  });
}
