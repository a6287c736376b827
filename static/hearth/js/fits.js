/**
 * Whether a model fits, while one types: <form data-fits="address"> … <div data-fits-of> fields </div> … <div data-fit>.
 *
 * What the fields say goes to the address, and what it gives fills the box: its [data-verdict] is announced when it is
 * another one. `place` hears the address that shows the same on its own. A late answer to an older question is dropped.
 */
export function fits(form, { get, later, fill, say = () => {}, place = () => {} }) {
  let asked = 0;
  let forget = () => {};
  let said;
  const query = () => {
    const names = new Set([...form.querySelectorAll("[data-fits-of] [name]")].map((field) => field.name));
    return new URLSearchParams([...new FormData(form)].filter(([name]) => names.has(name)));
  };
  const ask = async () => {
    const address = `${form.dataset.fits}?${query()}`;
    const mine = ++asked;
    const html = await get(address);
    if (html === undefined || mine !== asked) return;
    const verdict = fill(html);
    if (verdict !== said) say(verdict);
    said = verdict;
    place(address);
  };
  form.addEventListener("input", (event) => {
    if (!event.target.closest("[data-fits-of]")) return;
    forget();
    forget = later(ask, event.target.matches("select, [type=checkbox], [type=radio]") ? 0 : 250);
  });
}
