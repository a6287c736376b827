import assert from "node:assert/strict";
import { test } from "node:test";
import { Sidebar, seeing } from "../../static/hearth/js/sidebar.js";

const settled = () => new Promise((done) => setImmediate(done));

/** A list that counts what is asked of it, without a page. */
function listed({ hidden = false, busy = false } = {}) {
  const asked = [];
  const timers = [];
  const state = { hidden, busy };
  const list = { addEventListener() {}, querySelector: () => null };
  const page = {
    get: async (address) => void asked.push(address),
    current: () => undefined,
    hidden: () => state.hidden,
    busy: () => state.busy,
    shown() {},
    reach() {},
  };
  const later = (work) => timers.push(work) - 1;
  const drop = (timer) => timer !== undefined && (timers[timer] = undefined);
  const run = async () => {
    for (const work of timers.splice(0)) work?.();
    await settled();
  };
  return { sidebar: new Sidebar(list, page, { later, drop }), asked, state, run };
}

test("many changes at once are read once", async () => {
  const { sidebar, asked, run } = listed();
  for (let n = 0; n < 5; n++) sidebar.changed();
  await run();
  assert.deepEqual(asked, ["/sidebar/?pages=1"]);
});

test("a tab that nobody sees reads when it is looked at, and only where something was otherwise", async () => {
  const { sidebar, asked, state, run } = listed({ hidden: true });
  sidebar.changed();
  await run();
  assert.deepEqual(asked, []);
  state.hidden = false;
  sidebar.looked();
  await run();
  sidebar.looked();
  await run();
  assert.deepEqual(asked, ["/sidebar/?pages=1"]);
});

test("a list in which somebody works waits", async () => {
  const { sidebar, asked, state, run } = listed({ busy: true });
  sidebar.changed();
  await run();
  assert.deepEqual(asked, []);
  state.busy = false;
  await run();
  assert.deepEqual(asked, ["/sidebar/?pages=1"]);
});

test("the end of an answer is said to be seen once, and only by who looks", async () => {
  let sent = 0;
  const state = { hidden: true };
  const eyes = seeing({ dataset: { unread: "" } }, { post: async () => void sent++, hidden: () => state.hidden });
  assert.equal(sent, 0);
  state.hidden = false;
  eyes.look();
  eyes.look();
  assert.equal(sent, 1);
  eyes.again();
  assert.equal(sent, 2);
  seeing({ dataset: {} }, { post: async () => void sent++, hidden: () => false });
  seeing(null, { post: async () => void sent++, hidden: () => false }).again();
  assert.equal(sent, 2);
});
