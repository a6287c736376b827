/**
 * What a prompt asks for before it is used: {{ name }}, {{ name: filled in }}, {{ name | one, another }}.
 *
 * A name is asked for once, however often it stands there; the first that says more about it counts.
 */

const FIELD = /\{\{\s*([\p{L}_][\p{L}\p{N}_ -]{0,39}?)\s*(?::([^{}]*)|\|([^{}]*))?\}\}/gu;

/** @typedef {{name: string, label: string, usual: string, choices: string[]}} Field */

/** @param {string} text @returns {Field[]} */
export function fields(text) {
  const found = new Map();
  for (const [, name, usual, choices] of text.matchAll(FIELD)) {
    const field = found.get(name) ?? { name, label: labelled(name), usual: "", choices: [] };
    field.usual ||= (usual ?? "").trim();
    if (field.choices.length === 0) field.choices = listed(choices ?? "");
    found.set(name, field);
  }
  return [...found.values()];
}

const listed = (choices) => choices.split(",").map((one) => one.trim()).filter(Boolean);

function labelled(name) {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** @param {string} text @param {Record<string, string>} values @returns {string} the text with these in it */
export function filled(text, values) {
  return text.replace(FIELD, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

/** Draw a label and a box for each field. @param {Field[]} asked @param {Document} page @returns {HTMLElement[]} */
export function drawn(asked, page) {
  return asked.map(({ name, label, usual, choices }) => {
    const row = page.createElement("label");
    row.className = "asked";
    const said = page.createElement("span");
    said.textContent = label;
    const box = choices.length ? chooser(choices, page) : page.createElement("textarea");
    if (!choices.length) {
      box.rows = 2;
      box.value = usual;
    }
    box.dataset.field = name;
    row.append(said, box);
    return row;
  });
}

function chooser(choices, page) {
  const box = page.createElement("select");
  for (const choice of choices) {
    const option = page.createElement("option");
    option.value = option.textContent = choice;
    box.append(option);
  }
  return box;
}

/** @param {ParentNode} root @returns {Record<string, string>} what was filled in, by name */
export function given(root) {
  return Object.fromEntries([...root.querySelectorAll("[data-field]")].map((box) => [box.dataset.field, box.value]));
}
