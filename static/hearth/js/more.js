/** Endless scroll: <li data-more><a href="…">More</a></li> at a list's end is replaced by what its link gives. */
export function endless(list, { get, seen, added }) {
  const watch = () => {
    const more = list.querySelector("[data-more]");
    if (more) seen(more, () => load(more));
  };
  const load = async (more) => {
    const link = more.querySelector("a");
    const html = await get(link.href);
    if (html === undefined) return; // the link is still there to be followed
    const rows = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelectorAll("ol > li");
    const hadFocus = more.contains(document.activeElement);
    more.replaceWith(...rows);
    if (hadFocus) rows[0]?.querySelector("summary, a, button")?.focus();
    added(rows.length);
    watch();
  };
  watch();
}
