import assert from "node:assert/strict";
import { test } from "node:test";
import { ending } from "../../static/hearth/js/answer.js";
import { csv } from "../../static/hearth/js/csv.js";
import { plain } from "../../static/hearth/js/plain.js";
import { quoted } from "../../static/hearth/js/quote.js";
import { parts, spoken } from "../../static/hearth/js/reasoning.js";
import { title } from "../../static/hearth/js/thought.js";

const thought = (text, open = false) => ({ thought: true, text, open });
const words = (text) => ({ thought: false, text, open: false });

test("what stands between the usual marks is a thought, and the rest is the answer", () => {
  assert.deepEqual(parts("<think>\nhm\n</think>\n\nYes."), [thought("hm"), words("Yes.")]);
  assert.deepEqual(parts("<thinking>hm</thinking> Yes."), [thought("hm"), words(" Yes.")]);
  assert.deepEqual(parts("<reasoning>\na\n\nb</reasoning>\nYes."), [thought("a\n\nb"), words("Yes.")]);
  assert.deepEqual(parts("◁think▷hm◁/think▷Yes."), [thought("hm"), words("Yes.")]);
  assert.deepEqual(parts("Yes."), [words("Yes.")]);
  assert.deepEqual(parts(""), []);
});

test("a thought that is still written is open, and one without a first mark is a thought all the same", () => {
  assert.deepEqual(parts("<think>\nhm"), [thought("hm", true)]);
  assert.deepEqual(parts("<think>"), [thought("", true)]);
  assert.deepEqual(parts("hm, well\n</think>\n\nYes."), [thought("hm, well"), words("Yes.")]);
  assert.deepEqual(parts("<think></think>\n\nYes."), [words("Yes.")]);
});

test("a mark that has only begun is not drawn", () => {
  assert.deepEqual(parts("<thi"), []);
  assert.deepEqual(parts("<"), [words("<")]);
  assert.deepEqual(parts("<this"), [words("<this")]);
});

test("marks in a line or in code are words", () => {
  for (const text of ["The tag `<think>` opens.", "```html\n<think>\nx\n</think>\n```", "```\nx\n</think>\n```"]) {
    assert.deepEqual(parts(text), [words(text)]);
  }
});

test("a growing thought changes the last part alone, until words follow it", () => {
  const text = "<think>\none\n\ntwo\n</think>\n\nYes.\n\nNo.";
  for (let n = 9; n <= text.length; n++) {
    const now = parts(text.slice(0, n));
    assert.equal(now[0].thought, true, text.slice(0, n));
    assert.ok(now.length <= 2);
  }
});

test("what is copied leaves thoughts out and everything else as it is", () => {
  assert.equal(spoken("<think>hm</think>\n\n# Yes\n\nso"), "# Yes\n\nso");
  assert.equal(spoken("  as it is  \n"), "  as it is  \n");
});

test("a thought says how long it took where that is known", () => {
  assert.equal(title(true, null), "Thinking …");
  assert.equal(title(false, null), "Reasoning");
  assert.equal(title(false, 0), "Thought for 1 second");
  assert.equal(title(false, 12), "Thought for 12 seconds");
  assert.equal(title(false, 130), "Thought for 2 minutes");
});

test("a table is written as RFC 4180 says", () => {
  assert.equal(csv([["a", 'say "x"'], ["1,5", "two\nlines"]]), 'a,"say ""x"""\r\n"1,5","two\nlines"\r\n');
});

test("no cell is a formula", () => {
  for (const sign of ["=", "+", "-", "@", "\t"]) assert.equal(csv([[`${sign}1`]]).startsWith(`'${sign}1`), true, sign);
  assert.equal(csv([['=HYPERLINK("x")']]), `"'=HYPERLINK(""x"")"\r\n`);
  assert.equal(csv([["a=1"]]), "a=1\r\n");
});

test("a quotation stands behind what was written, line by line", () => {
  assert.equal(quoted("one\ntwo", ""), "> one\n> two\n\n");
  assert.equal(quoted(" one\n\n\n\ntwo ", "My words"), "My words\n\n> one\n>\n> two\n\n");
});

test("how an answer has ended is said in one sentence", () => {
  assert.equal(ending("done", false), "The answer is complete.");
  assert.equal(ending("stopped", true), "The answer was stopped. The next one is being written.");
  assert.equal(ending(undefined, false), "The answer is complete.");
});

/** Just enough of a document. */
const text = (words) => ({ nodeType: 3, nodeName: "#text", textContent: words, childNodes: [] });
function node(name, ...children) {
  const childNodes = children.map((one) => (typeof one === "string" ? text(one) : one));
  return {
    nodeType: 1,
    nodeName: name.toUpperCase(),
    childNodes,
    get textContent() {
      return childNodes.map((one) => one.textContent).join("");
    },
  };
}

test("what is drawn becomes text without signs", () => {
  const drawn = node(
    "div",
    node("h2", "Oak"),
    "\n",
    node("p", "It ", node("em", "burns"), "\n", node("strong", "slowly"), "."),
    node("ul", node("li", "one"), node("li", "two", node("ol", node("li", "a"), node("li", "b")))),
    node("table", "\n", node("tr", "\n", node("th", "x"), "\n", node("th", "y")), "\n", node("tr", node("td", "1"), node("td", "2"))),
    node("button", "Copy"),
    node("pre", "a\n  b\n"),
  );
  assert.equal(plain(drawn), "Oak\n\nIt burns slowly.\n\n- one\n- two\n  1. a\n  2. b\n\nx\ty\n1\t2\n\na\n  b");
});
