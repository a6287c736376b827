// Copies what the pages need of the installed packages to static/vendor/, one module each; versions.json says what and which.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = "static/vendor";
const modules = {
  "markdown-it": 'export { default } from "markdown-it";',
  dompurify: 'export { default } from "dompurify";',
  highlight: 'export { default } from "highlight.js/lib/common";',
  katex: 'export { default } from "katex";',
};
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [name, contents] of Object.entries(modules)) {
  await build({
    stdin: { contents, resolveDir: "." },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "inline",
    outfile: `${out}/${name}.mjs`,
  });
}
cpSync("node_modules/katex/dist/katex.min.css", `${out}/katex.css`);
cpSync("node_modules/katex/dist/fonts", `${out}/fonts`, { recursive: true, filter: (f) => !/\.(ttf|woff)$/.test(f) });
const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
const versions = Object.fromEntries(
  ["markdown-it", "dompurify", "highlight.js", "katex"].map((name) => [name, lock[`node_modules/${name}`].version]),
);
const sha256 = Object.fromEntries(
  Object.keys(modules).map((name) => [
    name,
    createHash("sha256").update(readFileSync(`${out}/${name}.mjs`)).digest("hex"),
  ]),
);
writeFileSync(`${out}/versions.json`, JSON.stringify({ versions, sha256 }, null, 2));
