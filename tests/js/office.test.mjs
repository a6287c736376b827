import assert from "node:assert/strict";
import { test } from "node:test";
import { tell } from "../../static/hearth/js/moments.js";
import { poll } from "../../static/hearth/js/poll.js";

test("a moment gets the local time as its title, once", () => {
  const time = { dateTime: "2026-11-24T08:30:00+00:00" };
  const asked = [];
  const root = { querySelectorAll: (selector) => (asked.push(selector), [time]) };
  tell(root, { zone: "Asia/Tokyo" });
  assert.match(time.title, /(17:30|5:30)/);
  assert.deepEqual(asked, ["[data-moment]:not([title])"]);
});

test("progress is asked for until nothing waits any more", async () => {
  const due = [];
  const later = (then) => due.push(then);
  let waits = true;
  const box = { dataset: { poll: "/x" }, innerHTML: "same", querySelector: () => (waits ? {} : null) };
  const got = [];
  poll(box, { get: async (address) => (got.push(address), "same"), later });
  await due.shift()();
  await due.shift()();
  waits = false;
  await due.shift()();
  assert.deepEqual(got, ["/x", "/x"]);
  assert.equal(due.length, 0);
});
