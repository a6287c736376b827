/**
 * Words in the reader's language. Django's catalogue (a script before the modules) brings the translations; without it
 * the words are English. Values stand in braces: t("{n} chats", { n: 3 }).
 */

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** @param {string} text in English @param {Record<string, unknown>} values */
export function t(text, values = {}) {
  return filled(globalThis.django?.gettext?.(text) ?? text, values);
}

/** One of two sentences by a count, which both may name as {n}. */
export function many(one, more, n, values = {}) {
  return filled(globalThis.django?.ngettext?.(one, more, n) ?? (n === 1 ? one : more), { n, ...values });
}

/** A number as the page's language writes it, with exactly so many digits behind the point where that is said. */
export function number(value, digits) {
  const language = globalThis.document?.documentElement?.lang || "en";
  const exactly = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, exactly).format(value);
}
