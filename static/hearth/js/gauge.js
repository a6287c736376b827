/** How full a chat is: <div data-gauge="address">…</div> is asked for anew whenever an answer has ended. */

/** @param {HTMLElement} box @param {{thread: HTMLElement, get: (address: string) => Promise<string | undefined>}} parts */
export function gauge(box, { thread, get, parse }) {
  let asked = 0;
  async function look() {
    const turn = ++asked;
    const html = await get(box.dataset.gauge);
    if (html !== undefined && turn === asked) box.replaceChildren(...parse(html));
  }
  thread.addEventListener("hearth:ended", look);
  let first = true; // the page has come with it
  thread.addEventListener("hearth:mounted", () => (first ? (first = false) : look()));
}
