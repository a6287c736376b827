/** The office of models: puts the upload together with the page. */
import { Upload, shownSize } from "./upload.js";
import { t } from "./words.js";

const form = document.querySelector("[data-upload]");
const part = (name) => form.querySelector(`[data-${name}]`);
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const waiting = [];
const paused = new Set();
let busy = false;

const announce = (words) => { part("said").textContent = words; };

function complain(why) {
  part("why").textContent = why;
  part("why").hidden = !why;
}

/** A row for a file; the row of an upload that was broken off gives way to it. */
function rowOf(file) {
  for (const known of form.querySelectorAll("[data-known]")) if (known.dataset.known === file.name) known.remove();
  const row = part("upload-row").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("progress").setAttribute("aria-label", file.name);
  part("uploads").append(row);
  return row;
}

function add(file) {
  const row = rowOf(file);
  const [says, bar] = [row.querySelector("[data-says]"), row.querySelector("progress")];
  const [pause, cancel] = [row.querySelector("[data-pause]"), row.querySelector("[data-cancel]")];
  const say = (words, { wrong = false } = {}) => {
    says.textContent = words;
    says.toggleAttribute("data-wrong", wrong);
  };
  const upload = new Upload(file, {
    begin: form.action,
    token,
    fetch: (address, init) => fetch(address, init),
    later: (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); }),
    grew: (received) => {
      bar.value = received / file.size;
      say(`${Math.floor((100 * received) / file.size)} % of ${shownSize(file.size)}`);
    },
    say,
  });
  say(`waits; ${shownSize(file.size)}`);
  pause.addEventListener("click", () => {
    if (paused.delete(upload)) {
      pause.textContent = t("Pause");
      say("goes on …");
      waiting.push(upload);
      work();
    } else {
      paused.add(upload);
      pause.textContent = t("Go on");
      upload.pause();
      say(t("Paused at {percent} %.", { percent: Math.floor((100 * upload.received) / file.size) }));
    }
  });
  cancel.addEventListener("click", async () => {
    paused.delete(upload);
    await upload.cancel();
    row.remove();
    announce(`${file.name} is cancelled.`);
  });
  upload.failed = (why) => {
    say(why, { wrong: true });
    pause.textContent = t("Try again");
    paused.add(upload);
  };
  waiting.push(upload);
}

/** One after the other; when all are there the page shows what has become of them. */
async function work() {
  if (busy) return;
  busy = true;
  let arrived = 0;
  for (let upload = waiting.shift(); upload; upload = waiting.shift()) {
    if (paused.has(upload)) continue;
    const outcome = await upload.run();
    if (outcome.why) {
      upload.failed(outcome.why);
      announce(`${upload.file.name}: ${outcome.why}`);
    } else if (outcome.whole) {
      arrived += 1;
      announce(`${upload.file.name} is there.`);
    }
  }
  busy = false;
  if (arrived && paused.size === 0) location.reload();
}

part("files").addEventListener("change", () => {
  complain("");
  for (const file of part("files").files) add(file);
  part("files").value = "";
  work();
});
addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
