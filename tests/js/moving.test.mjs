import assert from "node:assert/strict";
import { test } from "node:test";
import { ranges } from "../../static/hearth/js/choosing.js";

test("places become numbers that somebody could write", () => {
  assert.equal(ranges([]), "");
  assert.equal(ranges([0]), "1");
  assert.equal(ranges([8, 2, 7, 6]), "3, 7-9");
  assert.equal(ranges([...Array(10_000).keys()]), "1-10000");
});
