import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { grown, waiting, paced } from "../../static/hearth/js/answer.js";
import { split } from "../../static/hearth/js/blocks.js";
import { Ids, refusal, sends } from "../../static/hearth/js/composer.js";
import { frames } from "../../static/hearth/js/frames.js";
import { safe } from "../../static/hearth/js/links.js";
import { formulaAt } from "../../static/hearth/js/math.js";
import { CROWDED, Live, SIGNED_OUT } from "../../static/hearth/js/socket.js";

test("blocks end at blank lines, but not inside fences, formulas or lists", () => {
  assert.deepEqual(split("a\n\nb"), ["a", "b"]);
  assert.deepEqual(split("```py\na\n\nb\n```\n\nc"), ["```py\na\n\nb\n```", "c"]);
  assert.deepEqual(split("~~~~\n```\n\n~~~\n~~~~\n\nc"), ["~~~~\n```\n\n~~~\n~~~~", "c"]);
  assert.deepEqual(split("$$\na\n\nb\n$$\n\nc"), ["$$\na\n\nb\n$$", "c"]);
  assert.deepEqual(split("1. a\n\n2. b\n\n   c\n\nd"), ["1. a\n\n2. b\n\n   c", "d"]);
  assert.deepEqual(split("| a |\n| - |\n| b |\n\nc"), ["| a |\n| - |\n| b |", "c"]);
  assert.deepEqual(split("```js\nopen"), ["```js\nopen"]);
  assert.deepEqual(split(""), []);
});

test("a growing text only ever changes its last block", () => {
  const text = "# T\n\nword word\n\n```js\nlet a = 1;\n\nlet b;\n```\n\n- x\n- y\n\nend $a$ and\n\n$$\nz\n$$\n";
  let before = [];
  for (let n = 1; n <= text.length; n++) {
    const now = split(text.slice(0, n));
    for (let i = 0; i < Math.min(before.length, now.length) - 1; i++) assert.equal(now[i], before[i]);
    assert.ok(now.length >= before.length - 1);
    before = now;
  }
});

test("words told again change nothing, and a gap is noticed", () => {
  assert.equal(grown("abc", 3, "de"), "abcde");
  assert.equal(grown("abcde", 3, "de"), "abcde");
  assert.equal(grown("abc", 0, "xyz"), "xyz");
  assert.equal(grown("abc", 4, "e"), null);
  assert.equal(grown("🔥", 2, "!"), "🔥!");
});

test("waiting is said in words", () => {
  assert.equal(waiting(0, null), "Your turn is next …");
  assert.equal(waiting(1, null), "1 ahead of you");
  assert.equal(waiting(3, 20.4), "3 ahead of you · about 20 s");
  assert.equal(waiting(9, 150), "9 ahead of you · about 3 min");
});

test("only web and mail addresses are links", () => {
  for (const good of ["https://example.org/a?b=c#d", "http://example.org", "mailto:ada@example.org", "HTTPS://EXAMPLE.org"]) {
    assert.notEqual(safe(good), null, good);
  }
  const schemes = ["javascript", "JaVaScRiPt", "data", "vbscript", "file", "blob", "ftp", "chrome", "view-source", "ws"];
  const joints = [":", "\t:", "\n:", "&colon;", "%3A", ":\u0000", "\u200b:", ": "];
  for (const scheme of schemes) for (const joint of joints) for (const rest of ["alert(1)", "//x/%0aalert(1)", "text/html,x"]) {
    assert.equal(safe(`${scheme}${joint}${rest}`), null, `${scheme}${joint}${rest}`);
  }
  for (const bad of ["", "//evil.example", "/relative", "#x", "http:", "https://", "java\nscript:x", "http://a b", "ht\ttp://a", "http:/\\a b"]) {
    assert.equal(safe(bad), null, bad);
  }
});

test("formulas are found and money is not", () => {
  assert.deepEqual(formulaAt("$a+b$", 0), { content: "a+b", end: 5, display: false });
  assert.deepEqual(formulaAt("$$x$$", 0), { content: "x", end: 5, display: true });
  assert.deepEqual(formulaAt("\\(y\\)", 0), { content: "y", end: 5, display: false });
  assert.equal(formulaAt("$5 and $6", 0), null);
  assert.equal(formulaAt("$ a$", 0), null);
  assert.equal(formulaAt("$a", 0), null);
});

test("Enter sends, and nothing else does", () => {
  const key = { key: "Enter", shiftKey: false, isComposing: false, ctrlKey: false, altKey: false };
  assert.equal(sends(key), true);
  assert.equal(sends({ ...key, shiftKey: true }), false);
  assert.equal(sends({ ...key, isComposing: true }), false);
  assert.equal(sends({ ...key, key: "a" }), false);
  assert.equal(refusal("  "), "Write a question first.");
  assert.equal(refusal("x".repeat(200_001)), "The question has 200,001 characters; at most 200,000 can be sent.");
  assert.equal(refusal("x"), "");
});

