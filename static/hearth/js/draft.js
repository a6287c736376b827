/**
 * What is being written is kept on the server, a second after the last key: <form data-composer data-draft="address">.
 *
 * Whoever writes last is right. A tab that is looked at again shows what was written elsewhere, but for one in which
 * somebody is writing: there only what goes on behind its own words is taken over.
 */

export const PAUSE = 1000; // milliseconds

/**
 * @typedef {{
 *   load(): Promise<string | undefined>,
 *   save(text: string, last: boolean): Promise<boolean>,
 *   later(then: () => void, milliseconds: number): () => void,
 *   changed(): void,
 * }} Doors `save` is told whether the page may be about to go
 */
export class Draft {
  #known; // what the server has
  #own = false; // somebody is writing in this tab
  #held = false; // a question is on its way: what is saved now would come back behind it
  #forget = () => {};
  #saving = Promise.resolve();

  /** @param {HTMLTextAreaElement} area @param {Doors} doors */
  constructor(area, doors) {
    this.area = area;
    this.doors = doors;
    this.#known = area.value;
  }

  typed() {
    this.#own = this.area.value !== "";
    this.#forget();
    this.#forget = this.doors.later(() => this.save(), PAUSE);
  }

  /** Save what is not saved yet. */
  save(last = false) {
    this.#forget();
    const text = this.area.value;
    if (this.#held || text === this.#known) return this.#saving;
    this.#saving = this.#saving.then(async () => {
      if (await this.doors.save(text, last)) this.#known = text;
    });
    return this.#saving;
  }

  /** The tab is looked at again. */
  async seen() {
    const before = this.area.value;
    const text = await this.doors.load();
    if (text === undefined || text === this.area.value || this.#held || this.area.value !== before) return;
    if (this.#own && !text.startsWith(before)) return;
    this.area.value = this.#known = text;
    this.doors.changed();
  }

  /** Resolves once nothing is saved any more: a question can be sent. */
  hold() {
    this.#forget();
    this.#held = true;
    return this.#saving;
  }

  /** The question was taken, and its draft with it. */
  taken() {
    this.#held = this.#own = false;
    this.#known = "";
  }

  /** It was not: what is in the box is still to be kept. */
  refused() {
    this.#held = false;
    this.typed();
  }
}

const KEPT = 20_000; // characters: browsers carry no more than 64 kB for a page that goes

/** What a draft needs of its form. @param {HTMLFormElement} form @param {() => void} changed */
export function doors(form, changed) {
  const address = form.dataset.draft;
  return {
    changed,
    later: (then, milliseconds) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
    load: async () => {
      const response = await fetch(address).catch(() => undefined);
      return response?.ok && !response.redirected ? (await response.json()).text : undefined;
    },
    save: async (text, last) => {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("text", text);
      const keepalive = last && text.length < KEPT;
      const headers = { "X-Hearth-Partial": "thread" };
      return (await fetch(address, { method: "POST", body, headers, keepalive }).catch(() => undefined))?.status === 204;
    },
  };
}
