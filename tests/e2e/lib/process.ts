// Child processes for tests: run to the end, or run beside the test and be ended by it alone.
import { spawn, type ChildProcess } from 'node:child_process';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  timeoutMs?: number;
  /** Called once when the process has started, for tests that interrupt it. */
  started?: (child: ChildProcess) => void;
}

/** Runs a program to its end. A program that hangs is killed after `timeoutMs`. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: clean({ ...process.env, ...options.env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 120_000);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, seconds: (performance.now() - begin) / 1000 });
    });
    options.started?.(child);
  });
}

/** Runs a program that must succeed; an error with its output otherwise. */
export async function runOk(program: string, args: string[], options: RunOptions = {}): Promise<Ended> {
  const ended = await run(program, args, options);
  if (ended.code !== 0) {
    throw new Error(`${program} ${args.join(' ')} → ${ended.code ?? ended.signal}\n${ended.stdout}${ended.stderr}`);
  }
  return ended;
}

/** Variables that are undefined are left out of the environment. */
export function clean(env: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
