// Threads: any number gives the same bits, all JavaScript threads share one pool, and no thread keeps a process alive.

import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CpuOptions } from '../src/index.ts';
import { cpu } from '../src/index.ts';

interface Trained {
  readonly engine: string;
  readonly threads: number;
  readonly hash: string;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Runs a module of the built packages in its own process. */
async function run<T>(args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return JSON.parse(stdout) as T;
}

const train = (options: CpuOptions): Promise<Trained> =>
  run([
    '--input-type=module',
    '--eval',
    `import { train } from ${JSON.stringify(pathToFileURL(path('small-training.mjs')).href)};
     console.log(JSON.stringify(await train(${JSON.stringify(options)})));`,
  ]);

async function missing(engine: 'native' | 'wasm'): Promise<string | undefined> {
  try {
    await (await cpu({ engine })).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

for (const engine of ['native', 'wasm'] as const) {
  const reason = await missing(engine);
  // WebAssembly on one thread is a separate module, built for the full tier.
  const counts = engine === 'native' || process.env['SINAPSE_TEST_TIER'] === 'full' ? [1, 2, 3, 8] : [2, 3, 8];
  describe(`the engine ${engine}`, () => {
    it.skipIf(reason)(
      `trains to the same bits with any number of threads, and lets the process end (needs the engine${reason === undefined ? '' : `: ${reason}`})`,
      async () => {
        const trained = await Promise.all(counts.map((threads) => train({ engine, threads })));
        expect(trained.map(({ threads }) => threads)).toEqual(counts);
        for (const { hash } of trained) expect(hash).toBe(trained[0].hash);
      },
    );

    it.skipIf(reason)(`serves two JavaScript threads at once (needs the engine${reason === undefined ? '' : `: ${reason}`})`, async () => {
      const options = { engine, threads: 3 };
      const { hash } = await train({ engine, threads: 2 });
      const both = await run<{ ours: Trained[]; theirs: Trained[]; poolThreads?: number }>([
        path('two-threads-child.mjs'),
        JSON.stringify(options),
      ]);
      expect([...both.ours, ...both.theirs].map((trained) => trained.hash)).toEqual(Array.from({ length: 6 }, () => hash));
      // The process has one pool of native threads, however many backends and JavaScript threads use it.
      if (engine === 'native' && both.poolThreads !== undefined) expect(both.poolThreads).toBe(2);
    });
  });
}
