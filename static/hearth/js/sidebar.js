/**
 * The list of chats: it goes on at its end, and is read anew when something in it is otherwise.
 *
 *   <div data-sidebar>
 *     <details data-projects>…</details>
 *     <section class="group"><h2>Today</h2><ul>
 *       <li data-row><a data-conversation="…" data-unread>…</a> <button data-row-more>⋯</button></li></ul></section>
 *     <a data-more href="/sidebar/?page=2">Older chats</a>
 *   </div>
 *
 * All pages that are there are read at once, so that nothing is missing or there twice. Focus and place stay; a list in
 * which somebody renames a chat, or has a menu open, waits.
 */
import { parsed } from "./post.js";

const SOON = 400; // milliseconds: an answer's end and its being seen are one change
const MOST = 10; // pages at once; what is behind them comes by its end again

export class Sidebar {
  #timer;
  #pages = 1;
  #stale = false;
  #last;

  /**
   * @param {HTMLElement} list
   * @param {{get(address: string): Promise<string | undefined>, current(): string | undefined, hidden(): boolean,
   *   busy(): boolean, shown(root: Node): void, reach(link: Element, come: () => void): void, kept?: Storage}} page
   */
  constructor(list, page, { later = (work, pause) => setTimeout(work, pause), drop = (timer) => clearTimeout(timer) } = {}) {
    Object.assign(this, { list, page, later, drop });
    list.addEventListener("toggle", ({ target }) => this.#fold(target), true);
    this.#unfold();
    this.#watch();
  }

  /** Something is otherwise: look soon, or once somebody looks. */
  changed() {
    this.#stale = true;
    this.drop(this.#timer);
    if (!this.page.hidden()) this.#timer = this.later(() => this.read(), SOON);
  }

  /** Somebody looks at the page again. */
  looked() {
    if (this.#stale) this.changed();
  }

  async read() {
    if (this.page.busy()) return this.changed();
    this.#stale = false;
    const html = await this.page.get(`/sidebar/?pages=${Math.min(this.#pages, MOST)}`);
    if (html === undefined) return;
    if (this.page.busy()) return this.changed();
    if (html !== this.#last) this.show(html);
  }

  show(html) {
    const focus = this.#focus();
    const top = this.list.scrollTop;
    this.#last = html;
    this.#pages = Math.min(this.#pages, MOST);
    this.list.replaceChildren(...parsed(html).body.childNodes);
    this.#unfold();
    this.#mark();
    this.page.shown(this.list);
    focus?.()?.focus();
    this.list.scrollTop = top;
    this.#watch();
  }

  /** The chat on the page is the current one in the list. */
  #mark() {
    const chat = this.page.current();
    if (chat) this.row(chat)?.setAttribute("aria-current", "page");
  }

  row(chat) {
    return this.list.querySelector(`[data-conversation="${CSS.escape(chat)}"]`);
  }

  /** @returns {(() => Element | null) | undefined} what finds again what has the focus now */
  #focus() {
    const here = this.list.ownerDocument.activeElement;
    if (!here || !this.list.contains(here)) return undefined;
    const chat = here.closest("[data-row]")?.querySelector("[data-conversation]").dataset.conversation;
    if (chat) return () => (here.matches("button") ? this.row(chat)?.parentElement.querySelector("button") : this.row(chat));
    if (here.matches("summary")) return () => this.list.querySelector("[data-projects] summary");
    const address = here.getAttribute("href");
    return () => this.list.querySelector(`a[href="${CSS.escape(address)}"]`);
  }

  #fold(details) {
    if (details.matches("[data-projects]")) this.page.kept?.setItem("projects", details.open ? "open" : "shut");
  }

  #unfold() {
    const details = this.list.querySelector("[data-projects]");
    if (details && this.page.kept?.getItem("projects") === "shut") details.open = false;
  }

  #watch() {
    const link = this.list.querySelector("[data-more]");
    if (link) this.page.reach(link, () => this.more(link));
  }

  /** Let the next page follow. One that cannot be had is a link as before. */
  async more(link) {
    const html = await this.page.get(link.href);
    if (html === undefined || !link.isConnected) return;
    const body = parsed(html).body;
    this.#pages += 1;
    joined(link.previousElementSibling, body.querySelector(".group"));
    link.replaceWith(...body.childNodes);
    this.#mark();
    this.page.shown(this.list);
    this.#watch();
  }
}

/** Chats of one day that come in two pages stand below one heading. */
function joined(last, first) {
  const heading = (group) => group?.querySelector("h2")?.textContent;
  if (!first || heading(last) === undefined || heading(last) !== heading(first)) return;
  last.querySelector("ul").append(...first.querySelectorAll("li"));
  first.remove();
}

/**
 * Say that the end of an answer was seen, where it was: <form data-seen data-unread action="/chats/…/seen/" hidden>.
 *
 * @returns {{look(): void, again(): void}} `look`: somebody may be looking; `again`: there is something new to be seen
 */
export function seeing(form, { post, hidden }) {
  let unseen = form?.dataset.unread !== undefined;
  const look = async () => {
    if (!form || !unseen || hidden()) return;
    unseen = false;
    await post(form).catch(() => (unseen = true));
  };
  const again = () => {
    unseen = true;
    look();
  };
  look();
  return { look, again };
}
