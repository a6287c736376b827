/** Make one piece of a page read like another, and touch only what differs: focus and selection stay where they are. */

/** @param {Node} here @param {Node} there of the same shape, or another */
export function morph(here, there) {
  if (here.nodeType !== there.nodeType || here.nodeName !== there.nodeName) {
    here.replaceWith(there.cloneNode(true));
    return;
  }
  if (here.nodeType !== 1) {
    if (here.data !== there.data) here.data = there.data;
    return;
  }
  attributes(here, there);
  children(here, there);
}

function attributes(here, there) {
  for (const { name, value } of [...there.attributes]) {
    if (here.getAttribute(name) !== value) here.setAttribute(name, value);
  }
  for (const { name } of [...here.attributes]) {
    if (!there.hasAttribute(name) && !(name === "open" && here.nodeName === "DETAILS")) here.removeAttribute(name);
  }
}

/** Make the children of one element those of another. */
export function children(here, there) {
  const mine = [...here.childNodes];
  const theirs = [...there.childNodes];
  theirs.forEach((node, n) => (n < mine.length ? morph(mine[n], node) : here.append(node.cloneNode(true))));
  for (const node of mine.slice(theirs.length)) node.remove();
}
