import assert from "node:assert/strict";
import { test } from "node:test";
import { Life, inWords } from "../../static/hearth/js/life.js";
import { localise, said } from "../../static/hearth/js/local.js";
import { pinning } from "../../static/hearth/js/pin.js";

/** A box with a badge, a clock and a page, of which the test holds the hands. */
function scene({ left, temporary = false, answers = [] }) {
  const words = { textContent: "" };
  const badge = (dataset) => ({
    dataset,
    open: false,
    querySelector: (selector) => (selector === "[data-left-words]" && dataset.temporary !== undefined ? words : { focus() {} }),
  });
  const first = { ...(left === undefined ? {} : { left: String(left) }), ...(temporary ? { temporary: "" } : {}) };
  const state = { at: 0, timers: [], said: [], words, typed: "", badge: badge(first), asked: 0 };
  const box = {
    addEventListener: (_, handler) => (state.submit = handler),
    querySelector: (selector) => (selector === "textarea" ? { value: state.typed } : state.badge),
    replaceChildren: (next) => (state.badge = badge(next)),
  };
  const page = {
    get: async () => {
      state.asked++;
      return answers.shift() ?? { gone: false };
    },
    post: async () => state.reply,
    gone: (sentence) => state.said.push(sentence),
    shown: () => {},
    say: (text) => state.said.push(text),
  };
  const clock = {
    now: () => state.at,
    later: (work, pause) => state.timers.push({ work, pause }) && state.timers.at(-1),
    drop: (timer) => (state.timers = state.timers.filter((other) => other !== timer)),
    parse: (html) => ({ body: { childNodes: [html] }, querySelector: () => ({ textContent: html }) }),
  };
  state.life = new Life(box, page, clock);
  state.pass = async () => {
    const timer = state.timers.shift();
    state.at += timer.pause;
    await timer.work();
  };
  return state;
}

test("a temporary chat counts down each minute and is gone at its end, without a question", async () => {
  const scenery = scene({ left: 130, temporary: true });
  assert.equal(scenery.words.textContent, "3 min");
  await scenery.pass();
  assert.equal(scenery.words.textContent, "2 min");
  await scenery.pass();
  await scenery.pass();
  assert.deepEqual([scenery.at, scenery.said, scenery.timers, scenery.asked], [130_000, ["This temporary chat is gone."], [], 0]);
});

test("a chat whose time is over is asked for until it is gone", async () => {
  const answers = [{ gone: false }, { gone: false, html: { left: "0" } }, { gone: true }];
  const scenery = scene({ left: 10, answers });
  for (let n = 0; n < 4; n++) await scenery.pass();
  assert.deepEqual([scenery.said, scenery.asked, scenery.timers, scenery.at], [["This chat is gone."], 3, [], 70_000]);
});

test("a chat whose end has moved is counted anew", async () => {
  const scenery = scene({ left: 10, answers: [{ gone: false, html: { left: "7200" } }] });
  await scenery.pass();
  await scenery.pass();
  assert.deepEqual([scenery.said, scenery.timers.map(({ pause }) => pause)], [[], [60_000]]);
});

test("a chat without an end has no timer, and is asked for when a word may have been missed", async () => {
  const scenery = scene({ answers: [{ gone: true }] });
  assert.deepEqual(scenery.timers, []);
  await scenery.life.look();
  await scenery.life.look();
  assert.deepEqual([scenery.said, scenery.asked], [["This chat is gone."], 1]);
});

test("a word on the socket and a timer say it once", () => {
  const scenery = scene({ left: 10, temporary: true });
  scenery.life.end("This chat is gone.");
  scenery.life.tick();
  assert.deepEqual([scenery.said, scenery.timers], [["This chat is gone."], []]);
});

test("what somebody writes in the popover stays while the badge is looked after", async () => {
  const scenery = scene({ left: 10, answers: [{ gone: false, html: { left: "0" } }] });
  const before = scenery.badge;
  scenery.typed = "Because";
  await scenery.life.look();
  assert.equal(scenery.badge, before);
  assert.equal(scenery.timers.length, 1);
});

test("a refused wish says why, and keeps the reason that was written", async () => {
  const scenery = scene({});
  const note = { hidden: true };
  const form = { querySelector: () => note, reset: () => scenery.said.push("reset") };
  scenery.reply = { ok: false, text: async () => "Say why." };
  await scenery.submit({ preventDefault() {}, target: form });
  assert.deepEqual([note, scenery.said], [{ hidden: false, textContent: "Say why." }, []]);
  scenery.reply = undefined;
  await scenery.submit({ preventDefault() {}, target: form });
  assert.equal(note.textContent, "Hearth cannot be reached. Your reason is still here; try again.");
});

test("what is left is said as the server says it", () => {
  const told = [[0, "0 min"], [1, "1 min"], [3600, "60 min"], [7140, "119 min"], [7141, "2 h"], [86_400, "24 h"], [864_000, "10 days"]];
  for (const [seconds, words] of told) assert.equal(inWords(seconds), words);
});

test("days and minutes are those of the reader, the year where it is another", () => {
  const now = new Date(2026, 10, 29);
  assert.equal(said(new Date(2026, 2, 12, 9, 5), "day", now), "12 Mar");
  assert.equal(said(new Date(2026, 2, 12, 9, 5), "minute", now), "12 Mar, 09:05");
  assert.equal(said(new Date(2027, 8, 1, 23, 59), "minute", now), "1 Sep 2027, 23:59");
  const time = { dateTime: new Date(2026, 2, 12, 9, 5).toISOString(), dataset: { local: "day" } };
  localise({ querySelectorAll: () => [time] }, now);
  assert.equal(time.textContent, "12 Mar");
});

test("a pin asks for the other thing next, and a failed one says so", async () => {
  const button = { textContent: "Pin to the top" };
  const form = { elements: { pinned: { value: "on" } }, querySelector: () => button };
  let submit;
  let reply = { ok: true, text: async () => "badge" };
  const calls = [];
  form.addEventListener = (_, handler) => (submit = handler);
  pinning(form, { post: async () => reply, complain: (why) => calls.push(why), pinned: (...what) => calls.push(what) });
  await submit({ preventDefault() {} });
  assert.deepEqual([calls, button.textContent, form.elements.pinned.value], [[["badge", true]], "Unpin", ""]);
  await submit({ preventDefault() {} });
  assert.deepEqual([calls.at(-1), button.textContent, form.elements.pinned.value], [["badge", false], "Pin to the top", "on"]);
  reply = { ok: false };
  await submit({ preventDefault() {} });
  assert.equal(calls.at(-1), "The chat could not be pinned. Reload the page and try again.");
});
