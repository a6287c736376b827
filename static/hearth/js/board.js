/** The board: its socket carries parts of it, drawn anew whenever they change. Without scripts it shows one moment. */
import { children } from "./morph.js";
import { tell } from "./moments.js";
import { Live } from "./socket.js";
import { t } from "./words.js";

const AGAIN = 10_000; // milliseconds; the server carries the board for half a minute

/** What the board's frames do. `parts` are the boxes for parts that come later, by the first word of their name. */
export function board(document, { parse, shown = () => {} }) {
  const boxes = new Map([...document.querySelectorAll("[data-parts]")].map((box) => [box.dataset.parts, box]));
  const found = (name) => document.querySelector(`[data-part="${CSS.escape(name)}"]`);
  return ({ part, html }) => {
    let box = found(part);
    if (!html) return box?.remove();
    if (!box) {
      box = document.createElement("div");
      box.dataset.part = part;
      boxes.get(part.split("-")[0])?.append(box);
    }
    children(box, parse(html));
    shown(box);
  };
}

function start() {
  const banner = document.querySelector("[data-connection]");
  const draw = board(document, {
    parse: (html) => new DOMParser().parseFromString(html, "text/html").body,
    shown: tell,
  });
  const live = new Live({
    url: `${location.protocol.replace("http", "ws")}//${location.host}/ws/`,
    handle: (frame) => frame.type === "board.drawn" && draw(frame),
    changed: (state, reason) => {
      banner.hidden = state === "open";
      banner.textContent = state === "open" ? "" : reason || t("Connecting again … what you see is not fresh.");
      if (state === "open") live.say({ type: "watch" });
      if (state === "over") location.reload();
    },
  });
  setInterval(() => document.visibilityState === "visible" && live.say({ type: "watch" }), AGAIN);
}

if (globalThis.document?.querySelector(".board")) start();
