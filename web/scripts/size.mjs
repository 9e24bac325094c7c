// Prints the brotli size of the JavaScript that the first paint needs: index.html's module
// scripts and everything they import statically. What is imported dynamically (the chart) is
// listed beside it.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const budgetBytes = 60 * 1024;
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const html = readFileSync(join(dist, "index.html"), "utf8");
const entries = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1]);
const first = new Set();
const visit = (name) => {
  if (first.has(name)) return;
  first.add(name);
  const text = readFileSync(join(dist, name), "utf8");
  for (const match of text.matchAll(/(?:^|[;}])\s*(?:import|export)[^;("']*["'](\.[^"']+)["']/g))
    visit(normalize(join(dirname(name), match[1])));
};
entries.forEach(visit);
const size = (name) => brotliCompressSync(readFileSync(join(dist, name))).length;
const later = readdirSync(join(dist, "assets"))
  .filter((name) => name.endsWith(".js"))
  .map((name) => `assets/${name}`)
  .filter((name) => !first.has(name));
let total = 0;
for (const name of first) {
  total += size(name);
  console.log(`first paint  ${String(size(name)).padStart(7)} B  ${name}`);
}
for (const name of later) console.log(`later        ${String(size(name)).padStart(7)} B  ${name}`);
const verdict = total <= budgetBytes ? "within" : "OVER";
console.log(`total ${total} B brotli until first paint, ${verdict} the budget of ${budgetBytes} B`);
process.exitCode = total <= budgetBytes && first.size > 0 ? 0 : 1;
