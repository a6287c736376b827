/**
 * Passkeys: the browser makes or uses one, and the form carries what it has signed.
 *
 *   <form data-passkey="create | get" data-options="{…}">   or data-options-at="address of the options"
 *     <input type="hidden" name="credential">
 *     <p data-trouble hidden></p>
 *     <button type="submit" data-start hidden>…</button>
 *   </form>
 */
import { t } from "./words.js";

/** @param {string} text base64url @returns {Uint8Array} */
export function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer @returns {string} base64url without padding */
export function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

/** What the server asks, as the browser wants it: bytes where JSON has base64url. */
export function asked({ publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) options.excludeCredentials = known(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) options.allowCredentials = known(publicKey.allowCredentials);
  return { publicKey: options };
}

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

/** What the browser answers, as JSON. */
export function answer(credential) {
  const given = PARTS.filter((part) => credential.response[part]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(given.map((part) => [part, text(credential.response[part])])),
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

/** Why it did not work, for people. @param {Error} error */
export function trouble(error) {
  if (error.name === "InvalidStateError") return t("This device has a passkey for you already.");
  if (error.name === "NotAllowedError") return t("The device gave no passkey: it was cancelled, or took too long.");
  if (error.name === "SecurityError") return t("Passkeys need a name with https, not a bare address.");
  return t("That did not work. Try again, or sign in another way.");
}

/** The options of a form: in it, or fetched when they are needed. */
export async function optionsOf(form, get) {
  return JSON.parse(form.dataset.options ?? (await get(form.dataset.optionsAt)));
}

/** Have a form ask the browser before it is sent. `credentials` is the browser's own. */
export function offer(form, { credentials, get }) {
  const [button, said] = [form.querySelector("[data-start]"), form.querySelector("[data-trouble]")];
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.hidden = true;
    try {
      const credential = await credentials[form.dataset.passkey](asked(await optionsOf(form, get)));
      form.elements.namedItem("credential").value = JSON.stringify(answer(credential));
      form.submit();
    } catch (error) {
      said.textContent = trouble(error);
      said.hidden = false;
      button.disabled = false;
    }
  });
}

async function get(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("no options");
  return JSON.stringify((await response.json()).request_options);
}

if (globalThis.document && globalThis.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) offer(form, { credentials: navigator.credentials, get });
}
