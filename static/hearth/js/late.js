/**
 * What takes a while: <div data-late="address" aria-busy="true">…</div> is filled with what the address gives, once the
 * page is there. Where nothing can be got, what stands in it stays: a link to the same.
 */
export async function late(box, { get, parse }) {
  const html = await get(box.dataset.late);
  if (html !== undefined) box.replaceChildren(...parse(html));
  box.removeAttribute("aria-busy");
}
