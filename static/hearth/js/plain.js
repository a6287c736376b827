/** What is drawn, as text that any box takes: lists with their signs, cells between tabs, code as it is. */

// Between the parts of these, white space is how the source was written.
const FRAMES = new Set(["TABLE", "THEAD", "TBODY", "TR", "UL", "OL", "DIV", "BLOCKQUOTE"]);
const BLOCKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "BLOCKQUOTE", "PRE", "TABLE", "HR"]);

/** @param {Node} root @returns {string} */
export function plain(root) {
  return inside(root, "").replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
}

function inside(node, indent) {
  const parts = [...node.childNodes].filter((one) => !(FRAMES.has(node.nodeName) && one.nodeType === 3 && !one.textContent.trim()));
  return parts.map((child) => said(child, indent)).join("");
}

function said(node, indent) {
  if (node.nodeType === 3) return node.textContent.replace(/\s+/g, " ");
  if (node.nodeType !== 1 || skipped(node)) return "";
  const name = node.nodeName;
  if (node.classList?.contains("katex")) return node.querySelector("annotation")?.textContent ?? node.textContent;
  if (name === "BR") return "\n";
  if (name === "PRE") return `\n\n${node.textContent.replace(/\n$/, "")}\n\n`;
  if (name === "UL" || name === "OL") return `${indent ? "\n" : "\n\n"}${items(node, indent)}${indent ? "" : "\n\n"}`;
  if (name === "TR") return `${[...node.childNodes].filter((one) => one.nodeType === 1).map((one) => inside(one, "").trim()).join("\t")}\n`;
  if (name === "TABLE") return `\n\n${inside(node, indent).replace(/^\s+$/gm, "")}\n\n`;
  if (name === "A") return linked(node, indent);
  return BLOCKS.has(name) ? `\n\n${inside(node, indent)}\n\n` : inside(node, indent);
}

/** What belongs to the page, and what was thought. */
function skipped(node) {
  return node.nodeName === "BUTTON" || ["code-bar", "thought"].some((name) => node.classList?.contains(name));
}

function items(list, indent) {
  const own = [...list.childNodes].filter((one) => one.nodeName === "LI");
  const start = Number(list.getAttribute?.("start") ?? 1);
  return own
    .map((one, n) => `${indent}${list.nodeName === "OL" ? `${start + n}. ` : "- "}${inside(one, `${indent}  `).trim()}`)
    .join("\n");
}

function linked(link, indent) {
  const text = inside(link, indent);
  const address = link.getAttribute?.("href") ?? "";
  return !address || text === address ? text : `${text} (${address})`;
}
