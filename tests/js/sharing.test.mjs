import assert from "node:assert/strict";
import { test } from "node:test";
import { Picking } from "../../static/hearth/js/picking.js";
import { Shared } from "../../static/hearth/js/shared.js";

/** A page of a reader, whose clock and answers the test holds. */
function reading({ until, answers }) {
  const state = { at: 0, timers: [], said: [], shown: ["words"], titles: [], asked: 0 };
  const element = () => ({ setAttribute: () => {}, append() {} });
  const box = {
    dataset: { shared: "/shares/1/still/", ...(until === undefined ? {} : { until: new Date(until).toISOString() }) },
    ownerDocument: { createElement: element },
    replaceChildren: (...nodes) => (state.shown = nodes.map((node) => node.className)),
  };
  const page = {
    gone: async () => {
      state.asked++;
      return answers.shift() ?? false;
    },
    later: (work, pause) => {
      state.timers = [{ work, pause }];
      return () => (state.timers = []);
    },
    say: (text) => state.said.push(text),
    title: (text) => state.titles.push(text),
  };
  state.page = new Shared(box, page, () => state.at);
  state.pass = async () => {
    const [timer] = state.timers;
    state.at += timer.pause;
    await timer.work();
  };
  return state;
}

test("what was taken back leaves the page within a minute, and nobody asks again", async () => {
  const state = reading({ answers: [false, false, true] });
  for (const _ of [1, 2, 3]) await state.pass();
  assert.equal(state.at, 60_000);
  assert.deepEqual(state.shown, ["shared-gone"]);
  assert.deepEqual(state.said, ["This is no longer shared with you."]);
  assert.deepEqual(state.titles, ["No longer shared"]);
  assert.deepEqual(state.timers, []);
  await state.page.look();
  assert.equal(state.asked, 3);
});

test("the end that is known is not waited for longer than it lasts", async () => {
  const state = reading({ until: 5_000, answers: [true] });
  assert.equal(state.timers[0].pause, 5_000);
  await state.pass();
  assert.deepEqual(state.shown, ["shared-gone"]);
});

test("an end that was moved is asked for again, and no more than once a second", async () => {
  const state = reading({ until: 100, answers: [false, false] });
  assert.equal(state.timers[0].pause, 1_000);
  await state.pass();
  assert.equal(state.timers[0].pause, 1_000);
  assert.deepEqual(state.shown, ["words"]);
});

/** One person in a list, with a box to be ticked. */
const row = (value) => {
  const li = { value, remove: () => li.parent.rows.splice(li.parent.rows.indexOf(li), 1) };
  li.input = { value, checked: false, closest: () => li };
  li.querySelector = () => (value === undefined ? null : li.input);
  return li;
};
const list = () => ({
  rows: [],
  handlers: {},
  addEventListener(name, work) {
    this.handlers[name] = work;
  },
  querySelectorAll() {
    return this.rows.map((one) => one.querySelector()).filter(Boolean);
  },
  replaceChildren(...rows) {
    this.rows = rows;
    for (const one of rows) one.parent = this;
  },
  append(one) {
    one.parent.rows.splice(one.parent.rows.indexOf(one), 1);
    one.parent = this;
    this.rows.push(one);
  },
});

function picking(answers) {
  const state = { said: [], asked: [], timers: [], found: list(), picked: list(), focused: 0 };
  const box = Object.assign(list(), { value: "", focus: () => state.focused++ });
  const page = {
    get: (text) => {
      state.asked.push(text);
      return answers.shift();
    },
    later: (work, pause) => {
      const timer = { work, pause };
      state.timers.push(timer);
      return () => (state.timers = state.timers.filter((one) => one !== timer));
    },
    say: (text) => state.said.push(text),
  };
  state.box = box;
  state.picking = new Picking(box, state.found, state.picked, page);
  state.type = (text) => {
    box.value = text;
    box.handlers.input();
  };
  return state;
}

test("people are looked for once the letters stop", async () => {
  const state = picking([[row("bob"), row("bea")]]);
  state.type("b");
  state.type("bo");
  assert.deepEqual(state.timers.map((timer) => timer.pause), [250]);
  await state.timers[0].work();
  assert.deepEqual(state.asked, ["bo"]);
  assert.deepEqual(state.found.rows.map((one) => one.value), ["bob", "bea"]);
  assert.deepEqual(state.said, ["2 people are found."]);
});

test("who is ticked is picked and found no more; ticked off, they go", async () => {
  const state = picking([[row("bob")], [row("bob"), row("bea")]]);
  state.box.value = "b";
  await state.picking.look();
  const [bob] = state.found.rows;
  bob.input.checked = true;
  state.found.handlers.change({ target: bob.input });
  assert.deepEqual([state.found.rows.length, state.picked.rows.map((one) => one.value)], [0, ["bob"]]);
  assert.deepEqual([state.box.value, state.focused], ["", 1]);
  state.box.value = "b";
  await state.picking.look();
  assert.deepEqual(state.found.rows.map((one) => one.value), ["bea"]);
  bob.input.checked = false;
  state.picked.handlers.change({ target: bob.input });
  assert.deepEqual(state.picked.rows, []);
});

test("a late answer to an older question is dropped, and one that fails changes nothing", async () => {
  let answer;
  const slow = new Promise((resolve) => (answer = resolve));
  const state = picking([slow, [row("bea")], undefined]);
  state.box.value = "b";
  const first = state.picking.look();
  state.box.value = "be";
  await state.picking.look();
  answer([row("bob")]);
  await first;
  assert.deepEqual(state.found.rows.map((one) => one.value), ["bea"]);
  await state.picking.look();
  assert.deepEqual(state.found.rows.map((one) => one.value), ["bea"]);
});

test("the return key looks, and does not send the form", async () => {
  const state = picking([[row("bea")]]);
  state.box.value = "bea";
  let kept = 0;
  state.box.handlers.keydown({ key: "Enter", preventDefault: () => kept++ });
  assert.deepEqual([kept, state.asked], [1, ["bea"]]);
});
