/** The offices' pages: puts the modules together. Everything works without it. */
import { among } from "./among.js";
import { busy } from "./busy.js";
import { copying } from "./copy.js";
import { localise } from "./local.js";
import { late } from "./late.js";
import { tell } from "./moments.js";
import { endless } from "./more.js";
import { poll } from "./poll.js";
import { sift } from "./sift.js";
import { t } from "./words.js";

/** Get a page or a part of it, or nothing where that fails. @returns {Promise<string | undefined>} */
async function fetched(address, headers) {
  try {
    const response = await fetch(address, { headers });
    return response.ok && !response.redirected ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

const get = (address) => fetched(address, { "X-Hearth-Partial": "part" });

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

function announce(words) {
  document.querySelector("[data-announce]").textContent = words;
}

function lists(root) {
  for (const list of root.querySelectorAll("[data-entries]")) {
    const added = (count) => {
      announce(t("{n} more are listed.", { n: count }));
      tell(list);
    };
    endless(list, { get, seen, added });
  }
}

for (const form of document.querySelectorAll("[data-sift]")) {
  const box = document.querySelector("[data-sifted]");
  sift(form, {
    get: (address) => fetched(address, {}),
    place: (address) => history.replaceState(null, "", address),
    later: (then, milliseconds) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
    fill: (html) => {
      const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-sifted]");
      if (!fresh) return;
      box.replaceChildren(...fresh.childNodes);
      announce(box.querySelector("h2").textContent.trim());
      lists(box);
      tell(box);
    },
  });
}
for (const button of document.querySelectorAll("[data-copy]")) {
  copying(button, { clipboard: navigator.clipboard, field: document.getElementById(button.dataset.copy) });
}
for (const select of document.querySelectorAll("[data-among]")) {
  among(select, [...select.form.querySelectorAll(`[type=checkbox][name="${select.dataset.among}"]`)]);
}
for (const form of document.querySelectorAll("[data-busy]")) {
  busy(form, { shown: (then) => addEventListener("pageshow", then) });
}
for (const box of document.querySelectorAll("[data-late]")) {
  late(box, { get, parse: (html) => new DOMParser().parseFromString(html, "text/html").body.childNodes });
}
lists(document);
/** What <div data-poll data-fresh> waited for is there: the list beside it shows it, or the page anew. */
function refresh(box) {
  if (!("fresh" in box.dataset) || box.querySelector("[data-wait]")) return;
  const list = document.querySelector("form[data-sift]");
  if (list) list.dispatchEvent(new Event("input"));
  else location.replace(location.pathname);
}

for (const box of document.querySelectorAll("[data-poll]")) {
  const shown = () => {
    localise(box);
    refresh(box);
  };
  poll(box, { get, later: (again) => setTimeout(again, 1000), shown });
}

tell(document);
localise(document);
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
