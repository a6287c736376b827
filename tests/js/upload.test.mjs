import assert from "node:assert/strict";
import { test } from "node:test";
import { Upload, shownSize } from "../../static/hearth/js/upload.js";

const file = (text = "0123456789") => Object.assign(new Blob([text]), { name: "a.gguf" });

/** A server that keeps what comes, and answers as `wrong` says where that says something. */
function server({ piece = 4, wrong = () => undefined } = {}) {
  const here = { bytes: "", asked: [], pauses: [], said: [], grew: [] };
  const json = (body, status = 200) => ({ status, redirected: false, json: async () => body });
  const told = (size) => ({ received: here.bytes.length, size, whole: here.bytes.length === size });
  const page = {
    begin: "/models/uploads/",
    token: "csrf",
    later: async (milliseconds) => { here.pauses.push(milliseconds); },
    grew: (received) => here.grew.push(received),
    say: (words) => here.said.push(words),
    fetch: async (address, { method, headers, body }) => {
      here.asked.push(`${method} ${address} ${headers["Content-Range"] ?? ""}`.trim());
      assert.equal(headers["X-CSRFToken"], "csrf");
      const answer = wrong(here);
      if (answer instanceof Error) throw answer;
      if (answer) return { redirected: false, json: async () => answer.body, ...answer };
      if (address === "/models/uploads/") {
        return json({ ...told(Number(body.get("size"))), address: "/models/uploads/1/", token: "t", piece });
      }
      if (address.endsWith("cancel/")) return json({});
      assert.equal(headers["X-Hearth-Upload"], "t");
      const [, first, , size] = headers["Content-Range"].match(/bytes (\d+)-(\d+)\/(\d+)/);
      if (Number(first) !== here.bytes.length) return json(told(Number(size)), 409);
      here.bytes += await body.text();
      return json(told(Number(size)));
    },
  };
  return { here, page };
}

test("a file goes in pieces that say where they belong", async () => {
  const { here, page } = server();
  assert.deepEqual(await new Upload(file(), page).run(), { whole: true });
  assert.equal(here.bytes, "0123456789");
  assert.deepEqual(here.asked, [
    "POST /models/uploads/",
    "PUT /models/uploads/1/ bytes 0-3/10",
    "PUT /models/uploads/1/ bytes 4-7/10",
    "PUT /models/uploads/1/ bytes 8-9/10",
  ]);
  assert.deepEqual(here.grew, [0, 4, 8, 10]);
});

test("what is there already is not sent again", async () => {
  const { here, page } = server();
  here.bytes = "01234";
  await new Upload(file(), page).run();
  assert.deepEqual(here.asked.slice(1), ["PUT /models/uploads/1/ bytes 5-8/10", "PUT /models/uploads/1/ bytes 9-9/10"]);
});

test("a lost connection is tried again with longer pauses, and it goes on behind what came", async () => {
  let lost = 3;
  const { here, page } = server({ wrong: ({ bytes }) => (bytes.length === 4 && lost-- > 0 ? new TypeError("lost") : undefined) });
  assert.deepEqual(await new Upload(file(), page).run(), { whole: true });
  assert.deepEqual(here.pauses, [1000, 2000, 4000]);
  assert.equal(here.bytes, "0123456789");
  assert.equal(here.said[0], "The connection is lost; it goes on by itself.");
});

test("a server that stays away is given up, and what is there is kept", async () => {
  const { page } = server({ wrong: () => ({ status: 503 }) });
  assert.match((await new Upload(file(), page).run()).why, /cannot be reached/);
});

test("a piece that was stored although its answer was lost is not sent twice", async () => {
  let cut = true;
  const { here, page } = server();
  const send = page.fetch;
  page.fetch = async (address, init) => {
    const response = await send(address, init);
    if (here.bytes.length === 4 && cut) {
      cut = false;
      throw new TypeError("lost");
    }
    return response;
  };
  assert.deepEqual(await new Upload(file(), page).run(), { whole: true });
  assert.equal(here.bytes, "0123456789");
});

test("a reason is told as the server says it, and a session that is over in words", async () => {
  const full = server({ wrong: () => ({ status: 409, body: { why: "The disk is full." } }) });
  assert.deepEqual(await new Upload(file(), full.page).run(), { why: "The disk is full." });
  const over = server({ wrong: () => ({ status: 200, redirected: true }) });
  assert.match((await new Upload(file(), over.page).run()).why, /^Your session is over/);
});

test("a pause holds, and it goes on from there", async () => {
  const { here, page } = server();
  const upload = new Upload(file(), page);
  page.grew = (received) => received === 4 && upload.pause();
  assert.deepEqual(await upload.run(), {});
  assert.equal(here.bytes, "0123");
  page.grew = () => {};
  assert.deepEqual(await upload.run(), { whole: true });
  assert.equal(here.bytes, "0123456789");
});

test("what is cancelled is cancelled on the server", async () => {
  const { here, page } = server();
  const upload = new Upload(file(), page);
  page.grew = (received) => received === 4 && upload.pause();
  await upload.run();
  await upload.cancel();
  assert.equal(here.asked.at(-1), "POST /models/uploads/1/cancel/");
});

test("sizes are said as the server says them", () => {
  assert.deepEqual([1, 812, 1_100, 12_000_000, 1_120_000_000].map(shownSize), ["1 byte", "812 bytes", "1.1 kB", "12 MB", "1.1 GB"]);
});
