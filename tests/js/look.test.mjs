import assert from "node:assert/strict";
import { test } from "node:test";
import { after, closing, themes, wear } from "../../static/hearth/js/look.js";
import { sheetFor } from "../../static/hearth/js/organisation.js";

const store = (values = {}) => ({
  values,
  setItem: (name, value) => void (values[name] = value),
  removeItem: (name) => void delete values[name],
});

test("the switch goes round and its first step is always seen", () => {
  assert.deepEqual(["auto", "dark", "light"].map((theme) => after(theme, false)), ["dark", "light", "auto"]);
  assert.deepEqual(["auto", "light", "dark"].map((theme) => after(theme, true)), ["light", "dark", "auto"]);
  assert.equal(after("pink", true), "auto");
});

test("a theme is kept for the sign-in page, and as the device is not", () => {
  const root = { dataset: {} };
  const kept = store();
  wear("dark", { root, kept });
  assert.deepEqual([root.dataset.theme, kept.values], ["dark", { theme: "dark" }]);
  wear("auto", { root, kept });
  assert.deepEqual([root.dataset.theme, kept.values], ["auto", {}]);
});

function formOf(fields) {
  const form = { action: "/there/", heard: {}, addEventListener: (name, does) => void (form.heard[name] = does), ...fields };
  return form;
}

test("the switch says what holds now and tells the server", () => {
  globalThis.FormData = class extends Map {
    constructor() {
      super();
    }
  };
  const button = { dataset: { auto: "as the device", light: "light", dark: "dark" }, said: {} };
  button.setAttribute = (name, value) => void (button.said[name] = value);
  const form = formOf({ querySelector: () => button });
  const sent = [];
  const root = { dataset: { theme: "auto" } };
  themes(form, { root, kept: store(), isDark: () => false, send: (where, body) => sent.push([where, body.get("theme")]) });
  let prevented = 0;
  form.heard.submit({ preventDefault: () => (prevented += 1) });
  assert.deepEqual(sent, [["/there/", "dark"]]);
  assert.equal(root.dataset.theme, "dark");
  assert.equal(button.said["aria-label"], "Light or dark: dark. Change it");
  assert.equal(button.value, "light");
  assert.equal(prevented, 1);
});

test("an announcement that is closed goes at once", () => {
  const done = [];
  const form = formOf({ closest: () => ({ remove: () => done.push("gone") }) });
  closing(form, { send: (where) => done.push(where), then: () => done.push("focus") });
  form.heard.submit({ preventDefault: () => undefined });
  assert.deepEqual(done, ["/there/", "gone", "focus"]);
});

test("a colour's sheet has its digits in the address, and Hearth's own has none", () => {
  assert.equal(sheetFor("/look/000000.css", "yes", "#1D5A8A"), "/look/1d5a8a.css");
  assert.equal(sheetFor("/look/000000.css", "", "#1d5a8a"), "");
  assert.equal(sheetFor("/look/000000.css", "yes", "url(x)"), "");
});
