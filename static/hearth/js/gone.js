/**
 * A chat that is gone: every word of it leaves the page, which stays grey with a sentence.
 *
 * What somebody was writing was never sent: it stays to be copied.
 */
import { t } from "./words.js";

export function gone(page, sentence) {
  const one = (selector) => page.querySelector(selector);
  const note = page.createElement("div");
  note.className = "gone";
  note.setAttribute("role", "status");
  const said = page.createElement("p");
  said.textContent = sentence;
  const link = page.createElement("a");
  link.href = "/";
  link.className = "new";
  link.textContent = t("New chat");
  note.append(said, link);
  const thread = one("[data-thread]");
  one(`[data-sidebar] [data-conversation="${thread.dataset.conversation}"]`)?.closest("li").remove();
  thread.replaceChildren(note);
  delete thread.dataset.conversation;
  one("[data-page-title]").textContent = t("Gone");
  page.title = "Hearth";
  for (const part of page.querySelectorAll("header .menu, [data-life-box], [data-refusal] > *")) part.remove();
  const draft = one("[data-box] textarea");
  draft.readOnly = true;
  draft.placeholder = "";
  for (const control of page.querySelectorAll("[data-composer] :is(button, select, input)")) control.disabled = true;
  page.body.classList.add("is-gone");
}

/** Somebody has signed out, perhaps in another tab: nothing of their chats stays to be read, but what they were writing. */
export function forgotten(page) {
  page.querySelector("[data-thread]").replaceChildren();
  page.querySelector("[data-sidebar]")?.replaceChildren();
  page.querySelector("[data-page-title]")?.replaceChildren();
  for (const part of page.querySelectorAll("header .menu, [data-life-box]")) part.remove();
  page.title = "Hearth";
}
