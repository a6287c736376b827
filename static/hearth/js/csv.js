/** A table as a file: RFC 4180, and nothing in it that a spreadsheet would take for a formula. */
import { t } from "./words.js";

const FORMULA = /^[=+\-@\t\r]/;

/** @param {string[][]} rows @returns {string} */
export function csv(rows) {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(text) {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** @param {HTMLTableElement} table @returns {string[][]} */
export function rows(table) {
  return [...table.rows].map((row) => [...row.cells].map((one) => read(one)));
}

/** A formula is read as it was written: set in type it says everything twice. */
function read(one) {
  const copy = one.cloneNode(true);
  for (const math of copy.querySelectorAll(".katex")) math.replaceWith(math.querySelector("annotation")?.textContent ?? math.textContent);
  return copy.textContent.trim();
}

/** A button that saves the table above it. */
export function saving(table) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet save-table";
  button.textContent = t("Download as CSV");
  button.addEventListener("click", () => save(csv(rows(table)), t("table")));
  return button;
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
