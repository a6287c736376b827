/**
 * Sharing's pages. Everything but copying, and a page that empties itself, works without it.
 *
 *   <input data-people="/shares/people/"> finds people while one types: <ul data-found>, and <ul data-picked> for those
 *   who were ticked.
 *   <div data-shared="/shares/…/still/" data-until="2027-03-12T09:00:00Z"> is emptied once what it shows is over.
 */
import { Prose } from "./markdown.js";
import { parsed } from "./post.js";
import { Picking } from "./picking.js";
import { spoken } from "./reasoning.js";
import { Shared } from "./shared.js";
import { t } from "./words.js";

const $ = (selector, root = document) => root.querySelector(selector);
const say = (text) => ($("[data-announce]").textContent = text);
const later = (work, pause) => {
  const timer = setTimeout(work, pause);
  return () => clearTimeout(timer);
};

const sources = new Map();
for (const element of document.querySelectorAll("[data-shared-prose]")) {
  const source = element.textContent;
  sources.set(element, spoken(source));
  new Prose(element).show(source);
}

/** Copy: a whole answer as it was written, or one code block. */
for (const button of document.querySelectorAll("[data-copy-turn]")) button.hidden = !navigator.clipboard;
document.addEventListener("click", async ({ target }) => {
  const copy = target.closest("[data-copy-turn], [data-copy-code]");
  if (!copy) return;
  const code = copy.hasAttribute("data-copy-code");
  const source = code ? $("code", copy.closest(".code")).textContent : sources.get($("[data-shared-prose]", copy.closest("article")));
  await navigator.clipboard.writeText(source);
  const label = copy.textContent;
  copy.textContent = t("Copied");
  setTimeout(() => (copy.textContent = label), 1500);
});

const shared = $("[data-shared]");
if (shared) {
  const page = new Shared(shared, {
    gone: async (address) => {
      const response = await fetch(address).catch(() => undefined);
      return response?.status === 404 || Boolean(response?.redirected);
    },
    later,
    say,
    title: (text) => {
      document.title = text;
      $("[data-shared-title]").textContent = text;
    },
  });
  document.addEventListener("visibilitychange", () => document.hidden || page.look());
  addEventListener("pageshow", ({ persisted }) => persisted && page.look());
}

const people = $("[data-people]");
if (people) {
  new Picking(people, $("[data-found]"), $("[data-picked]"), {
    get: async (text) => {
      const address = `${people.dataset.people}?${new URLSearchParams({ text })}`;
      const response = await fetch(address).catch(() => undefined);
      return response?.ok && !response.redirected ? [...parsed(`<ul>${await response.text()}</ul>`).querySelectorAll("li")] : undefined;
    },
    later,
    say,
  });
  $("[data-find]").hidden = true;
}