test("words keep their id until they have arrived, other words get another", () => {
  const ids = new Ids();
  const [composer, edit] = [{}, {}];
  const first = ids.of(composer, "a");
  assert.equal(ids.of(composer, "a"), first);
  assert.notEqual(ids.of(edit, "a"), first);
  const second = ids.of(composer, "a, in other words");
  assert.notEqual(second, first);
  assert.equal(ids.of(composer, "a, in other words"), second);
  ids.arrived(composer);
  assert.notEqual(ids.of(composer, "a, in other words"), second);
});

test("the page handles every frame that the server sends", () => {
  const source = readFileSync("chat/frames.py", "utf8");
  const sent = [...source.matchAll(/ClassVar\[str\] = "([\w.]+)"/g)].map((found) => found[1]);
  assert.deepEqual(Object.keys(frames).sort(), sent.sort());
});

test("a gap makes the page follow again, a joint is acknowledged", () => {
  const calls = [];
  const answer = { length: 3, grow: (at) => at <= 3, end: () => calls.push("end") };
  const page = {
    answer: () => answer,
    seen: (...args) => calls.push(["seen", ...args]),
    followAgain: (id) => calls.push(["again", id]),
    ended: (id) => calls.push(["ended", id]),
  };
  frames["answer.grew"](page, { generation: "g", cursor: "1-0", at: 3, text: "x" });
  frames["answer.grew"](page, { generation: "g", cursor: "2-0", at: 9, text: "x" });
  frames["answer.ended"](page, { generation: "g", length: 4 });
  frames["answer.ended"](page, { generation: "g", length: 3 });
  assert.deepEqual(calls, [["seen", "g", "1-0"], ["again", "g"], ["again", "g"], "end", ["ended", "g"]]);
});

class FakeSocket {
  static all = [];
  constructor() {
    this.readyState = 1;
    this.sent = [];
    FakeSocket.all.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
}

test("a dropped socket comes back and follows from the last word", () => {
  FakeSocket.all = [];
  const timers = [];
  const states = [];
  const later = (work) => timers.push(work);
  const live = new Live({ url: "ws://x", handle: () => {}, changed: (s) => states.push(s), WebSocket: FakeSocket, later });
  FakeSocket.all[0].onopen();
  live.follow("g");
  live.seen("g", "5-0");
  live.seen("g", "6-0");
  timers.shift()();
  FakeSocket.all[0].onclose({ code: 1006 });
  timers.shift()();
  FakeSocket.all[1].onopen();
  assert.deepEqual(FakeSocket.all[0].sent, [
    { type: "follow", generation: "g", after: "0" },
    { type: "seen", generation: "g", cursor: "6-0" },
  ]);
  assert.deepEqual(FakeSocket.all[1].sent, [{ type: "follow", generation: "g", after: "6-0" }]);
  FakeSocket.all[1].onclose({ code: SIGNED_OUT });
  assert.deepEqual([states, timers.length], [["open", "away", "open", "over"], 0]);
});

test("a tab without a place says so, tries three times, and again when somebody looks", () => {
  FakeSocket.all = [];
  const timers = [];
  const said = [];
  const later = (work) => timers.push(work);
  const live = new Live({ url: "ws://x", handle: () => {}, changed: (...words) => said.push(words), WebSocket: FakeSocket, later });
  const shut = () => {
    const socket = FakeSocket.all.at(-1);
    socket.onopen();
    socket.readyState = 3;
    socket.onclose({ code: CROWDED, reason: "Close another." });
  };
  shut();
  for (let tried = 0; tried < 3; tried++) {
    timers.shift()();
    shut();
  }
  assert.deepEqual([said.at(-1), timers.length, FakeSocket.all.length], [["crowded", "Close another."], 0, 4]);
  live.again();
  live.again();
  FakeSocket.all.at(-1).onopen();
  live.again();
  assert.deepEqual([said.at(-1), timers.length, FakeSocket.all.length], [["open"], 0, 5]);
});

test("a growing answer is drawn at once, and then at most once in so many milliseconds", () => {
  let clock = 1000;
  const waits = [];
  const paces = paced(80, () => clock, (work, wait) => (waits.push(wait), work()), (work) => work());
  const drawn = [];
  paces(() => drawn.push("first"));
  clock += 30;
  paces(() => drawn.push("second"));
  clock += 200;
  paces(() => drawn.push("third"));
  assert.deepEqual(waits, [0, 50, 0]);
  assert.deepEqual(drawn, ["first", "second", "third"]);
});
