/** Notices at a page's top: <div data-notices><section data-notice>…<form data-dismiss method="post"></form></section></div> */

/**
 * @param {HTMLElement} box
 * @param {{get: () => Promise<string | undefined>, post: (form: HTMLFormElement) => Promise<boolean>, parse: (html: string) => Iterable<Node>, shown?: (box: HTMLElement) => void}} page
 * @returns {() => Promise<void>} Ask for the notices as they are now.
 */
export function notices(box, { get, post, parse, shown = () => {} }) {
  box.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-dismiss]")) return;
    event.preventDefault();
    if (await post(form)) form.closest("[data-notice]").remove();
    else form.submit(); // as without scripts: the page that answers says what is wrong
  });
  return async () => {
    const html = await get();
    if (html === undefined) return;
    box.replaceChildren(...parse(html));
    shown(box);
  };
}
