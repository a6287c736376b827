import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, asked, bytes, offer, text, trouble } from "../../static/hearth/js/passkeys.js";

const buffer = (...values) => Uint8Array.from(values).buffer;

test("bytes survive base64url in both directions", () => {
  const all = Uint8Array.from({ length: 256 }, (_, n) => n);
  assert.deepEqual(bytes(text(all.buffer)), all);
  assert.equal(text(buffer(251, 255, 254)), "-__-");
  assert.equal(text(buffer(1)), "AQ");
});

test("what the server asks has bytes where the browser wants them", () => {
  const { publicKey } = asked({
    publicKey: {
      challenge: "AQI",
      rpId: "chat.example.org",
      user: { id: "Aw", name: "ada" },
      excludeCredentials: [{ type: "public-key", id: "BA" }],
    },
  });
  assert.deepEqual([...publicKey.challenge], [1, 2]);
  assert.deepEqual([...publicKey.user.id], [3]);
  assert.deepEqual([...publicKey.excludeCredentials[0].id], [4]);
  assert.equal(publicKey.rpId, "chat.example.org");
  assert.equal("allowCredentials" in publicKey, false);
});

const credential = {
  id: "AQ",
  rawId: buffer(1),
  type: "public-key",
  response: { clientDataJSON: buffer(2), signature: buffer(3), userHandle: null },
  getClientExtensionResults: () => ({ credProps: { rk: true } }),
};

test("what the browser answers is JSON, without what it left out", () => {
  assert.deepEqual(answer(credential), {
    id: "AQ",
    rawId: "AQ",
    type: "public-key",
    response: { clientDataJSON: "Ag", signature: "Aw" },
    clientExtensionResults: { credProps: { rk: true } },
  });
});

function form(dataset) {
  const parts = { "[data-start]": { hidden: true, disabled: false }, "[data-trouble]": { hidden: true, textContent: "" } };
  const field = { value: "" };
  return {
    dataset,
    parts,
    field,
    sent: 0,
    elements: { namedItem: () => field },
    querySelector: (selector) => parts[selector],
    addEventListener(_, heard) {
      this.heard = heard;
    },
    submit() {
      this.sent += 1;
    },
  };
}

const OPTIONS = JSON.stringify({ publicKey: { challenge: "AQ" } });

test("a form is sent once the browser has signed", async () => {
  const one = form({ passkey: "get", optionsAt: "/options/" });
  const got = [];
  offer(one, { credentials: { get: async () => credential }, get: async (address) => (got.push(address), OPTIONS) });
  assert.equal(one.parts["[data-start]"].hidden, false);
  await one.heard({ preventDefault() {} });
  assert.deepEqual([one.sent, got, JSON.parse(one.field.value).id], [1, ["/options/"], "AQ"]);
});

test("a refusal is a sentence and the button works again", async () => {
  const one = form({ passkey: "create", options: OPTIONS });
  const no = Object.assign(new Error("no"), { name: "NotAllowedError" });
  offer(one, { credentials: { create: async () => Promise.reject(no) } });
  await one.heard({ preventDefault() {} });
  assert.equal(one.sent, 0);
  assert.equal(one.parts["[data-start]"].disabled, false);
  assert.deepEqual(one.parts["[data-trouble]"], { hidden: false, textContent: trouble(no) });
  assert.notEqual(trouble(new Error("other")), trouble(no));
});
