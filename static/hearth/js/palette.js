/**
 * The palette: chats by title, what can be done with this chat, models, pages, and search for the rest.
 *
 *   <dialog class="palette"> <input role="combobox"> <div role="listbox"> <div role="group"> <div role="option"> …
 *
 * The server says where one may go (/search/palette/); what can be done with the chat is what its menu offers.
 */
import { styled } from "./styled.js";
import { SHORTCUTS } from "./shortcuts.js";
import { t } from "./words.js";

const ADDRESS = "/search/palette/";
const PAUSE = 120; // milliseconds between the last key and the question
const KEPT = 5; // what was chosen lately stands first
const AT_ONCE = 7; // lines of a group while nothing is typed
const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

/** @returns {boolean} whether each word that was typed begins a word of the label */
export function fits(label, typed) {
  const words = folded(label).split(/[^\p{L}\p{N}]+/u);
  return folded(typed).split(/\s+/).every((part) => words.some((word) => word.startsWith(part)));
}

/** What is shown for what was typed. Chats come from the server as they are; all else is chosen here. */
export function chosen(groups, typed, lately = []) {
  const rank = ({ address }) => (lately.indexOf(address) + 1 || KEPT + 1);
  return groups
    .map(({ name, entries, asIs }) => ({
      name,
      entries: asIs ? entries : entries.filter(({ label }) => !typed || fits(label, typed)).sort((a, b) => rank(a) - rank(b)),
    }))
    .map(({ name, entries }) => ({ name, entries: typed ? entries : entries.slice(0, AT_ONCE) }))
    .filter(({ entries }) => entries.length > 0);
}

/** The line after or before one, around the ends. */
export const beside = (index, step, count) => (count ? (index + step + count) % count : -1);

const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

/** What the menu of this chat offers, as it says it: who chooses presses its button. */
function acts() {
  const found = [...document.querySelectorAll(".top > .menu .sheet :is(button[type=submit], a.act, a[href])")];
  return found.filter((control) => !control.disabled).map((control) => ({ label: control.textContent.trim(), run: () => act(control) }));
}

function act(control) {
  const field = control.form?.querySelector("input:not([type=hidden], [type=checkbox], [type=radio]), select");
  if (!field) return control.click();
  control.closest("details").open = true;
  field.focus();
  field.select?.();
  return undefined;
}

/** What every page can do by itself. */
function others() {
  const theme = document.querySelector("[data-theme-switch]");
  const keys = SHORTCUTS.find((one) => one.key === "?");
  const list = SHORTCUTS.find((one) => one.code === "KeyS");
  const found = [{ label: t("Show the keys"), note: keys.keys, run: keys.run }];
  if (document.querySelector(".sidebar")) found.push({ label: list.says(), note: list.keys, run: list.run });
  if (theme) found.push({ label: t("Change between light and dark"), run: () => theme.click() });
  return found;
}

