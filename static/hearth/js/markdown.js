/** Markdown to DOM, live and on reload alike. What a model says is never trusted: no HTML, no images, few links. */
import createPurify from "../../vendor/dompurify.mjs";
import MarkdownIt from "../../vendor/markdown-it.mjs";
import { split } from "./blocks.js";
import { saving } from "./csv.js";
import { safe } from "./links.js";
import { math } from "./math.js";
import { parts } from "./reasoning.js";
import { Thought } from "./thought.js";
import { t } from "./words.js";

const LONGEST_CODE = 60_000; // characters that are still coloured
const LONGEST_FORMULA = 4_000;
const LONGEST_BLOCK = 200_000; // beyond it a block stays plain text

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false }).use(math);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
markdown.validateLink = (address) => safe(address) !== null;
markdown.renderer.rules.image = (tokens, index) => {
  const [token] = [tokens[index]];
  return markdown.utils.escapeHtml(`![${token.content}](${token.attrGet("src")})`);
};
for (const cell of ["th_open", "td_open"]) {
  markdown.renderer.rules[cell] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const style = token.attrGet("style");
    if (style) token.attrs = [["class", style.replace("text-align:", "align-")]];
    return self.renderToken(tokens, index, options);
  };
}
const CLEAN = {
  RETURN_DOM_FRAGMENT: true,
  USE_PROFILES: { html: true },
  FORBID_TAGS: ["style", "img", "video", "audio", "form", "input", "button", "iframe", "object", "link", "meta", "base"],
  FORBID_ATTR: ["style", "src", "srcset", "id", "name", "ping", "background"],
};

/** @param {string} source one block @returns {DocumentFragment} */
function draw(source) {
  if (source.length > LONGEST_BLOCK) return plain(source);
  const fragment = createPurify.sanitize(markdown.render(source), CLEAN);
  for (const link of fragment.querySelectorAll("a")) tie(link);
  for (const code of fragment.querySelectorAll("pre > code")) frame(code);
  for (const table of fragment.querySelectorAll("table")) {
    wrap(table, "table-scroll");
    table.parentElement.after(saving(table));
  }
  for (const formula of fragment.querySelectorAll(".math")) typeset(formula);
  return fragment;
}

function plain(source) {
  const pre = document.createElement("pre");
  pre.textContent = source;
  const fragment = document.createDocumentFragment();
  fragment.append(pre);
  return fragment;
}

function tie(link) {
  const address = safe(link.getAttribute("href") ?? "");
  if (address === null) link.replaceWith(...link.childNodes);
  else {
    link.href = address;
    link.rel = "noopener noreferrer nofollow";
    link.target = "_blank";
  }
}

function wrap(element, name) {
  const box = document.createElement("div");
  box.className = name;
  box.tabIndex = 0;
  element.replaceWith(box);
  box.append(element);
}

/** A code block gets its language and a Copy button, and colours once the highlighter is there. */
function frame(code) {
  const language = /language-([\w+#-]+)/.exec(code.className)?.[1] ?? "";
  const box = document.createElement("div");
  box.className = "code";
  const bar = document.createElement("div");
  bar.className = "code-bar";
  const name = document.createElement("span");
  name.textContent = language || "text";
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "quiet";
  copy.dataset.copyCode = "";
  copy.textContent = t("Copy");
  bar.append(name, copy);
  code.parentElement.replaceWith(box);
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  pre.append(code);
  box.append(bar, pre);
  if (language && code.textContent.length <= LONGEST_CODE) colour(code, language);
}

let highlighter;
async function colour(code, language) {
  highlighter ??= import("../../vendor/highlight.mjs");
  const { default: hljs } = await highlighter;
  if (hljs.getLanguage(language)) code.innerHTML = hljs.highlight(code.textContent, { language }).value;
}

let setter;
async function typeset(formula) {
  const source = formula.textContent;
  if (source.length > LONGEST_FORMULA) return;
  setter ??= import("../../vendor/katex.mjs");
  const { default: katex } = await setter;
  const displayMode = formula.classList.contains("display");
  try {
    katex.render(source, formula, { displayMode, trust: false, maxSize: 20, maxExpand: 200, strict: "ignore" });
  } catch {
    formula.textContent = source; // a formula that cannot be set is shown as it was written
  }
}

/** One answer's text on the page: `show` redraws what has changed, which while it grows is the last block. */
export class Prose {
  /** @param {HTMLElement} element its text is the source */
  constructor(element) {
    this.element = element;
    this.blocks = [];
    element.replaceChildren();
    element.classList.add("drawn");
  }

  /** @param {string} source */
  show(source) {
    const pieces = parts(source).flatMap((part) => (part.thought ? [part] : split(part.text).map((text) => ({ text }))));
    for (const old of this.blocks.splice(pieces.length)) old.element.remove();
    pieces.forEach((piece, n) => this.put(piece, n));
  }

  /** A thought that grows stays the element that it is, so that it stays unfolded. */
  put(piece, n) {
    const old = this.blocks[n];
    if (old && !old.thought && !piece.thought && old.text === piece.text) return;
    const block = piece.thought ? { thought: old?.thought ?? new Thought(Prose) } : { text: piece.text, element: drawn(piece.text) };
    block.element ??= block.thought.element;
    if (piece.thought) block.thought.show(piece);
    if (!old) this.element.append(block.element);
    else if (old.element !== block.element) old.element.replaceWith(block.element);
    this.blocks[n] = block;
  }
}

function drawn(text) {
  const element = document.createElement("div");
  element.className = "block";
  element.append(draw(text));
  return element;
}
