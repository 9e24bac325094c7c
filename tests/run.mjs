// Runs tests/<folder>/*.test.ts: esbuild bundles each file to JavaScript (Debian's Node does not run
// TypeScript), node's own runner runs them, and the last line is "<folder>: N passed, N failed".
//   node tests/run.mjs e2e [NAME…]      only files whose name contains one of NAME
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [folder, ...names] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node tests/run.mjs e2e|browser [NAME…]');
  process.exit(2);
}
const files = readdirSync(join(here, folder))
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => names.length === 0 || names.some((part) => name.includes(part)))
  .sort();
const out = join(here, 'node_modules', '.bundle', folder);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: files.map((name) => join(here, folder, name)),
  outdir: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outExtension: { '.js': '.mjs' },
  target: 'node18',
  sourcemap: 'inline',
  logLevel: 'warning',
});

let passed = 0;
let failed = files.length === 0 ? 1 : 0;
for (const name of files) {
  const bundle = join(out, name.replace(/\.ts$/, '.mjs'));
  const output = await run(bundle);
  const pass = /^# pass (\d+)$/m.exec(output);
  const fail = /^# fail (\d+)$/m.exec(output);
  passed += pass ? Number(pass[1]) : 0;
  failed += fail ? Number(fail[1]) : 1;
}
console.log(`${folder}: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Runs one file and shows its output; gives it back for counting. */
function run(bundle) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', '--test', '--test-reporter=tap', bundle],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, KURA_ROOT: dirname(here) } },
    );
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', () => resolve(output));
  });
}
