/** The tab's one socket. It comes back by itself; what was followed is followed again from the last word. */

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5_000;
const SEEN_EVERY = 500; // milliseconds; the server lets far more than half a second of words go unseen
const CROWDED_PAUSES = [15_000, 30_000, 60_000]; // a computer that slept is forgotten within a minute
export const SIGNED_OUT = 4401;
export const CROWDED = 4429;

export class Live {
  /** @param {{url: string, handle: (frame: object) => void, changed: (state: string, reason?: string) => void}} page */
  constructor({ url, handle, changed, WebSocket = globalThis.WebSocket, later = (work, pause) => setTimeout(work, pause) }) {
    Object.assign(this, { url, handle, changed, WebSocket, later });
    this.cursors = new Map();
    this.unsaid = new Map();
    this.pause = FIRST_PAUSE;
    this.over = false;
    this.crowded = 0; // how often in a row there was no place
    this.open();
  }

  open() {
    this.socket = new this.WebSocket(this.url);
    this.socket.onopen = () => {
      this.pause = FIRST_PAUSE;
      this.changed("open");
      for (const [generation, after] of this.cursors) this.say({ type: "follow", generation, after });
    };
    this.socket.onmessage = ({ data }) => this.handle(JSON.parse(data));
    this.socket.onclose = ({ code, reason }) => this.closed(code, reason);
  }

  closed(code, reason) {
    if (code === SIGNED_OUT || this.over) {
      this.over = true;
      this.changed("over");
      return;
    }
    if (code === CROWDED) {
      this.changed("crowded", reason);
      const pause = CROWDED_PAUSES[this.crowded++];
      if (pause) this.later(() => this.again(), pause);
      return;
    }
    this.crowded = 0;
    this.changed("away");
    this.later(() => this.open(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
  }

  /** Somebody looks at a tab that had no place: perhaps another tab was closed. */
  again() {
    if (this.crowded && this.socket.readyState === 3) this.open();
  }

  say(word) {
    if (this.socket.readyState === 1) this.socket.send(JSON.stringify(word));
  }

  follow(generation, after = "0") {
    this.cursors.set(generation, after);
    this.say({ type: "follow", generation, after });
  }

  unfollow(generation) {
    this.cursors.delete(generation);
    this.unsaid.delete(generation);
  }

  seen(generation, cursor) {
    if (!this.cursors.has(generation)) return;
    this.cursors.set(generation, cursor);
    if (this.unsaid.size === 0) this.later(() => this.tellSeen(), SEEN_EVERY);
    this.unsaid.set(generation, cursor);
  }

  tellSeen() {
    for (const [generation, cursor] of this.unsaid) this.say({ type: "seen", generation, cursor });
    this.unsaid.clear();
  }
}
