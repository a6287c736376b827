/** The look of what is loaded only when it is asked for: the palette and the sheet of keys. Done once it is there. */
export const styled = new Promise((resolve) => {
  if (!globalThis.document) return;
  if (document.querySelector('link[href*="css/finding.css"]')) return resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet" });
  link.href = new URL("../css/finding.css", import.meta.url);
  link.addEventListener("load", () => resolve());
  link.addEventListener("error", () => resolve()); // it works without its look
  document.head.append(link);
});
