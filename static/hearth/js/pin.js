/**
 * A pin puts the chat at the top of the list, and may change how long it is kept.
 *
 *   <form data-pin><input type="hidden" name="pinned" value="on"><button>Pin to the top</button></form>
 *
 * `value` is what the button asks for: `on`, or nothing to take the pin off.
 *
 * @param {HTMLFormElement} form
 * @param {{post(form: HTMLFormElement): Promise<Response>, complain(reason: string): void, pinned(html: string, on: boolean): void}} page
 */
import { t } from "./words.js";

export function pinning(form, { post, complain, pinned }) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const on = form.elements.pinned.value === "on";
    const response = await post(form).catch(() => undefined);
    if (!response?.ok) return complain(t("The chat could not be pinned. Reload the page and try again."));
    form.elements.pinned.value = on ? "" : "on";
    form.querySelector("button").textContent = on ? t("Unpin") : t("Pin to the top");
    pinned(await response.text(), on);
  });
}
