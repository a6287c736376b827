import assert from "node:assert/strict";
import { test } from "node:test";
import { fits } from "../../static/hearth/js/fits.js";

/** A form whose fields of the engine are these, beside a token; and a clock that is moved by hand. */
function desk(fields, { get } = {}) {
  const said = { asked: [], filled: [], placed: [], spoken: [], waits: [] };
  let heard;
  const form = {
    dataset: { fits: "/fit/" },
    addEventListener: (name, then) => (heard = then),
    querySelectorAll: () => Object.keys(fields).map((name) => ({ name })),
  };
  globalThis.FormData = class {
    [Symbol.iterator]() {
      return [["csrf", "secret"], ...Object.entries(fields)][Symbol.iterator]();
    }
  };
  const timers = [];
  fits(form, {
    get: get ?? (async (address) => (said.asked.push(address), "It fits.")),
    place: (address) => said.placed.push(address),
    say: (words) => said.spoken.push(words),
    fill: (html) => (said.filled.push(html), html),
    later: (then, milliseconds) => {
      said.waits.push(milliseconds);
      const timer = { then };
      timers.push(timer);
      return () => (timer.then = undefined);
    },
  });
  const change = ({ choice = false, inside = true } = {}) =>
    heard({ target: { matches: () => choice, closest: () => inside || null } });
  const pass = async () => Promise.all(timers.splice(0).map((timer) => timer.then?.()));
  return { said, change, pass, fields };
}

test("the last settings are asked about, and nothing that is none of the engine's", async () => {
  const { said, change, pass, fields } = desk({ slots: "1", threads: "" });
  change();
  fields.slots = "16";
  change();
  await pass();
  assert.deepEqual(said.asked, ["/fit/?slots=16&threads="]);
  assert.deepEqual(said.placed, said.asked);
  assert.deepEqual(said.waits, [250, 250]);
});

test("what is chosen is asked about at once, what is written elsewhere never", async () => {
  const { said, change, pass } = desk({ slots: "1" });
  change({ choice: true });
  change({ inside: false });
  await pass();
  assert.deepEqual(said.waits, [0]);
});

test("a verdict is spoken once, until it is another one", async () => {
  const verdicts = ["It fits.", "It fits.", "It does not fit."];
  const { said, change, pass } = desk({ slots: "1" }, { get: async () => verdicts.shift() });
  for (let n = 0; n < 3; n += 1) {
    change();
    await pass();
  }
  assert.deepEqual(said.spoken, ["It fits.", "It does not fit."]);
  assert.equal(said.filled.length, 3);
});

test("a late answer to an older question and one that never came change nothing", async () => {
  const answers = [];
  const { said, change, pass } = desk({ slots: "1" }, { get: () => new Promise((done) => { answers.push(done); }) });
  change();
  const first = pass();
  change();
  const second = pass();
  answers[1]("new");
  answers[0]("old");
  await Promise.all([first, second]);
  assert.deepEqual(said.filled, ["new"]);
  change();
  const third = pass();
  answers[2](undefined);
  await third;
  assert.deepEqual(said.filled, ["new"]);
});
