// The example shop for tests: a private MariaDB with a pinned last day, a copy of the project, and
// `kura` run on it. Everything lives in one temporary folder and ends with the test.
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clean, run, runOk, type Ended, type RunOptions } from './process.ts';

export const ROOT = process.env.KURA_ROOT ?? process.cwd();
export const KURA = process.env.KURA_BIN ?? join(ROOT, 'build/dev/kura');

/** The last day with data, and "now" for questions: the morning after. */
export const UNTIL = '2026-10-31';
export const NOW = '2026-11-01T09:00:00+09:00';

export interface Server {
  url: string;
  child: ChildProcess;
  log: () => string;
  stop: () => Promise<number | null>;
}

export class Shop {
  readonly folder = mkdtempSync(join(tmpdir(), 'kura-shop-'));
  readonly project = join(this.folder, 'project');
  readonly env: Record<string, string> = {};
  private readonly servers: Server[] = [];

  /** Starts the database, fills it and copies the project. Takes some seconds. */
  static async start(scale = '0.01'): Promise<Shop> {
    const shop = new Shop();
    try {
      await runOk(join(ROOT, 'scripts/mariadb'), ['start', join(shop.folder, 'db')]);
      for (const line of readFileSync(join(shop.folder, 'db/env'), 'utf8').split('\n')) {
        const found = /^(?:export )?(\w+)=(.*)$/.exec(line);
        if (found) shop.env[found[1]!] = found[2]!.replace(/^'(.*)'$/, '$1');
      }
      await runOk(join(ROOT, 'examples/shop/db/load'), [
        '--socket', shop.env.SHOP_DB_SOCKET!, '--user', shop.env.SHOP_DB_ADMIN!,
        '--until', UNTIL, '--scale', scale,
      ]);
      cpSync(join(ROOT, 'examples/shop'), shop.project, { recursive: true });
      return shop;
    } catch (problem) {
      await shop.stop();
      throw problem;
    }
  }

  /** Runs `kura` on the project at the pinned time. */
  kura(args: string[], options: RunOptions = {}): Promise<Ended> {
    const env = { ...this.env, KURA_NOW: NOW, LANG: 'C.UTF-8', ...options.env };
    return run(KURA, ['--project', this.project, ...args], { ...options, env });
  }

  /** Runs `kura`, which must succeed. */
  async kuraOk(args: string[], options: RunOptions = {}): Promise<Ended> {
    const ended = await this.kura(args, options);
    if (ended.code !== 0) {
      throw new Error(`kura ${args.join(' ')} → ${ended.code ?? ended.signal}\n${ended.stdout}${ended.stderr}`);
    }
    return ended;
  }

  /** Runs SQL as the database's administrator; rows of texts, NULL as null. */
  async sql(text: string): Promise<(string | null)[][]> {
    const ended = await runOk('mariadb', [
      '--no-defaults', `--socket=${this.env.SHOP_DB_SOCKET}`, `--user=${this.env.SHOP_DB_ADMIN}`,
      '--default-character-set=utf8mb4', '--batch', '--skip-column-names', 'shop', '-e', text,
    ]);
    return ended.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t').map((cell) => (cell === 'NULL' ? null : cell)));
  }

  /** Replaces text in a file of the project's copy. */
  edit(name: string, change: (text: string) => string): void {
    const path = join(this.project, name);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  /** Starts `kura serve` on a free port and waits for it. */
  async serve(env: Record<string, string> = {}): Promise<Server> {
    const child = spawn(KURA, ['--project', this.project, 'serve', '--port', '0'], {
      env: clean({ ...process.env, ...this.env, KURA_NOW: NOW, LANG: 'C.UTF-8', ...env }),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr!.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        const found = /http:\/\/[\d.]+:\d+/.exec(log);
        if (found) resolve(found[0]);
      });
      child.on('close', (code) => reject(new Error(`kura serve ended with ${code}\n${log}`)));
    });
    const server: Server = {
      url,
      child,
      log: () => log,
      stop: () => {
        child.kill('SIGTERM');
        return ended;
      },
    };
    this.servers.push(server);
    return server;
  }

  /** Ends what this shop started and removes its folder. */
  async stop(): Promise<void> {
    for (const server of this.servers) if (server.child.exitCode === null) await server.stop();
    await run(join(ROOT, 'scripts/mariadb'), ['stop', join(this.folder, 'db')]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The rows of a CSV without quotes that hold line ends. */
export function csvRows(text: string): string[][] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
      .map((found) => found[1]!)
      .slice(0, line.endsWith(',') ? undefined : -1)
      .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)));
}
