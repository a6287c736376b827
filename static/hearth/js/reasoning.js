/**
 * What a model thinks before it answers stands between marks: <think> … </think> and the like. It is drawn folded, and
 * is no part of the answer that is copied.
 */

const NAMES = ["think", "thinking", "thought", "reasoning"];
const MARKS = NAMES.flatMap((name) => [[`<${name}>`, `</${name}>`], [`◁${name}▷`, `◁/${name}▷`]]);
MARKS.push(["[THINK]", "[/THINK]"]);
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/**
 * @typedef {{thought: boolean, text: string, open: boolean}} Part `open`: its end has not been written yet
 * @param {string} source @returns {Part[]} thoughts and words in their order, none of them empty
 */
export function parts(source) {
  const found = [];
  let rest = headless(source, found);
  for (let mark = opening(rest); mark; mark = opening(rest)) {
    words(found, rest.slice(0, mark.at));
    const inside = rest.slice(mark.at + mark.open.length);
    const end = inside.indexOf(mark.close);
    found.push({ thought: true, text: (end < 0 ? inside : inside.slice(0, end)).trim(), open: end < 0 });
    rest = end < 0 ? "" : inside.slice(end + mark.close.length);
  }
  if (found.length === 0 && begins(rest)) return [];
  words(found, rest);
  return found.filter((part) => part.text || part.open);
}

/** @param {string} source @returns {string} the answer without what was thought before it */
export function spoken(source) {
  const found = parts(source);
  if (!found.some((part) => part.thought)) return source;
  return found.filter((part) => !part.thought).map((part) => part.text).join("\n\n");
}

function words(found, text) {
  const trimmed = text.replace(/^\s*\n/, "").trimEnd();
  if (trimmed) found.push({ thought: false, text: trimmed, open: false });
}

/** Some templates write the first mark themselves: then the text begins inside of a thought. */
function headless(source, found) {
  for (const [open, close] of MARKS) {
    const end = source.indexOf(`\n${close}`) + 1 || (source.startsWith(close) ? 0 : -1);
    if (end < 0 || source.slice(0, end).includes(open) || fenced(source.slice(0, end))) continue;
    const text = source.slice(0, end).trim();
    if (text) found.push({ thought: true, text, open: false });
    return source.slice(end + close.length);
  }
  return source;
}

/** Where a thought begins: at the beginning of a line, outside of code. */
function opening(text) {
  let at = 0;
  let fence = null;
  for (const line of text.split("\n")) {
    const mark = MARKS.find(([open]) => line.trimStart().startsWith(open));
    if (fence === null && mark) return { at: at + line.indexOf(mark[0]), open: mark[0], close: mark[1] };
    fence = after(line, fence);
    at += line.length + 1;
  }
  return null;
}

function after(line, fence) {
  const found = FENCE.exec(line)?.[1];
  if (!found) return fence;
  if (fence === null) return found;
  return found[0] === fence[0] && found.length >= fence.length ? null : fence;
}

function fenced(text) {
  return text.split("\n").reduce((fence, line) => after(line, fence), null) !== null;
}

/** Whether a text that has only begun may become a mark: it is not drawn until that is known. */
function begins(text) {
  const start = text.trim();
  return start.length > 1 && MARKS.some(([open]) => open.length > start.length && open.startsWith(start));
}
