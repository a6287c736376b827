/** Splits Markdown at blank lines outside fences, mathematics and lists, so that only the last block is ever redrawn. */

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const LIST = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

/** @param {string} source @returns {string[]} the blocks; joined with a blank line each they say the same */
export function split(source) {
  const blocks = [];
  let block = [];
  let fence = null;
  let math = null;
  let pending = false; // a blank line was seen; the next line decides whether it was a boundary
  for (const line of source.split("\n")) {
    const free = fence === null && math === null;
    if (free && line.trim() === "") {
      pending = block.length > 0;
      if (pending) block.push(line);
      continue;
    }
    const inList = block.length > 0 && LIST.test(block[0]);
    if (pending && free && !(inList && (LIST.test(line) || /^\s/.test(line)))) {
      blocks.push(block.join("\n").trimEnd());
      block = [];
    }
    pending = false;
    block.push(line);
    [fence, math] = after(line, fence, math);
  }
  const rest = block.join("\n").trimEnd();
  if (rest) blocks.push(rest);
  return blocks;
}

/** What is open behind this line. */
function after(line, fence, math) {
  const found = FENCE.exec(line);
  if (fence !== null) {
    const closes = found && found[1][0] === fence[0] && found[1].length >= fence.length && found[2].trim() === "";
    return [closes ? null : fence, null];
  }
  const text = line.trim();
  if (math !== null) return [null, text.endsWith(math) ? null : math];
  if (found && !(found[1][0] === "`" && found[2].includes("`"))) return [found[1], null];
  if (text.startsWith("$$")) return [null, text.length > 3 && text.endsWith("$$") ? null : "$$"];
  if (text.startsWith("\\[")) return [null, text.endsWith("\\]") ? null : "\\]"];
  return [null, null];
}
