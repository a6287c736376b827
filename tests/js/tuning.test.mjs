import assert from "node:assert/strict";
import { test } from "node:test";
import { tuning, where } from "../../static/hearth/js/tuning.js";

test("only the settings of the picked model are there and sent", () => {
  const sets = ["a", "b"].map((of) => ({ dataset: { of } }));
  const box = { open: true, querySelectorAll: () => sets };
  let changed;
  const picker = { value: "a", addEventListener: (_, then) => (changed = then) };
  tuning(box, picker);
  assert.deepEqual(sets.map((set) => [set.disabled, set.hidden]), [[false, false], [true, true]]);
  picker.value = "c";
  changed();
  assert.deepEqual([box.hidden, box.open], [true, false]);
  picker.value = "b";
  changed();
  assert.equal(box.hidden, false);
  assert.equal(sets[1].disabled, false);
});

test("the box says where a question goes", () => {
  const option = (leaves) => ({ hasAttribute: () => leaves });
  const box = {};
  let changed;
  const picker = { selectedOptions: [option(false)], addEventListener: (_, then) => (changed = then) };
  where(box, picker);
  assert.match(box.placeholder, /stays in the house/);
  picker.selectedOptions = [option(true)];
  changed();
  assert.match(box.placeholder, /leaves the premises/);
});
