/** The page on which chats are brought along: uploads a file in pieces, and lets one choose among what is in it. */
import { choosing } from "./choosing.js";
import { Upload, shownSize } from "./upload.js";
import { many, t } from "./words.js";

const announce = (words) => { document.querySelector("[data-announce]").textContent = words; };
const bring = document.querySelector("form[data-bring]");
const moved = document.querySelector("[data-moved]");

/** One file on its way; what goes wrong is said beside it, and the same file chosen again goes on. */
function bringing(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const bar = part("way").querySelector("progress");
  let upload;
  let busy = false;

  function complain(why) {
    part("why").textContent = why;
    part("why").hidden = !why;
    if (why) announce(why);
  }

  function show(on) {
    busy = on;
    part("way").hidden = !on;
    part("stop").hidden = !on;
    part("send").disabled = on;
    form.elements.file.disabled = on;
  }

  function uploadOf(file) {
    return new Upload(file, {
      begin: form.action,
      token: form.elements.csrfmiddlewaretoken.value,
      fetch: (address, init) => fetch(address, init),
      later: (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); }),
      grew: (received) => {
        bar.value = received / file.size;
        const values = { percent: Math.floor((100 * received) / file.size), size: shownSize(file.size) };
        part("says").textContent = t("{percent} % of {size}", values);
      },
      say: (words) => { part("says").textContent = words; },
    });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.elements.file.files[0];
    if (!file || busy) return;
    complain("");
    show(true);
    part("halfway")?.remove();
    upload = uploadOf(file);
    const outcome = await upload.run();
    show(false);
    if (outcome.why) complain(outcome.why);
    else if (outcome.whole) location.assign(upload.address.replace(/file\/$/, ""));
  });
  part("stop").addEventListener("click", async () => {
    await upload.cancel();
    show(false);
    announce(t("The upload is cancelled."));
  });
  addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
}

if (bring) bringing(bring);
if (moved) {
  const counted = (n) => many("{n} chat is imported", "{n} chats are imported", n);
  const mount = () => {
    const form = moved.querySelector("form[data-choose]:not([data-ready])");
    if (!form) return;
    form.dataset.ready = "";
    choosing(form, { counted });
  };
  mount();
  let state = moved.querySelector("[data-state]").dataset.state;
  new MutationObserver(() => {
    mount();
    const now = moved.querySelector("[data-state]");
    if (now.dataset.state === state) return;
    state = now.dataset.state;
    if (state !== "running") announce(now.querySelector("p").textContent.trim());
  }).observe(moved, { childList: true });
}
