/** The chat page: puts the modules together and holds what they share. */
import { Answer, ending } from "./answer.js";
import { Attached } from "./attach.js";
import { listBeside } from "./beside.js";
import { compose } from "./compose.js";
import { Ids, grow, refusal, sends } from "./composer.js";
import { frames } from "./frames.js";
import { forgotten, gone } from "./gone.js";
import { Life } from "./life.js";
import { localise } from "./local.js";
import { Prose } from "./markdown.js";
import { messages, takenBack } from "./messages.js";
import { notices } from "./notices.js";
import { pinning } from "./pin.js";
import { parse, parsed, post } from "./post.js";
import { announce, refuse } from "./say.js";
import { Live } from "./socket.js";
import { seeing } from "./sidebar.js";
import { tuning, where } from "./tuning.js";
import { t } from "./words.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const thread = $("[data-thread]");
const scroll = $("[data-scroll]");
const composer = $("[data-composer]");
const area = $("textarea", composer);
const button = $("[data-send]", composer);
const banner = $("[data-connection]");
const MENUS = "details:is(.menu, .life)[open]";
const answers = new Map();
const ids = new Ids();
let nearEnd = !location.hash.startsWith("#message-"); // search leads to a message
let sending = false;
let leaving = false;
let removing = false;

const page = {
  answer: (id) => answers.get(id),
  seen: (id, cursor) => live.seen(id, cursor),
  followAgain: (id) => live.follow(id, "0"),
  ended(id) {
    live.unfollow(id);
    announce(ending(answers.get(id)?.element.dataset.state, Boolean(running())));
    $(`.sidebar [aria-current] .dot`)?.remove();
    showButton();
    life?.look();
    thread.dispatchEvent(new CustomEvent("hearth:ended", { bubbles: true, detail: { generation: id } }));
  },
  rename(conversation, title) {
    const entry = $(`[data-sidebar] [data-conversation="${CSS.escape(conversation)}"] [data-title]`);
    if (entry) entry.textContent = title;
    if (thread.dataset.conversation !== conversation) return;
    $("[data-page-title]").textContent = title;
    document.title = `${title} · ${document.documentElement.dataset.house}`;
  },
  remove(conversation) {
    $(`[data-sidebar] [data-conversation="${CSS.escape(conversation)}"]`)?.closest("li").remove();
    if (thread.dataset.conversation === conversation && !removing) life.end(t("This chat is gone."));
  },
  changed(conversation) {
    sidebar.changed();
    if (!conversation) life?.look(); // many have: this one may be gone
  },
  complain: (reason) => refuse(reason),
  showNotices: notices($("[data-notices]"), {
    get: async () => {
      const response = await fetch("/break-glass/notices/", { headers: { "X-Hearth-Partial": "notices" } }).catch(() => undefined);
      return response?.ok ? response.text() : undefined;
    },
    post: async (form) => (await post(form).catch(() => undefined))?.status === 204,
    parse,
    shown: localise,
  }),
};

/** Nothing of a chat that is gone stays on the page, in any answer that is still followed, or in the tab's name. */
function lost(sentence) {
  for (const id of answers.keys()) live.unfollow(id);
  answers.clear();
  gone(document, sentence);
  showButton();
  announce(sentence);
}

const box = $("[data-life-box]");
const life =
  box &&
  new Life(
    box,
    {
      get: async () => {
        const response = await fetch(box.dataset.lifeBox, { headers: { "X-Hearth-Partial": "life" } }).catch(() => undefined);
        return { gone: response?.status === 404, html: response?.ok && !response.redirected ? await response.text() : undefined };
      },
      post,
      gone: lost,
      shown: () => localise(box),
      say: announce,
    },
    { parse: parsed },
  );

const eyes = seeing($("[data-seen]"), { post, hidden: () => document.hidden });
const sidebar = listBeside({
  current: () => thread.dataset.conversation,
  renamed: (chat, title) => page.rename(chat, title),
  deleteCurrent: () => remove($("form[data-confirm]")),
  shown: () => sidebar.row(thread.dataset.conversation ?? "")?.dataset.unread !== undefined && eyes.again(),
});
thread.addEventListener("hearth:ended", eyes.again);

const live = new Live({
  url: `${location.protocol.replace("http", "ws")}//${location.host}/ws/`,
  handle: (frame) => frames[frame.type]?.(page, frame),
  changed: connection,
});

function connection(state, reason) {
  if (state === "open" && !banner.hidden) page.changed(); // what was said meanwhile was not heard
  banner.hidden = state === "open";
  banner.replaceChildren();
  if (state === "away") banner.textContent = t("Connecting again … nothing is lost.");
  if (state === "crowded") banner.textContent = `${reason} ${t("Until then it shows nothing new by itself.")}`;
  if (state === "over") {
    for (const id of answers.keys()) live.unfollow(id);
    answers.clear();
    forgotten(document);
    const link = document.createElement("a");
    link.href = "/account/login/";
    link.textContent = t("Sign in again");
    banner.append(`${t("You are signed out.")} `, link, `. ${t("What you were writing stays here until you leave.")}`);
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  live.again();
  life?.tick();
  eyes.look();
});

const attached = new Attached(composer, { complain: refuse, say: announce });

/** The box has other words. */
function changed() {
  grow(area);
  showButton();
}
const writing = compose(composer, { changed, attached, complain: refuse, say: announce });

/** Bring the answers of the thread to life. */
function mount() {
  for (const id of answers.keys()) live.unfollow(id);
  answers.clear();
  for (const element of $$("[data-generation]", thread)) {
    const answer = new Answer(element, Prose);
    answers.set(answer.id, answer);
    if (answer.live) live.follow(answer.id);
  }
  if (running()) announce("Answering.");
  showButton();
  toEnd();
  thread.dispatchEvent(new CustomEvent("hearth:mounted", { bubbles: true })); // the thread's words are on the page
}

