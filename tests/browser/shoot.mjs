// Bundles and runs screenshots.ts (Debian's Node does not run TypeScript).
//   KURA_URL=http://127.0.0.1:8080 node tests/browser/shoot.mjs FOLDER
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'node_modules', '.bundle');
mkdirSync(out, { recursive: true });
const outfile = join(out, 'screenshots.mjs');
buildSync({
  entryPoints: [join(here, 'screenshots.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  target: 'node18',
});
const run = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(run.status ?? 1);
