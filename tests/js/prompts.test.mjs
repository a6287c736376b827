import assert from "node:assert/strict";
import test from "node:test";
import { pasteName } from "../../static/hearth/js/attach.js";
import { fields, filled } from "../../static/hearth/js/fields.js";
import { fitting, sought } from "../../static/hearth/js/slash.js";

test("what stands in braces is asked for once, with what is said about it", () => {
  assert.deepEqual(fields("{{ customer_name }} {{ tone | formal , friendly,, }} {{ language: English }} {{ customer_name: Ada }}"), [
    { name: "customer_name", label: "Customer name", usual: "Ada", choices: [] },
    { name: "tone", label: "Tone", usual: "", choices: ["formal", "friendly"] },
    { name: "language", label: "Language", usual: "English", choices: [] },
  ]);
});

test("other braces are words", () => {
  for (const text of ["", "{{ }}", "{ name }", "{{ 1st }}", "{{ a.b }}", "{{{}}}", "{{ <b> }}", "{% if x %}"]) {
    assert.deepEqual(fields(text), [], text);
  }
});

test("values come in as they are, and are not looked through again", () => {
  const text = "Dear {{ who }}, {{ what: news }}. {{ who }} {{ other }}";
  assert.equal(filled(text, { who: "$& {{ what }}", what: "" }), "Dear $& {{ what }}, . $& {{ what }} {{ other }}");
  assert.equal(filled("{{ constructor }}", {}), "{{ constructor }}");
});

test("names in any script are names", () => {
  assert.deepEqual(fields("{{ größe }} {{ имя }}").map(({ label }) => label), ["Größe", "Имя"]);
});

test("a long text of braces takes no time", () => {
  const began = Date.now();
  fields("{{ a ".repeat(4000));
  fields(`{{ ${"a ".repeat(10_000)}`);
  assert.ok(Date.now() - began < 1000);
});

test("a slash that begins the box asks for prompts, and nothing else does", () => {
  assert.equal(sought("/"), "");
  assert.equal(sought("/Rep"), "rep");
  for (const text of ["", "a/b", "/etc/passwd", "/report now", " /report", "/report\n"]) assert.equal(sought(text), undefined, text);
});

test("names that begin so come first", () => {
  const heads = ["Ended", "Report", "report", "nothing"].map((title, n) => ({ name: ["b-rep", "x", "rep", "n"][n], title }));
  assert.deepEqual(fitting(heads, "rep").map(({ name }) => name), ["rep", "b-rep", "x"]);
  assert.equal(fitting(heads, "").length, 4);
});

test("pasted texts have names of their own", () => {
  assert.equal(pasteName([]), "pasted text.txt");
  assert.equal(pasteName([{ name: "pasted text.txt" }, { name: "pasted text 2.txt" }]), "pasted text 3.txt");
});
