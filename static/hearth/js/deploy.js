/** The pages on which a model is deployed or changed: puts the modules together. Everything works without it. */
import { fits } from "./fits.js";

async function get(address) {
  try {
    const response = await fetch(address, { headers: { "X-Hearth-Partial": "part" } });
    return response.ok && !response.redirected ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

for (const form of document.querySelectorAll("[data-fits]")) {
  const box = form.querySelector("[data-fit]");
  form.querySelector("[data-unscripted]").remove(); // what it asks for comes by itself; Enter goes on
  fits(form, {
    get,
    later: (then, milliseconds) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
    fill: (html) => {
      box.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      return box.querySelector("[data-verdict]")?.textContent.trim() ?? "";
    },
    say: (words) => { form.querySelector("[data-fit-said]").textContent = words; },
    place: (address) => {
      if ("fitsPlaced" in form.dataset) history.replaceState(null, "", address);
    },
  });
}
