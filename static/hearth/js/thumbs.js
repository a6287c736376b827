/**
 * Thumbs: <span data-thumbs> <form data-thumb> … </form> … </span>. What the server answers takes the place of what is
 * there; the sheet for the reasons opens with a thumb, and the focus goes where one goes on.
 */
import { why } from "./post.js";
import { t } from "./words.js";

/** @param {{thread: HTMLElement, post: typeof import("./post.js").post}} parts */
export function thumbs({ thread, post, parse, say, complain }) {
  thread.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-thumb]")) return;
    event.preventDefault();
    const box = form.closest("[data-thumbs]");
    const response = await post(form, event.submitter).catch(() => undefined);
    if (!response?.ok) {
      const lost = t("That was not stored. Try again in a moment.");
      complain(response ? await why(response, lost) : lost);
      return;
    }
    box.replaceChildren(...parse(await response.text()));
    const sheet = box.querySelector("details[open]");
    (sheet?.querySelector("input[type=checkbox]") ?? box.querySelector("summary, button")).focus();
    say(sheet ? t("Noted. You can say why.") : t("Noted."));
  });
}
