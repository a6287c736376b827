import assert from "node:assert/strict";
import { test } from "node:test";
import { busy } from "../../static/hearth/js/busy.js";
import { late } from "../../static/hearth/js/late.js";

/** A box that is to be filled, and what was put into it. */
function box() {
  return {
    dataset: { late: "/data/coming/" },
    filled: undefined,
    busy: true,
    replaceChildren(...children) {
      this.filled = children;
    },
    removeAttribute(name) {
      if (name === "aria-busy") this.busy = false;
    },
  };
}

test("what takes a while is got from its address and put in its place", async () => {
  const place = box();
  await late(place, { get: async (address) => `chart of ${address}`, parse: (html) => [html] });
  assert.deepEqual(place.filled, ["chart of /data/coming/"]);
  assert.equal(place.busy, false);
});

test("where nothing can be got, the link stays", async () => {
  const place = box();
  await late(place, { get: async () => undefined, parse: (html) => [html] });
  assert.equal(place.filled, undefined);
  assert.equal(place.busy, false);
});

/** A form with one button. */
function form() {
  const button = { textContent: "Show what this does", disabled: false };
  const attributes = {};
  let heard, again;
  const made = {
    dataset: { busy: "Counting …" },
    querySelector: () => button,
    addEventListener: (name, then) => (heard = then),
    setAttribute: (name, value) => (attributes[name] = value),
    removeAttribute: (name) => delete attributes[name],
  };
  busy(made, { shown: (then) => (again = then) });
  return { button, attributes, submit: () => heard(), comeBack: () => again() };
}

test("a button that was pressed says what it does and cannot be pressed again", () => {
  const { button, attributes, submit } = form();
  submit();
  assert.deepEqual(button, { textContent: "Counting …", disabled: true });
  assert.deepEqual(attributes, { "aria-busy": "true" });
});

test("a page that comes back has its button as before", () => {
  const { button, attributes, submit, comeBack } = form();
  submit();
  comeBack();
  assert.deepEqual(button, { textContent: "Show what this does", disabled: false });
  assert.deepEqual(attributes, {});
});
