/**
 * Light, dark or as the device, and announcements that are closed: both are kept on the server, without leaving the page.
 *
 *   <form action="/look/theme/" data-theme-form>
 *     <button name="theme" value="dark" data-theme-switch data-auto="as the device" data-light="light" data-dark="dark">
 *   </form>
 *   <section data-announcement><form action="/look/banner/close/" data-close-announcement>…</form></section>
 */
import { t } from "./words.js";

/** What comes after a theme: first what looks otherwise than now, then the other one, then the device's again. */
export function after(theme, deviceIsDark) {
  const [first, second] = deviceIsDark ? ["light", "dark"] : ["dark", "light"];
  return { auto: first, [first]: second, [second]: "auto" }[theme] ?? "auto";
}

/** Wear a theme, and keep it for the sign-in page of this browser. */
export function wear(theme, { root, kept }) {
  root.dataset.theme = theme;
  if (theme === "auto") kept.removeItem("theme");
  else kept.setItem("theme", theme);
}

/** @param {{root: HTMLElement, kept: Storage, isDark: () => boolean, send: (address: string, body: FormData) => unknown}} by */
export function themes(form, by) {
  const button = form.querySelector("[data-theme-switch]");
  button.value = after(by.root.dataset.theme ?? "auto", by.isDark());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = after(by.root.dataset.theme ?? "auto", by.isDark());
    const body = new FormData(form);
    body.set("theme", theme);
    wear(theme, by);
    button.value = after(theme, by.isDark());
    button.setAttribute("aria-label", t("Light or dark: {theme}. Change it", { theme: button.dataset[theme] }));
    by.send(form.action, body);
  });
}

/** @param {{send: (address: string, body: FormData) => unknown, then: () => void}} by `then` puts the focus somewhere */
export function closing(form, { send, then }) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form.action, new FormData(form));
    form.closest("[data-announcement]").remove();
    then();
  });
}
