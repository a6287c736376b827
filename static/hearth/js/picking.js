/**
 * Picking people: what a search finds is ticked, and goes to those who are picked; ticked off, it goes.
 *
 *   <input data-people> <ul data-found><li><label><input type="checkbox" value="…"> Ada</label></li></ul> <ul data-picked>
 */
import { many, t } from "./words.js";

const PAUSE = 250; // milliseconds after the last letter

export class Picking {
  #asked = 0;
  #forget = () => {};

  /**
   * @param {HTMLInputElement} box @param {HTMLElement} found @param {HTMLElement} picked
   * @param {{get(text: string): Promise<HTMLElement[] | undefined>, later(work: () => void, pause: number): () => void,
   *   say(text: string): void}} page
   */
  constructor(box, found, picked, page) {
    Object.assign(this, { box, found, picked, page });
    box.addEventListener("input", () => this.soon());
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // a search is not the end of the form
      this.look();
    });
    found.addEventListener("change", ({ target }) => this.pick(target));
    picked.addEventListener("change", ({ target }) => this.drop(target));
  }

  soon() {
    this.#forget();
    this.#forget = this.page.later(() => this.look(), PAUSE);
  }

  /** Ask who is called so. A late answer to an older question is dropped. */
  async look() {
    const mine = ++this.#asked;
    const text = this.box.value.trim();
    const rows = text === "" ? [] : await this.page.get(text);
    if (rows === undefined || mine !== this.#asked) return;
    const here = new Set([...this.picked.querySelectorAll("input")].map((input) => input.value));
    this.found.replaceChildren(...rows.filter((row) => !here.has(row.querySelector("input")?.value)));
    const count = this.found.querySelectorAll("input").length;
    if (text !== "") this.page.say(many("One person is found.", "{n} people are found.", count));
  }

  pick(input) {
    if (!input.checked) return;
    this.picked.append(input.closest("li"));
    this.found.replaceChildren();
    this.box.value = "";
    this.box.focus();
    this.page.say(t("Picked."));
  }

  drop(input) {
    if (input.checked) return;
    input.closest("li").remove();
    this.box.focus();
    this.page.say(t("No longer picked."));
  }
}
