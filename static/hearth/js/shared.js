/**
 * What somebody shared, on the page of a reader: it leaves the page within a minute once it is taken back, and at once
 * when its time is over.
 *
 *   <div data-shared="address" data-until="moment"> … </div>
 */
import { t } from "./words.js";

const AGAIN = 20_000; // milliseconds between two questions

export class Shared {
  #forget = () => {};
  #over = false;

  /**
   * @param {HTMLElement} box
   * @param {{gone(address: string): Promise<boolean>, later(work: () => void, pause: number): () => void,
   *   say(text: string): void, title(text: string): void}} page
   */
  constructor(box, page, now = () => Date.now()) {
    Object.assign(this, { box, page, now });
    this.arm();
  }

  arm() {
    this.#forget();
    const left = this.box.dataset.until === undefined ? AGAIN : Date.parse(this.box.dataset.until) - this.now();
    this.#forget = this.page.later(() => this.look(), Math.min(AGAIN, Math.max(1000, left)));
  }

  /** Ask whether it is still there. Without an answer nothing changes. */
  async look() {
    if (this.#over) return;
    if (await this.page.gone(this.box.dataset.shared)) this.end();
    else this.arm();
  }

  /** Take every word off the page, and out of the tab's name. */
  end() {
    if (this.#over) return;
    this.#over = true;
    this.#forget();
    const document = this.box.ownerDocument;
    const note = document.createElement("div");
    note.className = "shared-gone";
    note.setAttribute("role", "status");
    const said = document.createElement("p");
    said.textContent = t("This is no longer shared with you.");
    const link = document.createElement("a");
    link.href = "/shares/";
    link.textContent = t("What else is shared with me");
    note.append(said, link);
    this.box.replaceChildren(note);
    this.page.title(t("No longer shared"));
    this.page.say(said.textContent);
  }
}
