/** What every page of somebody signed in does. Everything works without it. */
import { closing, themes } from "./look.js";
import { trying } from "./organisation.js";
import "./shortcuts.js";

const send = (address, body) =>
  fetch(address, { method: "POST", body, headers: { "X-Hearth-Partial": "look" }, keepalive: true }).catch(() => undefined);
const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

for (const form of document.querySelectorAll("[data-theme-form]")) {
  themes(form, { root: document.documentElement, kept: localStorage, isDark, send });
}
for (const form of document.querySelectorAll("[data-close-announcement]")) {
  closing(form, { send, then: () => document.querySelector("main")?.focus() });
}
for (const form of document.querySelectorAll("[data-look]")) {
  trying(form, (address) => {
    let link = document.querySelector("[data-shades]");
    if (!link) {
      link = Object.assign(document.createElement("link"), { rel: "stylesheet" });
      link.dataset.shades = "";
      document.querySelector("[rel=stylesheet][href*=shell]").after(link);
    }
    link.disabled = !address;
    if (address) link.href = address;
  });
}