const running = () => [...answers.values()].find((answer) => answer.live);

/** While an answer is written the button stops it; what stands in the box then can be sent to wait behind it. */
function showButton() {
  const stops = Boolean(running());
  const empty = area.value.trim() === "";
  button.dataset.mode = stops ? "stop" : "send";
  $(".label", button).textContent = stops ? t("Stop") : t("Send");
  button.disabled = area.disabled || area.readOnly || (!stops && empty);
  const next = $("[data-next]", composer);
  if (next) next.hidden = !stops || empty || area.readOnly;
}

/** Send a form; the answer is the new thread, or a sentence. @returns {Promise<boolean>} */
async function send(form, submitter) {
  if (sending) return false;
  sending = true;
  refuse("");
  const id = $("[data-client-id]", form);
  if (id) id.value = ids.of(form, ($("textarea", form)?.value ?? "") + (form === composer ? marks() : (submitter?.value ?? "")));
  try {
    const taken = await take(await post(form, submitter));
    if (taken) ids.arrived(form);
    return taken;
  } catch {
    refuse(t("Hearth cannot be reached. What you wrote is still here; try again."));
    return false;
  } finally {
    sending = false;
  }
}

async function take(response) {
  if (response.redirected) {
    location.assign(response.url);
    return true;
  }
  const content = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok) {
    refuse($(".refusal, .lead", content)?.textContent ?? t("That did not go through. Reload the page and try again."));
    return false;
  }
  thread.replaceChildren(...content.body.childNodes);
  mount();
  return true;
}

/** What makes the same words another question: their files, and how long their chat lives. */
const marks = () => attached.marks + ($("[name=temporary]", composer)?.checked ? "\ntemporary" : "");

async function ask() {
  if (area.readOnly || sending) return;
  const reason = refusal(area.value);
  if (reason) {
    refuse(reason);
    return;
  }
  nearEnd = true;
  await Promise.all([attached.settled, writing.hold()]);
  if (!(await send(composer))) return writing.refused();
  area.value = "";
  writing.taken();
  attached.clear();
  changed();
}

/** Stop what is written now: one answer, or the two of a pair. */
async function stop() {
  const live = [...answers.values()].filter((answer) => answer.live).map((answer) => answer.element);
  const pair = live[0]?.closest("[data-pair]");
  const now = pair ? live.filter((element) => pair.contains(element)) : live.slice(0, 1);
  for (const form of now.map((element) => $("[data-stop]", element))) await send(form);
}

function toEnd() {
  if (nearEnd) scroll.scrollTop = scroll.scrollHeight;
}

composer.noValidate = true; // Stop is the same button, and the box is empty then
if (composer.elements.deployment) where(area, composer.elements.deployment);
if ($("[data-tuning]")) tuning($("[data-tuning]"), composer.elements.deployment);
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  if (running()) stop();
  else ask();
});
area.addEventListener("keydown", (event) => {
  if (!sends(event)) return;
  event.preventDefault();
  ask();
});
$("[data-next]", composer)?.addEventListener("click", ask);
area.addEventListener("input", changed);
new ResizeObserver(toEnd).observe(thread); // words, formulas and colours arrive at times of their own
thread.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-partial]")) return;
  event.preventDefault();
  nearEnd = true;
  const words = takenBack(event.target);
  if ((await send(event.target, event.submitter)) && words) put((before) => (before.trim() ? before : words));
});
scroll.addEventListener("scroll", () => {
  nearEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  $("[data-latest]").hidden = nearEnd;
});
$("[data-latest]").addEventListener("click", () => {
  nearEnd = true;
  toEnd();
});

const { put } = messages({ thread, composer, answer: (id) => answers.get(id) });

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-cancel-edit]")) target.closest("details").open = false;
  for (const menu of $$(MENUS)) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !$("dialog[open]")) escape();
});

/** Escape closes what is open; where nothing is, it stops the answer. */
function escape() {
  const menu = $(MENUS);
  if (!menu) return running() && stop();
  close(menu);
}

function close(menu) {
  menu.open = false;
  $("summary", menu).focus();
}

/** Leave a chat that is gone, once: the answer to its deletion and the word on the socket may both say so. */
function leave() {
  if (leaving) return;
  leaving = true;
  location.assign("/");
}

/** Delete asks first; rename stays on the page. */
for (const form of $$("[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const dialog = $("[data-dialog]");
    $("[data-dialog-text]").textContent = form.dataset.confirm;
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && remove(form), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });
}
async function remove(form) {
  removing = true;
  try {
    const response = await post(form);
    if (response.ok || response.status === 404) return leave(); // 404: another tab was quicker
    refuse($(".refusal", parsed(await response.text()))?.textContent ?? t("The chat could not be deleted. Reload the page and try again."));
  } catch {
    refuse(t("Hearth cannot be reached. The chat was not deleted; try again."));
  }
  removing = false;
}
$("[data-rename]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const response = await post(form).catch(() => undefined);
  if (!response?.ok) return refuse(t("The title could not be changed."));
  page.rename(thread.dataset.conversation, new FormData(form).get("title"));
  form.closest("details").open = false;
});

const pin = $("[data-pin]");
if (pin) {
  pinning(pin, {
    post,
    complain: refuse,
    pinned: (html, on) => {
      life.show(html);
      announce(on ? t("The chat is pinned to the top.") : t("The chat is no longer pinned."));
      close(pin.closest("details"));
      sidebar.changed();
    },
  });
}

localise(document);
mount();
if (!nearEnd) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
grow(area);