class Palette {
  constructor({ get, later, go, kept }) {
    Object.assign(this, { get, later, go, kept, active: 0, asked: 0, lines: [], forget: () => {} });
    this.groups = [{ name: t("This chat"), entries: acts() }];
    this.field = make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: t("A chat, a model, a page …") });
    const facts = { role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-label": t("Find a chat, a model or a page"), maxlength: "200" };
    for (const [name, value] of Object.entries(facts)) this.field.setAttribute(name, value);
    this.list = make("div", { id: "palette-list" });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", t("What fits"));
    this.note = make("p", { className: "sr" });
    this.note.setAttribute("aria-live", "polite");
    this.dialog = make("dialog", { className: "palette" }, this.field, this.list, this.note);
    this.dialog.setAttribute("aria-label", t("Find a chat, a model or a page"));
    this.listen();
  }

  listen() {
    this.field.addEventListener("input", () => {
      this.draw();
      this.forget();
      this.forget = this.later(() => this.ask(), PAUSE);
    });
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousemove", ({ target }) => this.mark(this.lines.findIndex(({ element }) => element.contains(target)), false));
    this.list.addEventListener("click", (event) => {
      const line = this.lines.find(({ element }) => element.contains(event.target));
      if (line) this.choose(line.entry, event.ctrlKey || event.metaKey);
    });
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.dialog.remove());
  }

  async open() {
    await styled;
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.draw();
    this.ready = this.ask("all=1&");
  }

  get typed() {
    return this.field.value.trim();
  }

  /** Ask for the chats whose titles fit. A late answer to an older question is dropped. */
  async ask(all = "") {
    this.forget();
    const mine = ++this.asked;
    const { typed } = this;
    const answer = await this.get(`${ADDRESS}?${all}q=${encodeURIComponent(typed)}`);
    if (answer && all) this.places(answer);
    if (mine === this.asked) {
      this.chats = answer && { ...answer.groups[0], of: typed };
      this.missing = !answer;
    }
    this.draw();
  }

  places(answer) {
    const [, places, models] = answer.groups;
    this.groups = [this.groups[0], { ...places, entries: [...places.entries, ...others()] }, models];
  }

  draw() {
    const { typed } = this;
    const last = typed ? [{ name: "", asIs: true, entries: [{ label: t("Search in all chats for “{text}”", { text: typed }), address: `/search/?q=${encodeURIComponent(typed)}` }] }] : [];
    const chats = this.chats && { ...this.chats, asIs: this.chats.of === typed }; // others are on their way
    const groups = [...(chats ? [chats] : []), ...this.groups];
    this.lines = [];
    this.list.replaceChildren(...[...chosen(groups, typed, this.kept.read()), ...last].map((group, index) => this.group(group, index)));
    if (this.missing) this.list.append(make("p", { className: "note" }, t("Hearth cannot be reached. Your chats are not listed.")));
    this.mark(0);
    this.note.textContent = t("{n} lines", { n: this.lines.length });
  }

  group({ name, entries }, index) {
    const box = make("div", { className: "kind" });
    box.setAttribute("role", "group");
    if (name) {
      box.append(make("h2", { id: `palette-group-${index}` }, name));
      box.setAttribute("aria-labelledby", `palette-group-${index}`);
    }
    for (const entry of entries) box.append(this.line(entry));
    return box;
  }

  line(entry) {
    const element = make("div", { className: "line", id: `palette-${this.lines.length}` }, make("span", {}, entry.label));
    element.setAttribute("role", "option");
    if (entry.note) element.append(make("span", { className: "note" }, entry.note));
    this.lines.push({ element, entry });
    return element;
  }

  mark(index, moves = true) {
    if (index < 0) return;
    this.active = index;
    this.lines.forEach(({ element }, at) => element.setAttribute("aria-selected", String(at === index)));
    const element = this.lines[index]?.element;
    if (!element) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", element.id);
    if (moves) element.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark(beside(this.active, step, this.lines.length));
    else if (event.key === "Enter" && !event.isComposing) this.enter(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }

  /** Whoever types faster than the line answers means what is on its way. */
  async enter(elsewhere) {
    if (this.chats?.of !== this.typed && !this.missing) await Promise.all([this.ready, this.ask()]);
    const line = this.lines[this.active];
    if (line && this.dialog.open) this.choose(line.entry, elsewhere);
  }

  choose(entry, elsewhere) {
    this.dialog.close();
    if (entry.run) return entry.run();
    if (!this.chats?.entries.includes(entry)) this.kept.add(entry.address);
    return this.go(entry.address, elsewhere);
  }
}

const kept = {
  read: () => JSON.parse(localStorage.getItem("palette") ?? "[]"),
  add(address) {
    if (address.includes("?q=")) return; // what was searched is nobody's who comes to this device later
    localStorage.setItem("palette", JSON.stringify([address, ...this.read().filter((each) => each !== address)].slice(0, KEPT)));
  },
};

const services = {
  kept,
  get: async (address) => {
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => undefined);
    return response?.ok && !response.redirected ? response.json() : undefined;
  },
  later: (then, milliseconds) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  go: (address, elsewhere) => (elsewhere ? open(address, "_blank", "noopener") : location.assign(address)),
};

/** Open it, or close it where it is open. */
export function toggle() {
  const dialog = document.querySelector("dialog.palette[open]");
  if (dialog) dialog.close();
  else new Palette(services).open();
}
