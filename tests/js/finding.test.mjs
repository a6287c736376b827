import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, chosen, fits } from "../../static/hearth/js/palette.js";
import { SHORTCUTS, meant, shown } from "../../static/hearth/js/shortcuts.js";

const press = (code, more = {}) => ({ code, key: more.key ?? "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

test("each key press means one thing or nothing", () => {
  const keys = (event, where) => meant(event, where)?.keys;
  assert.equal(keys(press("KeyK", { ctrlKey: true })), "Ctrl+K");
  assert.equal(keys(press("KeyK", { metaKey: true })), "Ctrl+K");
  assert.equal(keys(press("KeyK", { ctrlKey: true, shiftKey: true })), undefined);
  assert.equal(keys(press("KeyO", { ctrlKey: true, shiftKey: true })), "Ctrl+Shift+O");
  assert.equal(keys(press("ArrowUp", { altKey: true })), "Alt+↑");
  assert.equal(keys(press("KeyK", { ctrlKey: true, isComposing: true })), undefined);
  assert.equal(keys(press("Enter", { key: "Enter" })), undefined);
});

test("a key alone acts only where nobody writes, and only while it is switched on", () => {
  const slash = press("Slash", { key: "/" });
  const mark = press("Slash", { key: "?", shiftKey: true });
  assert.equal(meant(slash).keys, "/");
  assert.equal(meant(mark).keys, "?");
  assert.equal(meant(slash, { isWriting: true }), undefined);
  assert.equal(meant(mark, { single: false }), undefined);
  assert.equal(meant(press("Slash", { key: "/", ctrlKey: true })), undefined);
});

test("no two shortcuts have the same keys, and each says what it does", () => {
  assert.equal(new Set(SHORTCUTS.map(({ keys }) => keys)).size, SHORTCUTS.length);
  for (const { says } of SHORTCUTS) assert.ok(says().length > 5);
  assert.equal(shown("Ctrl+Shift+C", true), "⌘+⇧+C");
});

test("what was typed fits where each of its words begins a word", () => {
  assert.ok(fits("Light or dark", "da li"));
  assert.ok(fits("Éclair", "ecl"));
  assert.ok(!fits("Light or dark", "ark"));
});

test("chats stay as the server ordered them; what was chosen lately stands first among the rest", () => {
  const groups = [
    { name: "Chats", asIs: true, entries: [{ label: "Zebra", address: "/chats/1/" }] },
    { name: "Go to", entries: [{ label: "People", address: "/people/" }, { label: "Profile", address: "/you/" }] },
  ];
  assert.deepEqual(chosen(groups, "", ["/you/"])[1].entries.map(({ label }) => label), ["Profile", "People"]);
  assert.deepEqual(chosen(groups, "peo").map(({ name, entries }) => [name, entries.length]), [["Chats", 1], ["Go to", 1]]);
  assert.deepEqual(chosen(groups, "none").map(({ name }) => name), ["Chats"]);
});

test("the arrows go around", () => {
  assert.deepEqual([beside(0, -1, 3), beside(2, 1, 3), beside(0, 1, 0)], [2, 0, -1]);
});
