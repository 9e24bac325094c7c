// Runs the unit tests of the page's pure modules: bundles src/**/*.test.ts with esbuild, runs them
// with node:test (so Debian's Node 18 is enough), and ends in `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const tests = readdirSync(join(root, "src"), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join(root, "src", name));
const outdir = mkdtempSync(join(tmpdir(), "kura-web-test-"));
try {
  buildSync({
    entryPoints: tests,
    outdir,
    bundle: true,
    platform: "node",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
  });
  const built = readdirSync(outdir, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => join(outdir, name));
  const run = spawnSync(
    process.execPath,
    ["--enable-source-maps", "--test", "--test-reporter=tap", ...built],
    { encoding: "utf8", env: { ...process.env, TZ: "UTC" } },
  );
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)`, "m").exec(run.stdout)?.[1] ?? 0);
  const failed = count("fail") + count("cancelled");
  if (failed > 0 || run.status !== 0) process.stdout.write(run.stdout + run.stderr);
  console.log(`web: ${count("pass")} passed, ${failed} failed`);
  process.exitCode = run.status === 0 && count("pass") > 0 ? 0 : 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
