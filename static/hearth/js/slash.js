/**
 * Prompts behind a slash: "/" at the beginning of the box offers them, filtered by what follows.
 *
 *   <div data-slash hidden><ul role="listbox"></ul><template><li role="option">…</li></template></div>
 *   <dialog data-ask-fields><form method="dialog"><h2></h2><div data-fields></div> … </form></dialog>
 *
 * Arrows move, Enter and Tab choose, Escape closes. Where no prompt fits, the list is away and the box is as usual.
 */
import { drawn, fields, filled, given } from "./fields.js";
import { many, t } from "./words.js";

/** @param {string} text @returns {string | undefined} what is behind a slash that begins a box, where nothing else is */
export function sought(text) {
  return /^\/([^\s/]*)$/u.exec(text)?.[1].toLocaleLowerCase();
}

/** @typedef {{id: string, name: string, title: string, shelf: string}} Head */

/** @param {Head[]} all @param {string} word @returns {Head[]} those that fit: names that begin so first */
export function fitting(all, word) {
  const rank = ({ name, title }) => {
    if (name.toLocaleLowerCase().startsWith(word)) return 0;
    if (name.toLocaleLowerCase().includes(word)) return 1;
    return title.toLocaleLowerCase().includes(word) ? 2 : 3;
  };
  return all
    .map((head) => [rank(head), head])
    .filter(([place]) => place < 3)
    .sort(([one], [other]) => one - other)
    .map(([, head]) => head);
}

export class Slash {
  #all = [];
  #shown = [];
  #at = 0;
  #word; // what the list was drawn for
  #closed = false; // Escape was pressed, or a prompt chosen, since the slash

  /**
   * @param {HTMLTextAreaElement} area @param {HTMLElement} box
   * @param {{heads(): Promise<Head[] | undefined>, choose(head: Head): void, say(text: string): void}} doors
   */
  constructor(area, box, doors) {
    this.area = area;
    this.box = box;
    this.doors = doors;
    this.list = box.querySelector("[role=listbox]");
    this.row = box.querySelector("template").content.firstElementChild;
    area.addEventListener("input", () => this.look());
    area.addEventListener("blur", () => this.close());
    // Before the page's own keys: Enter chooses here, and does not send.
    area.form.addEventListener("keydown", (event) => event.target === area && this.key(event), true);
    box.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", ({ target }) => this.pick(target.closest("[role=option]")));
  }

  get open() {
    return !this.box.hidden;
  }

  async look() {
    const word = sought(this.area.value);
    if (word === undefined) {
      this.#closed = false;
      return this.close();
    }
    if (this.#closed) return;
    const wasOpen = this.open;
    this.draw(fitting(this.#all, word), word); // what is known already, so that nobody types faster than it comes
    if (wasOpen) return;
    this.#all = (await this.doors.heads()) ?? this.#all;
    const now = sought(this.area.value); // more may have been typed meanwhile
    if (now === undefined || this.#closed || document.activeElement !== this.area) return;
    this.draw(fitting(this.#all, now), now);
  }

  draw(heads, word) {
    if (heads.length === 0) return this.close();
    if (!this.open || word !== this.#word) this.#at = 0;
    this.#word = word;
    this.#shown = heads;
    this.list.replaceChildren(...heads.map((head, place) => this.option(head, place)));
    this.box.hidden = false;
    this.mark();
    this.doors.say(many("One prompt fits.", "{n} prompts fit.", heads.length));
  }

  option(head, place) {
    const row = this.row.cloneNode(true);
    row.id = `slash-${place}`;
    row.querySelector(".name").textContent = `/${head.name}`;
    row.querySelector(".title").textContent = head.title;
    row.querySelector(".shelf").textContent = head.shelf;
    return row;
  }

  mark() {
    [...this.list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === this.#at)));
    this.area.setAttribute("aria-activedescendant", `slash-${this.#at}`);
    this.list.children[this.#at].scrollIntoView({ block: "nearest" });
  }

  close() {
    if (!this.open) return;
    this.box.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (!this.open || event.isComposing) return;
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (shiftKey || ctrlKey || altKey || metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) this.#at = (this.#at + step + this.#shown.length) % this.#shown.length;
    else if (key === "Escape") this.#closed = true;
    else if (key !== "Enter" && key !== "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (step) this.mark();
    else if (key === "Escape") this.close();
    else this.pick(this.list.children[this.#at]);
  }

  pick(row) {
    if (!row) return;
    const head = this.#shown[[...this.list.children].indexOf(row)];
    this.#closed = true; // what is still being fetched opens nothing any more
    this.close();
    this.doors.choose(head);
  }
}

/**
 * Put a prompt into the box, once what it asks for is there.
 * @param {{title: string, text: string}} prompt @param {HTMLDialogElement} dialog @param {(text: string) => void} put
 */
export function use(prompt, dialog, put) {
  const asked = fields(prompt.text);
  if (asked.length === 0) return put(prompt.text);
  const box = dialog.querySelector("[data-fields]");
  dialog.querySelector("h2").textContent = prompt.title || t("Fill in the prompt");
  box.replaceChildren(...drawn(asked, dialog.ownerDocument));
  dialog.returnValue = "";
  dialog.onclose = () => {
    const values = given(box);
    box.replaceChildren();
    if (dialog.returnValue === "put") put(filled(prompt.text, values));
  };
  dialog.showModal();
  box.querySelector("[data-field]").focus();
}
