/** Local time as a title beside UTC: <time datetime="2026-11-24T08:30:00+00:00" data-moment>. */
export function tell(root, { zone } = {}) {
  const words = new Intl.DateTimeFormat(globalThis.document?.documentElement?.lang, { dateStyle: "full", timeStyle: "long", timeZone: zone });
  for (const time of root.querySelectorAll("[data-moment]:not([title])")) {
    time.title = words.format(new Date(time.dateTime));
  }
}
