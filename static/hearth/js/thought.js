/**
 * What a model thought before it answered, folded: <details class="thought"> <summary> <div> </details>. How long it
 * took is known where its first words were seen to come.
 */
import { many, t } from "./words.js";

const BEGINNING = 200; // characters: who sees more at once has come later

export class Thought {
  /** @param {new (element: HTMLElement) => {show(source: string): void}} Prose */
  constructor(Prose, clock = () => performance.now()) {
    this.clock = clock;
    this.element = document.createElement("details");
    this.element.className = "thought";
    this.summary = document.createElement("summary");
    const body = document.createElement("div");
    this.element.append(this.summary, body);
    this.prose = new Prose(body);
    this.element.addEventListener("toggle", () => this.draw());
    this.began = this.seconds = null;
    this.text = "";
  }

  /** @param {import("./reasoning.js").Part} part */
  show({ text, open }) {
    if (open && this.open === undefined && text.length < BEGINNING) this.began = this.clock();
    if (!open && this.open && this.began !== null) this.seconds = Math.round((this.clock() - this.began) / 1000);
    this.open = open;
    this.text = text;
    this.element.toggleAttribute("data-open", open);
    this.summary.textContent = title(open, this.seconds);
    this.draw();
  }

  /** What grows and is folded is not drawn: nobody sees it. */
  draw() {
    if (this.element.open || !this.open) this.prose.show(this.text);
  }
}

/** @param {boolean} open @param {number | null} seconds @returns {string} */
export function title(open, seconds) {
  if (open) return t("Thinking …");
  if (seconds === null) return t("Reasoning");
  if (seconds < 100) return many("Thought for {n} second", "Thought for {n} seconds", Math.max(1, seconds));
  return many("Thought for {n} minute", "Thought for {n} minutes", Math.round(seconds / 60));
}
