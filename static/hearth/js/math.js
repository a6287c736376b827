/** A markdown-it plugin: $…$, $$…$$, \(…\) and \[…\] become elements of class `math`, set in type later. */

const PAIRS = [
  ["$$", "$$", true],
  ["\\[", "\\]", true],
  ["\\(", "\\)", false],
  ["$", "$", false],
];

/** @returns {{content: string, end: number, display: boolean} | null} the formula that begins here */
export function formulaAt(source, start) {
  for (const [open, close, display] of PAIRS) {
    if (!source.startsWith(open, start)) continue;
    const end = source.indexOf(close, start + open.length);
    if (end < 0) return null;
    const content = source.slice(start + open.length, end);
    // "$5 and $6" is money: a formula in single dollars touches them, and no digit follows
    const money = open === "$" && (/^\s|\s$/.test(content) || /^\d/.test(source.slice(end + 1)));
    if (!content.trim() || money || content.includes("\n\n")) return null;
    return { content: content.trim(), end: end + close.length, display };
  }
  return null;
}

/** @param {import("markdown-it")} markdown */
export function math(markdown) {
  markdown.inline.ruler.before("escape", "math", (state, silent) => {
    const found = formulaAt(state.src, state.pos);
    if (!found) return false;
    if (!silent) {
      const token = state.push("math", "span", 0);
      token.content = found.content;
      token.meta = { display: found.display };
    }
    state.pos = found.end;
    return true;
  });
  markdown.renderer.rules.math = (tokens, index) => {
    const { content, meta } = tokens[index];
    return `<span class="math${meta.display ? " display" : ""}">${markdown.utils.escapeHtml(content)}</span>`;
  };
}
