import assert from "node:assert/strict";
import { test } from "node:test";
import { children } from "../../static/hearth/js/morph.js";

/** Just enough of a document. */
class Node {
  constructor(name, attributes = {}, nodes = []) {
    Object.assign(this, { nodeName: name, nodeType: 1, map: new Map(Object.entries(attributes)), childNodes: nodes });
    for (const node of nodes) node.parent = this;
  }
  get attributes() { return [...this.map].map(([name, value]) => ({ name, value })); }
  getAttribute(name) { return this.map.get(name) ?? null; }
  hasAttribute(name) { return this.map.has(name); }
  setAttribute(name, value) { this.map.set(name, value); }
  removeAttribute(name) { this.map.delete(name); }
  append(node) { node.parent = this; this.childNodes.push(node); }
  remove() { this.parent.childNodes = this.parent.childNodes.filter((node) => node !== this); }
  replaceWith(node) { node.parent = this.parent; this.parent.childNodes = this.parent.childNodes.map((one) => (one === this ? node : one)); }
  cloneNode() { return this; }
}
const text = (data) => Object.assign(new Node("#text"), { nodeType: 3, data });
const element = (name, attributes, ...nodes) => new Node(name, attributes, nodes);

test("what is the same stays the same node, what differs is written over", () => {
  const link = element("A", { href: "/a" }, text("one"));
  const here = element("DIV", {}, link, element("I", { class: "cell n" }));
  children(here, element("DIV", {}, element("A", { href: "/a" }, text("two")), element("I", { class: "cell s", title: "t" })));
  assert.equal(here.childNodes[0], link);
  assert.equal(link.childNodes[0].data, "two");
  assert.deepEqual(here.childNodes[1].attributes, [{ name: "class", value: "cell s" }, { name: "title", value: "t" }]);
});

test("what is new is added, what is gone is taken away, what is of another kind is replaced", () => {
  const here = element("UL", {}, element("LI", { class: "old" }), element("LI", {}), text("x"));
  children(here, element("UL", {}, element("P", {}), element("LI", {})));
  assert.deepEqual(here.childNodes.map((node) => node.nodeName), ["P", "LI"]);
  children(here, element("UL", {}, element("P", {}), element("LI", {}), element("LI", {})));
  assert.equal(here.childNodes.length, 3);
});

test("what somebody has opened stays open", () => {
  const details = element("DETAILS", { open: "" });
  children(element("DIV", {}, details), element("DIV", {}, element("DETAILS", {})));
  assert.ok(details.hasAttribute("open"));
});
