/** The list of chats beside a page, put together: it is live, goes on, and each of its rows has a menu. */
import { localise } from "./local.js";
import { part, why } from "./post.js";
import { rowMenu } from "./rowmenu.js";
import { Sidebar } from "./sidebar.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

const hidden = () => document.hidden;

/** Send fields without leaving the page; who leaves it meanwhile loses nothing. @returns {Promise<Response | undefined>} nothing where nobody answered */
export function send(address, fields = {}, part = "thread") {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const headers = { "X-Hearth-Partial": part, Accept: "text/html" };
  return fetch(address, { method: "POST", body, headers, keepalive: true }).catch(() => undefined);
}

/** @param {{current(): string | undefined, renamed(chat: string, title: string): void, deleteCurrent(): void, shown?(): void}} page */
export function listBeside({ current, renamed, deleteCurrent, shown = () => {} }) {
  const list = document.querySelector("[data-sidebar]");
  const menu = document.querySelector("[data-row-menu]");
  const reached = new Map();
  const watch = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      reached.get(target)?.();
      reached.delete(target);
    }
  });
  const sidebar = new Sidebar(list, {
    get: part,
    current,
    hidden,
    busy: () => Boolean(list.querySelector("[data-renaming]")) || menu.matches(":popover-open"),
    shown: (root) => {
      localise(root);
      shown();
    },
    reach: (link, come) => {
      reached.set(link, come);
      watch.observe(link);
    },
    kept: localStorage,
  });
  rowMenu(list, menu, {
    send,
    toast,
    current,
    renamed,
    deleteCurrent,
    changed: () => sidebar.changed(),
    sure: (text) => confirm(text),
    why: (response) => why(response, t("That did not go through. Reload the page and try again.")),
  });
  document.addEventListener("visibilitychange", () => hidden() || sidebar.looked());
  return sidebar;
}
