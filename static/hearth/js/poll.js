/** Progress: <div data-poll="address"> is filled anew every second while something in it says data-wait. */
export function poll(box, { get, later, shown = () => {} }) {
  const again = async () => {
    if (!box.querySelector("[data-wait]")) return;
    const html = await get(box.dataset.poll);
    if (html !== undefined && html.trim() !== box.innerHTML.trim()) {
      box.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      shown(box);
    }
    later(again);
  };
  later(again);
}
