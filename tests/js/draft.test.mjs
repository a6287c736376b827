import assert from "node:assert/strict";
import test from "node:test";
import { Draft } from "../../static/hearth/js/draft.js";

function made(value = "") {
  const area = { value };
  const house = { text: value, saved: [], timers: [], changes: 0, up: true };
  const draft = new Draft(area, {
    load: async () => house.text,
    save: async (text, last) => {
      if (!house.up) return false;
      house.saved.push([text, last]);
      house.text = text;
      return true;
    },
    later: (then) => {
      house.timers = [then];
      return () => (house.timers = []);
    },
    changed: () => house.changes++,
  });
  const type = (text) => {
    area.value = text;
    draft.typed();
  };
  return { area, house, draft, type };
}

test("what is written is saved once the keys rest", async () => {
  const { house, draft, type } = made();
  type("H");
  type("Half");
  assert.equal(house.timers.length, 1);
  await house.timers[0]();
  assert.deepEqual(house.saved, [["Half", false]]);
  await draft.save();
  assert.equal(house.saved.length, 1, "the same words are saved once");
});

test("what is not saved yet is saved when the page goes", async () => {
  const { house, draft, type } = made();
  type("Half");
  await draft.save(true);
  assert.deepEqual(house.saved, [["Half", true]]);
  assert.equal(house.timers.length, 0);
});

test("a tab that is looked at shows what was written elsewhere", async () => {
  const { area, house, draft } = made("Old");
  house.text = "New";
  await draft.seen();
  assert.deepEqual([area.value, house.changes], ["New", 1]);
});

test("a tab in which somebody writes is not overwritten", async () => {
  const { area, house, draft, type } = made();
  type("Mine");
  await draft.save();
  house.text = "Another's";
  await draft.seen();
  assert.equal(area.value, "Mine");
  house.text = "Mine, and more";
  await draft.seen();
  assert.equal(area.value, "Mine, and more");
  type("");
  await draft.save();
  house.text = "Another's";
  await draft.seen();
  assert.equal(area.value, "Another's");
});

test("nothing is saved behind a question that is on its way", async () => {
  const { area, house, draft, type } = made();
  type("A question");
  await draft.hold();
  await draft.save(true);
  assert.deepEqual(house.saved, []);
  area.value = "";
  draft.taken();
  await draft.save(true);
  assert.deepEqual(house.saved, []);
});

test("a question that was refused is kept", async () => {
  const { house, draft, type } = made();
  type("A question");
  await draft.hold();
  draft.refused();
  await house.timers[0]();
  assert.deepEqual(house.saved, [["A question", false]]);
});

test("what could not be saved is saved with the next try", async () => {
  const { house, draft, type } = made();
  house.up = false;
  type("Half");
  await draft.save();
  house.up = true;
  await draft.save();
  assert.deepEqual(house.saved, [["Half", false]]);
});
