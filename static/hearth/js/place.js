/** A page beside the list of chats that is no chat. The list hears of changes here as well. */
import { listBeside } from "./beside.js";
import { localise } from "./local.js";
import { parsed, part } from "./post.js";
import { Live } from "./socket.js";

/** The chats that the page itself shows, <div data-chats-of>, are read anew with the list. */
async function chatsAnew() {
  const html = document.querySelector("[data-chats-of]") && (await part(location.href));
  const there = html && parsed(html).querySelector("[data-chats-of]");
  if (!there) return;
  localise(there);
  const here = document.querySelector("[data-chats-of]");
  if (here.innerHTML !== there.innerHTML && !here.contains(document.activeElement)) here.replaceWith(there);
}

const sidebar = listBeside({
  current: () => undefined,
  renamed: (chat, title) => {
    const entry = sidebar.row(chat)?.querySelector("[data-title]");
    if (entry) entry.textContent = title;
  },
  deleteCurrent: () => {},
  shown: chatsAnew,
});
let away = false;
const live = new Live({
  url: `${location.protocol.replace("http", "ws")}//${location.host}/ws/`,
  handle: ({ type }) => type.startsWith("conversation.") && sidebar.changed(),
  changed(state) {
    if (state === "away") away = true;
    else if (state === "open" && away) sidebar.changed(); // what was said meanwhile was not heard
  },
});
document.addEventListener("visibilitychange", () => document.hidden || live.again());
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
});
localise(document);
