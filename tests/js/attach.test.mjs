import assert from "node:assert/strict";
import { test } from "node:test";
import { LARGEST, MOST, joined, marks, refused, sized, unread } from "../../static/hearth/js/attach.js";

const bytes = (text) => new TextEncoder().encode(text);
const file = (name, content = "text", lastModified = 1) => new File([content], name, { lastModified });
const names = (files) => files.map(({ name }) => name);

test("a size is said in the server's words", () => {
  const said = [0, 1, 999, 1000, 9949, 9950, 200_000].map(sized);
  assert.deepEqual(said, ["0 bytes", "1 byte", "999 bytes", "1.0 kB", "9.9 kB", "10 kB", "200 kB"]);
});

test("text is taken by what is in it", () => {
  for (const text of ["a", "naïve 火\n", "\ufeffa,b\r\n", "\u001b[31mred", "page\f"]) assert.equal(unread("a", bytes(text)), "");
});

test("what is no text is refused with the reason", () => {
  const no = "a.png is no text file. Hearth reads text: notes, tables, logs, source code.";
  const other = "a.txt is not text in UTF-8. Save it as UTF-8 and attach it again.";
  assert.equal(unread("a.png", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])), no);
  assert.equal(unread("a.png", bytes("a\u0000b")), no);
  assert.equal(unread("a.txt", new Uint8Array([110, 0xef, 118])), other);
  assert.equal(unread("a.txt", new Uint8Array([0xff, 0xfe, 110, 0])), other);
  assert.equal(unread("a.md", new Uint8Array()), "a.md is empty.");
  assert.equal(unread("a.md", bytes("\ufeff \n")), "a.md is empty.");
});

test("a file that is too long is refused before it is read, and a folder is explained", async () => {
  const unreadable = { name: "folder", size: 4096, arrayBuffer: () => Promise.reject(new Error("no")) };
  assert.equal(await refused({ ...unreadable, name: "big.log", size: 312_400 }), "big.log has 312 kB; a file can have at most 200 kB.");
  assert.equal(await refused(unreadable), "folder cannot be read. A folder cannot be attached; choose the files in it.");
  assert.equal(await refused(file("a.md", "x".repeat(LARGEST))), "");
});

test("files join those that are held; what does not fit is left out and the reason said", async () => {
  const held = [file("a.md")];
  const { files, reason } = await joined(held, [file("b.png", "\u0000"), file("c.md")]);
  assert.deepEqual(names(files), ["a.md", "c.md"]);
  assert.match(reason, /^b\.png is no text file/);
});

test("the same file twice is one, and more than five are refused", async () => {
  const one = file("a.md");
  assert.deepEqual(names((await joined([one], [one])).files), ["a.md"]);
  const { files, reason } = await joined([one], [1, 2, 3, 4, 5].map((n) => file(`${n}.md`)));
  assert.equal(files.length, MOST);
  assert.equal(reason, "These are 6 files; at most 5 go with one question.");
});

test("the same words with other files are another question", () => {
  assert.equal(marks([]), "");
  assert.notEqual(marks([file("a.md")]), marks([file("a.md", "text", 2)]));
  assert.equal(marks([file("a.md")]), marks([file("a.md")]));
});
