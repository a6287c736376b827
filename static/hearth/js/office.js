/** The offices' pages: puts the modules together. Everything works without it. */
import { tell } from "./moments.js";
import { endless } from "./more.js";
import { poll } from "./poll.js";

/** Get a part of a page, or nothing where that fails. @returns {Promise<string | undefined>} */
async function get(address) {
  try {
    const response = await fetch(address, { headers: { "X-Hearth-Partial": "part" } });
    return response.ok && !response.redirected ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

function seen(element, then) {
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      observer.disconnect();
      then();
    },
    { rootMargin: "400px" },
  );
  observer.observe(element);
}

for (const list of document.querySelectorAll("[data-entries]")) {
  const added = (count) => {
    document.querySelector("[data-announce]").textContent = `${count} more are listed.`;
    tell(list);
  };
  endless(list, { get, seen, added });
}
for (const box of document.querySelectorAll("[data-poll]")) poll(box, { get, later: (again) => setTimeout(again, 1000) });

document.querySelector("[data-theme-switch]").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});
tell(document);
