import assert from "node:assert/strict";
import { test } from "node:test";
import { among } from "../../static/hearth/js/among.js";

/** A list with an empty choice before these, a checkbox for each, and what happens when one is ticked. */
function desk({ ticked, chosen }) {
  const values = ["a", "b", "c"];
  const select = { value: chosen, options: ["", ...values].map((value) => ({ value, disabled: false })) };
  const boxes = values.map((value) => {
    const box = { value, checked: ticked.includes(value) };
    box.addEventListener = (name, then) => (box.tick = (on) => ((box.checked = on), then()));
    return box;
  });
  among(select, boxes);
  const offered = () => select.options.filter((option) => !option.disabled).map((option) => option.value);
  return { select, boxes, offered };
}

test("what is ticked can be chosen, and nothing else but nothing", () => {
  const { boxes, offered } = desk({ ticked: ["a"], chosen: "" });
  assert.deepEqual(offered(), ["", "a"]);
  boxes[2].tick(true);
  assert.deepEqual(offered(), ["", "a", "c"]);
});

test("the chosen one that is ticked off is chosen no more, and others leave it alone", () => {
  const { select, boxes, offered } = desk({ ticked: ["a", "b"], chosen: "b" });
  boxes[0].tick(false);
  assert.equal(select.value, "b");
  boxes[1].tick(false);
  assert.equal(select.value, "");
  assert.deepEqual(offered(), [""]);
});

test("what came back from the server stays chosen until somebody ticks", () => {
  assert.equal(desk({ ticked: ["a"], chosen: "b" }).select.value, "b");
});
