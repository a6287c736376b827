import assert from "node:assert/strict";
import { test } from "node:test";
import { copying } from "../../static/hearth/js/copy.js";
import { sift } from "../../static/hearth/js/sift.js";

/** A form whose fields are these, and a clock that is moved by hand. */
function desk(fields, { get } = {}) {
  const said = { asked: [], filled: [], placed: [], waits: [] };
  let heard;
  const form = { action: "/people/", addEventListener: (name, then) => (heard = then) };
  globalThis.FormData = class {
    [Symbol.iterator]() {
      return Object.entries(fields)[Symbol.iterator]();
    }
  };
  const timers = [];
  sift(form, {
    get: get ?? (async (address) => (said.asked.push(address), `page of ${address}`)),
    place: (address) => said.placed.push(address),
    fill: (html) => said.filled.push(html),
    later: (then, milliseconds) => {
      said.waits.push(milliseconds);
      const timer = { then };
      timers.push(timer);
      return () => (timer.then = undefined);
    },
  });
  const type = (selector = "input") => heard({ target: { matches: (wanted) => wanted === selector } });
  const pass = async () => Promise.all(timers.splice(0).map((timer) => timer.then?.()));
  return { said, type, pass, fields };
}

test("while somebody types, one question is asked for the last word", async () => {
  const { said, type, pass, fields } = desk({ q: "a", role: "" });
  type();
  fields.q = "ad";
  type();
  await pass();
  assert.deepEqual(said.asked, ["/people/?q=ad"]);
  assert.deepEqual(said.filled, ["page of /people/?q=ad"]);
  assert.deepEqual(said.placed, ["/people/?q=ad"]);
  assert.deepEqual(said.waits, [250, 250]);
});

test("a choice is asked for at once, and no filter is the plain address", async () => {
  const { said, type, pass } = desk({ q: "", role: "" });
  type("select");
  await pass();
  assert.deepEqual(said.waits, [0]);
  assert.deepEqual(said.placed, ["/people/"]);
});

test("a late answer to an older question changes nothing, nor does a failure", async () => {
  const answers = [];
  const { said, type, pass, fields } = desk({ q: "a" }, { get: () => new Promise((done) => answers.push(done)) });
  type();
  const first = pass();
  fields.q = "ab";
  type();
  const second = pass();
  answers[1]("new");
  answers[0]("old");
  await Promise.all([first, second]);
  type();
  const third = pass();
  answers[2](undefined);
  await third;
  assert.deepEqual(said.filled, ["new"]);
  assert.deepEqual(said.placed, ["/people/?q=ab"]);
});

test("a copy button shows itself where there is a clipboard, and selects the text where copying is refused", async () => {
  let press;
  const button = { hidden: true, textContent: "Copy", addEventListener: (name, then) => (press = then) };
  copying(button, { clipboard: undefined, field: {} });
  assert.equal(button.hidden, true);
  const copied = [];
  let selected = 0;
  const field = { value: "link", select: () => (selected += 1) };
  copying(button, { clipboard: { writeText: async (text) => copied.push(text) }, field });
  await press();
  assert.deepEqual([button.hidden, button.textContent, copied], [false, "Copied", ["link"]]);
  const refuses = { writeText: () => Promise.reject(new Error("no")) };
  copying({ ...button, addEventListener: (name, then) => (press = then) }, { clipboard: refuses, field });
  await press();
  assert.equal(selected, 1);
});
