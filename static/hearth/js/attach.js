/**
 * Files that go with the question: chosen, dropped or pasted, shown as chips, and sent by the form's own input.
 *
 *   <form data-composer>
 *     <ul data-chips hidden></ul>
 *     <template data-chip><li>…<button data-unfold hidden></button><button data-remove></button></li></template>
 *     <input type="file" name="files" multiple hidden data-files> <button data-attach hidden>
 *   </form>
 */

import { many, number, t } from "./words.js";

export const MOST = 5;
export const LARGEST = 200_000; // bytes of one file

/** @returns {string} a size as Python's File.shown_size says it */
export function sized(bytes) {
  if (bytes < 1000) return many("{n} byte", "{n} bytes", bytes);
  return bytes < 9950 ? `${number(bytes / 1000, 1)} kB` : `${number(Math.round(bytes / 1000))} kB`;
}

/** @returns {string} why these bytes are no text that a model can read, or nothing; the server says the same */
export function unread(name, bytes) {
  if (bytes.length === 0) return `${name} is empty.`;
  const wide = bytes.length > 1 && [0xfeff, 0xfffe].includes((bytes[0] << 8) | bytes[1]);
  if (!wide && bytes.some((byte) => byte < 8 || (byte > 13 && byte < 32 && byte !== 27))) {
    return t("{name} is no text file. Hearth reads text: notes, tables, logs, source code.", { name });
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.trim() === "" ? `${name} is empty.` : "";
  } catch {
    return t("{name} is not text in UTF-8. Save it as UTF-8 and attach it again.", { name });
  }
}

/** @returns {Promise<string>} why this file cannot go with a question, or nothing */
export async function refused(file) {
  if (file.size > LARGEST) return t("{name} has {size}; a file can have at most {most}.", { name: file.name, size: sized(file.size), most: sized(LARGEST) });
  try {
    return unread(file.name, new Uint8Array(await file.arrayBuffer()));
  } catch {
    return t("{name} cannot be read. A folder cannot be attached; choose the files in it.", { name: file.name });
  }
}

const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

/**
 * Add files to those that are held: those that fit, and the first reason where one does not.
 * @returns {Promise<{files: File[], reason: string}>}
 */
export async function joined(held, added) {
  const fresh = added.filter((file) => !held.some((other) => same(file, other)));
  const reasons = await Promise.all(fresh.map(refused));
  const files = [...held, ...fresh.filter((_, index) => !reasons[index])];
  const reason = reasons.find(Boolean) ?? "";
  if (files.length <= MOST) return { files, reason };
  return { files: files.slice(0, MOST), reason: reason || t("These are {n} files; at most {most} go with one question.", { n: files.length, most: MOST }) };
}

/** What distinguishes a question with files from the same words with others. @returns {string} */
export function marks(files) {
  return files.map(({ name, size, lastModified }) => `\n${name} ${size} ${lastModified}`).join("");
}

/** @returns {string} a name for a pasted text that no file here has */
export function pasteName(files) {
  const name = (n) => (n === 1 ? t("pasted text.txt") : t("pasted text {n}.txt", { n }));
  let n = 1;
  while (files.some((file) => file.name === name(n))) n++;
  return name(n);
}

export class Attached {
  #files = [];
  #folded = new WeakMap(); // pasted texts by their file
  #adding = Promise.resolve();

  /** @param {HTMLFormElement} form @param {{complain(reason: string): void, say(text: string): void}} page */
  constructor(form, page) {
    const part = (name) => form.querySelector(`[data-${name}]`);
    this.page = page;
    this.input = part("files");
    this.button = part("attach");
    this.chips = part("chips");
    this.chip = part("chip");
    this.box = part("box");
    if (!this.button) return; // nobody can ask here
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    form.addEventListener("paste", (event) => this.paste(event));
    this.drops(form.ownerDocument);
    if (this.input.files.length) this.add([...this.input.files]); // a browser that came back may have kept them
  }

  get marks() {
    return marks(this.#files);
  }

  /** Resolves once all that was brought has been looked at. */
  get settled() {
    return this.#adding;
  }

  /** Take a long text along as a file, which can be put into the box instead. @returns {boolean} whether it fits */
  fold(text) {
    const file = new File([text], pasteName(this.#files), { type: "text/plain" });
    if (!this.button || this.#files.length >= MOST || file.size > LARGEST || text.trim() === "") return false;
    this.#folded.set(file, text);
    this.add([file]);
    return true;
  }

  /** One after the other, so that none is lost. */
  add(files) {
    this.#adding = this.#adding.then(() => this.#join(files));
  }

  async #join(files) {
    const { files: kept, reason } = await joined(this.#files, files);
    const count = kept.length - this.#files.length;
    this.hold(kept);
    this.page.complain(reason);
    if (count > 0) this.page.say(many("{name} is attached.", "{n} files are attached.", count, { name: kept.at(-1).name }));
  }

  /** These, and no others, go with the question. */
  hold(files) {
    this.#files = files;
    const list = new DataTransfer();
    for (const file of files) list.items.add(file);
    this.input.files = list.files;
    this.chips.hidden = files.length === 0;
    this.chips.replaceChildren(...files.map((file) => this.shown(file)));
  }

  shown(file) {
    const chip = this.chip.content.firstElementChild.cloneNode(true);
    chip.querySelector("[data-name]").textContent = file.name;
    chip.querySelector("[data-size]").textContent = sized(file.size);
    const remove = chip.querySelector("[data-remove]");
    remove.setAttribute("aria-label", t("Remove {name}", { name: file.name }));
    remove.addEventListener("click", () => this.remove(file));
    const unfold = chip.querySelector("[data-unfold]");
    if (unfold) unfold.hidden = !this.#folded.has(file);
    unfold?.addEventListener("click", () => this.unfold(file));
    return chip;
  }

  unfold(file) {
    const text = this.#folded.get(file);
    this.hold(this.#files.filter((other) => other !== file));
    this.page.unfold(text);
  }

  remove(file) {
    const place = this.#files.indexOf(file);
    this.hold(this.#files.filter((other) => other !== file));
    const left = this.chips.querySelectorAll("[data-remove]");
    (left[Math.min(place, left.length - 1)] ?? this.button).focus();
    this.page.complain("");
    this.page.say(`${file.name} is removed.`);
  }

  clear() {
    if (this.#files.length) this.hold([]);
  }

  /** Files alone: where there are words as well, as from a table, the words are meant. */
  paste(event) {
    const { files, types } = event.clipboardData;
    if (files.length === 0 || types.includes("text/plain")) return;
    event.preventDefault();
    this.add([...files]);
  }

  /** Wherever on the page a file is dropped: beside the box it would take the page's place, with what was written. */
  drops(page) {
    const over = (event, here) => {
      if (!event.dataTransfer?.types.includes("Files")) return false;
      event.preventDefault();
      this.box.toggleAttribute("data-over", here);
      return true;
    };
    page.addEventListener("dragover", (event) => over(event, true));
    page.addEventListener("dragleave", (event) => event.relatedTarget === null && over(event, false));
    page.addEventListener("drop", (event) => over(event, false) && this.add([...event.dataTransfer.files]));
  }
}
