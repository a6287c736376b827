/**
 * Days and minutes as they are where the reader is: <time datetime="…" data-local="day">12 Mar 2027</time>.
 *
 * The server says UTC. The year goes where it is this year.
 */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number) => String(number).padStart(2, "0");

/** @returns {string} `12 Mar`, `12 Mar 2027`, or with minutes `12 Mar, 09:05` */
export function said(moment, how, now = new Date(), language = globalThis.document?.documentElement?.lang || "en") {
  if (language !== "en") return inWords(moment, how, now, language);
  const year = moment.getFullYear() === now.getFullYear() ? "" : ` ${moment.getFullYear()}`;
  const day = `${moment.getDate()} ${MONTHS[moment.getMonth()]}${year}`;
  return how === "minute" ? `${day}, ${two(moment.getHours())}:${two(moment.getMinutes())}` : day;
}

/** As people write it who speak this language. */
function inWords(moment, how, now, language) {
  const year = moment.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  const minute = how === "minute" ? { hour: "2-digit", minute: "2-digit" } : {};
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...year, ...minute }).format(moment);
}

export function localise(root, now = new Date()) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    time.textContent = said(new Date(time.dateTime), time.dataset.local, now);
  }
}
