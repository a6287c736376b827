/**
 * The menu of a row in the list of chats: one for all rows, shown beside the one that asked for it.
 *
 *   <li data-row><a data-conversation="…" data-pinned data-project="…" data-team="…" data-temporary><span data-title>…</span></a>
 *     <button data-row-more>⋯</button></li>
 *   <div data-row-menu popover><button data-act="pin">…</button> … </div>
 *
 * Arrows move, Escape closes. A rename happens in the row itself: Enter keeps it, Escape takes it back.
 */
import { localise } from "./local.js";
import { t } from "./words.js";

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} menu
 * @param {{send(address: string, fields?: object, part?: string): Promise<Response | undefined>, toast(text: string,
 *   undo?: () => Promise<boolean>): void, changed(): void, current(): string | undefined, sure(text: string): boolean,
 *   renamed(chat: string, title: string): void, deleteCurrent(): void, why(response: Response): Promise<string>}} page
 */
export function rowMenu(list, menu, page) {
  let row;
  const link = () => row.querySelector("[data-conversation]");
  const title = () => row.querySelector("[data-title]").textContent.trim();
  const failed = async (response) => {
    page.toast(response ? await page.why(response) : t("Hearth cannot be reached. Nothing was changed; try again."));
    return false;
  };
  const act = async (where, fields, said, undo) => {
    const response = await page.send(`${link().getAttribute("href")}${where}/`, fields);
    if (!response?.ok) return failed(response);
    page.changed();
    if (said) page.toast(said, undo);
    return true;
  };

  const acts = {
    pin: () => act("pin", { pinned: "on" }),
    unpin: () => act("pin"),
    out: () => act("move", { project: "" }, t("The chat is in no project now.")),
    move: ({ dataset, textContent }) =>
      act("move", { project: dataset.project }, t("The chat is in the project {name} now.", { name: textContent })),
    archive: () => {
      const address = link().getAttribute("href");
      const undo = async () => ((await page.send(`${address}archive/`))?.ok ? (page.changed(), true) : failed());
      return act("archive", { archived: "on" }, t("The chat is archived."), undo);
    },
    rename: () => rename(row, title(), (text) => act("rename", { title: text }).then((done) => done && renamed(text))),
    delete: (button) => remove(button),
  };
  const renamed = (text) => page.renamed(link().dataset.conversation, text);

  async function remove({ dataset }) {
    if (dataset.final && !page.sure(dataset.final)) return;
    const gone = row;
    if (link().dataset.conversation === page.current()) return page.deleteCurrent();
    const response = await page.send(`${link().getAttribute("href")}delete/`, {}, "list");
    if (!response?.ok) return failed(response);
    const told = new DOMParser().parseFromString(await response.text(), "text/html");
    localise(told);
    const said = told.querySelector("[data-said]");
    gone.remove();
    const undo = async () => {
      const back = await page.send(said.dataset.undo);
      return back?.ok ? (page.changed(), true) : failed(back);
    };
    page.toast(said.textContent.trim(), said.dataset.undo ? undo : undefined);
  }

  function open(button) {
    row = button.closest("[data-row]");
    const { pinned, project, team, temporary } = link().dataset;
    const there = (name, on) => menu.querySelector(`[data-act="${name}"]`)?.toggleAttribute("hidden", !on);
    there("pin", pinned === undefined);
    there("unpin", pinned !== undefined);
    there("out", project !== undefined);
    const places = [...list.querySelectorAll(`[data-project-link][data-team="${team}"]`)].filter((one) => one.dataset.projectLink !== project);
    const box = menu.querySelector("[data-to-project]");
    box.hidden = temporary !== undefined || places.length === 0;
    box.open = false;
    menu.querySelector("[data-to-project-list]").replaceChildren(...places.map(place));
    menu.showPopover();
    beside(menu, button);
    choices(menu)[0]?.focus();
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-more]");
    if (button) open(button);
  });
  menu.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-act]");
    if (!button) return;
    menu.hidePopover();
    if (button.dataset.act !== "rename") row.querySelector("[data-row-more]").focus();
    acts[button.dataset.act](button);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      menu.hidePopover();
      row.querySelector("[data-row-more]").focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = choices(menu);
    all.at((all.indexOf(menu.ownerDocument.activeElement) + step) % all.length).focus();
  });
}

const choices = (menu) => [...menu.querySelectorAll("button, summary")].filter((one) => one.checkVisibility());

function place(link) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "act";
  Object.assign(button.dataset, { act: "move", project: link.dataset.projectLink });
  button.textContent = link.querySelector("span").textContent;
  return button;
}

/** Below the button, or above where there is no room; never beyond the edge. */
function beside(menu, button) {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const view = document.documentElement;
  const below = at.bottom + size.height < view.clientHeight;
  menu.style.top = `${Math.max(8, below ? at.bottom : at.top - size.height)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.left, view.clientWidth - size.width - 8))}px`;
}

/** Let a title be written in its row. @param {(title: string) => void} keep */
export function rename(row, before, keep) {
  const link = row.querySelector("a");
  const box = row.ownerDocument.createElement("input");
  Object.assign(box, { value: before, maxLength: 200, className: "rename" });
  box.dataset.renaming = "";
  box.setAttribute("aria-label", t("Title"));
  let over = false;
  const end = (text) => {
    if (over) return;
    over = true;
    box.remove();
    link.hidden = false;
    link.focus();
    if (text && text !== before) keep(text);
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Enter" ? box.value.trim() : "");
  });
  box.addEventListener("blur", () => end(box.value.trim()));
  link.hidden = true;
  link.before(box);
  box.focus();
  box.select();
}
