/**
 * Filters while one types: <form data-sift method="get"> … <div data-sifted> holds what the filters change.
 *
 * The address in the bar is that of the list one sees, so that reload and a bookmark show the same. A late answer to an
 * older question is dropped. Where nothing can be got, the form's button still works.
 */
export function sift(form, { get, place, later, fill }) {
  let asked = 0;
  let forget = () => {};
  const ask = async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const address = query.size ? `${form.action}?${query}` : form.action;
    const mine = ++asked;
    const html = await get(address);
    if (html === undefined || mine !== asked) return;
    fill(html);
    place(address);
  };
  form.addEventListener("input", (event) => {
    forget();
    forget = later(ask, event.target.matches("select") ? 0 : 250);
  });
}
