/** What people do with messages on the chat page, put together: copy, quote, thumbs, the gauge, a second model. */
import { clipboard } from "./clipboard.js";
import { gauge } from "./gauge.js";
import { part, parse, post } from "./post.js";
import { quoting } from "./quote.js";
import { announce, refuse } from "./say.js";
import { thumbs } from "./thumbs.js";
import { two } from "./two.js";

/** @param {{thread: HTMLElement, composer: HTMLFormElement, answer: (id: string) => import("./answer.js").Answer}} page */
export function messages({ thread, composer, answer }) {
  const area = composer.querySelector("textarea");
  const put = (change) => {
    area.value = change(area.value);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  };
  clipboard({ answer, say: announce, complain: refuse });
  quoting({ thread, put });
  thumbs({ thread, post, parse, say: announce, complain: refuse });
  two(composer);
  const box = document.querySelector("[data-gauge]");
  if (box) gauge(box, { thread, get: part, parse });
  thread.addEventListener("toggle", opened, true);
  return { put };
}

/** What opens below the last line comes into view. */
function opened({ target }) {
  if (target.matches("details.menu[open]")) target.querySelector(".sheet")?.scrollIntoView({ block: "nearest" });
}

/** The words of a question that a form takes back: they go to the box. @returns {string} nothing for other forms */
export function takenBack(form) {
  return form.matches("[data-take-back]") ? form.closest("article").querySelector("[data-source]").textContent : "";
}
