/** The one place that decides where a link may lead. */

const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/** @param {string} address @returns {string | null} the address to use, or null where it stays text */
export function safe(address) {
  const text = String(address).trim();
  if (!/^(https?:\/\/|mailto:)/i.test(text) || /[\u0000-\u0020\u007f\u200b-\u200f\u2028-\u202f]/.test(text)) return null;
  try {
    const url = new URL(text);
    return ALLOWED.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
