// Runs the command line in a temporary folder: as the binary, like a user, or quicker as the same code in this process.

import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, vi } from 'vitest';
import { run } from '../src/run.ts';

export const binary: string = fileURLToPath(new URL('../dist/main.js', import.meta.url));
if (!existsSync(binary)) throw new Error(`${binary} is not built; run: npx tsc -b apps/cli`);

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output, read as one JSON object a line. */
  readonly events: readonly Record<string, unknown>[];
}

export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard output and error together contain a text. */
  says(text: string): Promise<void>;
}

/** Makes a folder for the tests of a file. It becomes the current folder, and is removed after the tests. */
export function testFolder(): string {
  const before = process.cwd();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sinapse-cli-')));
  process.chdir(folder);
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs a command line in this process. */
export async function sinapse(...args: string[]): Promise<Finished> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    return asFinished(await run(args), written.stdout, written.stderr);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const plain = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, npm_lifecycle_event: undefined };

/** Starts the binary. @param options `before` is shell code that runs first, to set limits that only a shell can set */
export function start(args: readonly string[], options: SpawnOptions & { readonly before?: string } = {}): Running {
  const { before, env, ...rest } = options;
  const whole = [process.execPath, binary, ...args];
  const [command, words] = before === undefined ? [whole[0]!, whole.slice(1)] : ['bash', ['-c', `${before}; exec "$0" "$@"`, ...whole]];
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...plain, ...env }, ...rest });
  let [stdout, stderr] = ['', ''];
  const waiting: { text: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  const check = () => {
    for (const { text, resolve } of waiting) if ((stdout + stderr).includes(text)) resolve();
  };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => ((stdout += text), check()));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => ((stderr += text), check()));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      for (const { text, reject: fail } of waiting) fail(new Error(`it ended without saying "${text}": ${stdout}${stderr}`));
      resolve(asFinished(code, stdout, stderr));
    });
  });
  return {
    process: child,
    finished,
    says: (text) =>
      new Promise((resolve, reject) => {
        waiting.push({ text, resolve, reject });
        check();
      }),
  };
}

function asFinished(code: number | null, stdout: string, stderr: string): Finished {
  return {
    code,
    stdout,
    stderr,
    get events() {
      const lines = stdout.split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}

/** A very short training on the built-in digits, without a report. */
export const small: readonly string[] = ['train', '--quick-start', '--train-limit', '64', '--test-limit', '20', '--no-report', '--json'];

/** The same with its report. */
export const reported: readonly string[] = small.filter((word) => word !== '--no-report');
