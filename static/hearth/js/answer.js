/**
 * One answer on the page.
 *
 *   <article data-generation data-state data-live> … <div data-prose>source</div> … </article>
 */
import { number, t } from "./words.js";

/** @returns {string | null} the text with `piece` at an offset, or null when something between is missing */
export function grown(text, at, piece) {
  return at > text.length ? null : text.slice(0, at) + piece;
}

/** @param {number} ahead @param {number | null} seconds */
export function waiting(ahead, seconds) {
  if (ahead === 0) return t("Your turn is next …");
  const place = t("{n} ahead of you", { n: ahead });
  if (seconds === null) return place;
  const time = seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
  return `${place} · ${t("about {time}", { time })}`;
}

/** What is said to those who listen when an answer has ended. @param {boolean} more another one is written already */
export function ending(state, more) {
  const said = {
    stopped: t("The answer was stopped."),
    failed: t("The answer could not be written."),
    interrupted: t("The answer was interrupted."),
  };
  return `${said[state] ?? t("The answer is complete.")}${more ? ` ${t("The next one is being written.")}` : ""}`;
}

const CALM = 80; // milliseconds between two drawings of a growing answer: nobody reads faster

/** Have work done on a frame, at most once in so many milliseconds. */
export function paced(milliseconds, now = () => performance.now(), later = setTimeout, frame = requestAnimationFrame) {
  let last = -Infinity;
  const begin = (work) => {
    last = now();
    work();
  };
  return (work) => later(() => frame(() => begin(work)), Math.max(0, last + milliseconds - now()));
}

export class Answer {
  /** @param {HTMLElement} element @param {new (element: HTMLElement) => {show(source: string): void}} Prose */
  constructor(element, Prose, nextFrame = paced(CALM)) {
    this.element = element;
    this.nextFrame = nextFrame;
    this.id = element.dataset.generation;
    this.text = this.part("prose").textContent;
    this.prose = new Prose(this.part("prose"));
    this.drawing = false;
    this.prose.show(this.text);
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  get live() {
    return this.element.hasAttribute("data-live");
  }

  /** Whether another answer has to end first. */
  get follows() {
    const live = [...(this.element.closest("[data-thread]")?.querySelectorAll("[data-live]") ?? [])];
    return live.indexOf(this.element) > 0 && !this.element.closest("[data-pair]");
  }

  get length() {
    return this.text.length;
  }

  queue(ahead, seconds) {
    const note = this.part("waiting");
    note.hidden = false;
    note.textContent = this.follows ? t("It is answered when the answer above has ended.") : waiting(ahead, seconds);
  }

  start(model, leftOut) {
    this.element.dataset.state = "running";
    this.part("model").textContent = model;
    const note = this.part("waiting");
    note.hidden = this.text !== "";
    note.textContent = t("Reading your question …");
    this.part("left-out").hidden = !leftOut;
    this.part("left-out-count").textContent = String(leftOut);
  }

  /** @returns {boolean} whether the words joined what is there */
  grow(at, piece) {
    const text = grown(this.text, at, piece);
    if (text === null) return false;
    this.text = text;
    this.part("waiting").hidden = true;
    this.element.dataset.state = "running";
    if (!this.drawing) {
      this.drawing = true;
      this.nextFrame(() => this.draw());
    }
    return true;
  }

  draw() {
    this.drawing = false;
    this.prose.show(this.text);
  }

  end({ state, reason, tokens_per_second: rate, output_tokens: tokens, cut }) {
    this.draw();
    this.element.dataset.state = state;
    this.element.removeAttribute("data-live");
    this.element.removeAttribute("aria-busy");
    this.element.toggleAttribute("data-cut", cut);
    this.part("waiting").hidden = true;
    this.part("reason").hidden = !reason;
    this.part("reason").textContent = t(reason);
    if (rate) this.part("meta").textContent = t("{tokens} tokens · {rate} tokens/s", { tokens, rate: number(rate, 1) });
  }
}
