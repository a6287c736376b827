/** The box in which one writes: its draft, long pastes, prompts behind a slash, starters. Puts their modules together. */
import { Draft, doors } from "./draft.js";
import { Slash, sought, use } from "./slash.js";
import { t } from "./words.js";

export const LONG = 4000; // characters: what is longer is pasted as a file

const $ = (selector, root = document) => root.querySelector(selector);

async function got(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => undefined);
  return response?.ok && !response.redirected ? response.json() : undefined;
}

/** Write text where the caret is. @param {HTMLTextAreaElement} area */
function insert(area, text) {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Put a prompt into the box: in place of the slash that asked for it, before other words. @param {HTMLTextAreaElement} area */
function put(area, text) {
  const before = sought(area.value) === undefined ? area.value.trim() : "";
  area.value = before ? `${text}\n\n${before}` : text;
  area.setSelectionRange(text.length, text.length);
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * @param {HTMLFormElement} form
 * @param {{changed(): void, attached: import("./attach.js").Attached, complain(reason: string): void, say(text: string): void}} page
 *   `changed`: the box has other words, and nobody typed them
 */
export function compose(form, page) {
  const area = $("textarea", form);
  const draft = new Draft(area, doors(form, page.changed));
  if (area.disabled || !form.dataset.draft) return draft;
  keep(area, draft);
  fold(form, area, page);
  prompts(form, area, page);
  return draft;
}

function keep(area, draft) {
  area.addEventListener("input", () => draft.typed());
  document.addEventListener("visibilitychange", () => (document.hidden ? draft.save(true) : draft.seen()));
  addEventListener("pagehide", () => draft.save(true));
  addEventListener("pageshow", (event) => event.persisted && draft.seen());
  addEventListener("focus", () => draft.seen());
}

function fold(form, area, { attached }) {
  attached.page.unfold = (text) => insert(area, text);
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (event.target === area && text.length > LONG && attached.fold(text)) event.preventDefault();
  });
}

function prompts(form, area, page) {
  const box = $("[data-slash]", form);
  const dialog = $("[data-ask-fields]");
  if (!box || !dialog) return;
  const choose = async ({ id }) => {
    const prompt = await got(`/prompts/${encodeURIComponent(id)}/text/`);
    if (prompt) use(prompt, dialog, (text) => put(area, text));
    else page.complain(t("This prompt could not be had. Perhaps it was deleted; try again."));
  };
  new Slash(area, box, { heads: async () => (await got("/prompts/pick/"))?.prompts, choose, say: page.say });
  for (const card of document.querySelectorAll("[data-starter]")) {
    const starter = { title: $("strong", card).textContent, text: card.dataset.starter };
    card.addEventListener("click", () => use(starter, dialog, (text) => put(area, text)));
  }
  const list = $("[data-starters]");
  if (list) list.hidden = false;
  const wished = new URLSearchParams(location.search).get("prompt");
  if (wished) {
    history.replaceState(null, "", location.pathname); // reload does not ask again
    choose({ id: wished });
  }
}
