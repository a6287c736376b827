/**
 * How long the chat on the page lives.
 *
 *   <div data-life-box>
 *     <details data-life data-left="21600" data-temporary><summary>… <span data-left-words>6 h</span> …</details>
 *   </div>
 *
 * A temporary chat is gone at its end, by the seconds that the server counted. Any other is asked for at its end, again
 * and again: whether it is still there, and until when.
 */
import { many, t } from "./words.js";

const MINUTE = 60_000;
const AGAIN = 20_000; // milliseconds between two questions about a chat whose time is over

/** @returns {string} `6 h`, `42 min`, `5 days`; lifetimes.left_in_words says the same */
export function inWords(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : many("{n} day", "{n} days", Math.round(hours / 24));
}

export class Life {
  #timer;
  #end;
  #over = false;

  /**
   * @param {HTMLElement} box
   * @param {{get(): Promise<{gone: boolean, html?: string}>, post(form: HTMLFormElement): Promise<Response>,
   *   gone(sentence: string): void, shown(): void, say(text: string): void}} page
   */
  constructor(box, page, { now = () => Date.now(), later = (work, pause) => setTimeout(work, pause), drop = (timer) => clearTimeout(timer), parse } = {}) {
    Object.assign(this, { box, page, now, later, drop, parse });
    box.addEventListener("submit", (event) => this.ask(event));
    this.arm();
  }

  get badge() {
    return this.box.querySelector("[data-life]");
  }

  /** Count from what the badge says now. */
  arm() {
    const left = this.badge?.dataset.left;
    this.#end = left === undefined ? undefined : this.now() + Number(left) * 1000;
    this.tick();
  }

  tick() {
    this.drop(this.#timer);
    if (this.#over || this.#end === undefined) return;
    const left = this.#end - this.now();
    const words = this.badge.querySelector("[data-left-words]");
    if (words) words.textContent = inWords(Math.max(0, left) / 1000);
    if (left > 0) this.#timer = this.later(() => this.tick(), Math.min(left, MINUTE));
    else if (this.badge.dataset.temporary !== undefined) this.end(t("This temporary chat is gone."));
    else this.#timer = this.later(() => this.look(), AGAIN);
  }

  /** Ask whether the chat is there, and for how long. Without an answer nothing changes. */
  async look() {
    if (this.#over) return;
    const { gone, html } = await this.page.get();
    if (gone) this.end(t("This chat is gone."));
    else if (html === undefined) this.tick();
    else this.show(html);
  }

  /** Show another badge, open as the one before; what somebody writes in it stays. */
  show(html) {
    if (this.#over || this.box.querySelector("textarea")?.value) return this.tick();
    const open = this.badge.open;
    this.box.replaceChildren(...this.parse(html).body.childNodes);
    this.badge.open = open;
    this.page.shown();
    this.arm();
  }

  /** Asking to keep the chat longer: the badge that comes back says that it was asked. */
  async ask(event) {
    event.preventDefault();
    const form = event.target;
    const response = await this.page.post(form).catch(() => undefined);
    const html = await response?.text();
    if (!response?.ok) return this.refuse(form, html);
    form.reset();
    this.show(html);
    this.page.say(t("You have asked to keep this chat longer."));
    this.badge.querySelector("summary").focus();
  }

  refuse(form, html) {
    const note = form.querySelector("[data-refused]");
    const reason = html && this.parse(html).querySelector(".refusal, .lead")?.textContent;
    note.textContent = reason || t("Hearth cannot be reached. Your reason is still here; try again.");
    note.hidden = false;
  }

  end(sentence) {
    if (this.#over) return;
    this.#over = true;
    this.drop(this.#timer);
    this.page.gone(sentence);
  }
}
