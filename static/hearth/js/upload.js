/**
 * One file on its way to the server, in pieces that each say where they belong.
 *
 * The server knows how much of it is there, under the file's name and size: after a pause, a reload or a lost connection
 * it goes on behind that. A connection that is lost is tried again, with longer pauses each time.
 */
import { many, number, t } from "./words.js";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds
const OVER = t("Your session is over, or you may not upload any more. Sign in and choose the file again: what is here is kept.");
const AWAY = t("The connection is lost; it goes on by itself.");
const GIVEN_UP = t("The server cannot be reached. What is here is kept: try again later.");

/** @returns {string} bytes as the server says them */
export function shownSize(size) {
  for (const [unit, factor] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
    if (size >= factor) return `${number(size / factor, size < 10 * factor ? 1 : 0)} ${unit}`;
  }
  return many("{n} byte", "{n} bytes", size);
}

export class Upload {
  received = 0;
  #place;
  #cut = new AbortController();
  #stopped = false;

  /**
   * @param {File} file
   * @param {{begin: string, token: string, fetch: typeof fetch, later(ms: number): Promise<void>,
   *   grew(received: number): void, say(words: string, more?: {wrong: boolean}): void}} page
   */
  constructor(file, page) {
    this.file = file;
    this.page = page;
  }

  /** Where its pieces go, once the server knows of it. */
  get address() {
    return this.#place?.address;
  }

  /** Stop after what is under way; `run` goes on from there. */
  pause() {
    this.#stopped = true;
    this.#cut.abort();
  }

  /** Send it until it is whole, is paused, or cannot go on. @returns {Promise<{whole?: true, why?: string}>} */
  async run() {
    this.#stopped = false;
    this.#cut = new AbortController();
    for (let tries = 0; !this.#stopped; ) {
      const before = this.#place ? this.received : -1;
      const outcome = await this.#step().catch(() => undefined);
      if (this.#stopped) break;
      if (outcome?.whole || outcome?.why) return outcome;
      if (outcome) {
        tries = this.received > before ? 0 : tries + 1;
      } else {
        this.page.say(AWAY, { wrong: true });
        tries += 1;
      }
      if (tries > PAUSES.length) return { why: GIVEN_UP };
      if (tries) await this.page.later(1000 * PAUSES[tries - 1]);
    }
    return {};
  }

  /** Give it up, here and on the server. */
  async cancel() {
    this.pause();
    if (this.#place) await this.#send(`${this.#place.address}cancel/`, { method: "POST" }).catch(() => undefined);
  }

  async #step() {
    const response = this.#place ? await this.#piece() : await this.#begin();
    if (response.redirected || response.status === 403 || response.status === 404) return { why: OVER };
    if (response.status >= 500) return undefined;
    const told = await response.json();
    if (told.why) return { why: told.why };
    this.#place ??= told;
    this.received = told.received;
    this.page.grew(this.received);
    return told.whole ? { whole: true } : {};
  }

  #begin() {
    const body = new URLSearchParams({ name: this.file.name, size: String(this.file.size) });
    return this.#send(this.page.begin, { method: "POST", body });
  }

  #piece() {
    const { address, token, piece } = this.#place;
    const [first, end] = [this.received, Math.min(this.received + piece, this.file.size)];
    const headers = { "Content-Range": `bytes ${first}-${end - 1}/${this.file.size}`, "X-Hearth-Upload": token };
    return this.#send(address, { method: "PUT", headers, body: this.file.slice(first, end), signal: this.#cut.signal });
  }

  #send(address, { headers = {}, ...init }) {
    return this.page.fetch(address, { ...init, headers: { ...headers, "X-CSRFToken": this.page.token } });
  }
}
