// A process is killed with SIGKILL at random moments; the resumed training ends with the same bits.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { randomKey, RandomStream } from '@sinapse/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killedTraining } from '../../test/killed-training.ts';
import { readEvents } from '../../test/read-events.ts';

const KILLS = process.env['SINAPSE_TEST_TIER'] === 'full' ? 100 : 3;
/** Milliseconds: the longest life of a process after its first step, and a pause in each step, so that it cannot finish before that. */
const LONGEST_LIFE = 100;
const PAUSE = 3;
const STEPS_PER_EPOCH = 6;
const EPOCHS = Math.ceil(((KILLS + 1) * LONGEST_LIFE) / PAUSE / STEPS_PER_EPOCH);

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sinapse-kill-'));
  // Bundles the sources into one file that Node 20 runs, with the vite that vitest brings and the aliases of all tests.
  const vitest = createRequire(import.meta.url).resolve('vitest/package.json');
  const { build } = (await import(pathToFileURL(createRequire(vitest).resolve('vite')).href)) as {
    build: (options: object) => Promise<unknown>;
  };
  await build({
    root: here('../..'),
    configFile: here('../../../../vitest.config.ts'),
    logLevel: 'error',
    build: { ssr: here('../../test/killed-training.ts'), outDir: folder, emptyOutDir: false, target: 'node20' },
    ssr: { noExternal: true },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the training and kills it `life` milliseconds after its first step. Returns whether it finished before. */
function run(checkpoint: string, result: string, life: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const program = join(folder, 'killed-training.js');
    const child = spawn(process.execPath, [program, checkpoint, result, String(EPOCHS), String(PAUSE)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), life));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0) resolve(true);
      else reject(new Error(`the training ended with exit code ${code}`));
    });
  });
}

test(`killed ${KILLS} times`, { timeout: 30_000 + KILLS * 4000 }, async () => {
  const [checkpoint, result] = [join(folder, 'run.checkpoint'), join(folder, 'result.json')];
  const random = new RandomStream(randomKey(1).fold('kills'));
  for (let kills = 0; kills < KILLS; kills++)
    expect(await run(checkpoint, result, 10 + random.below(LONGEST_LIFE - 10)), 'it was to be killed').toBe(false);
  expect(await run(checkpoint, result, 2 ** 30)).toBe(true);

  const uninterrupted = await killedTraining({ checkpointPath: join(folder, 'other.checkpoint'), epochs: EPOCHS, pause: 0 });
  expect(JSON.parse(await readFile(result, 'utf8'))).toEqual(JSON.parse(uninterrupted));
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);

  // The logs have every line once.
  const epochs = Array.from({ length: EPOCHS }, (_, i) => i + 1);
  const steps = Array.from({ length: EPOCHS * STEPS_PER_EPOCH }, (_, i) => i + 1);
  const table = (await readFile(`${checkpoint}.csv`, 'utf8')).trimEnd().split('\r\n');
  expect(table.map((row) => row.split(',')[0])).toEqual(['epoch', ...epochs.map(String)]);
  const lines = (await readFile(`${checkpoint}.jsonl`, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as { event: string; epoch: number; globalStep: number }); // prettier-ignore
  expect(lines.filter(({ event }) => event === 'step').map(({ globalStep }) => globalStep)).toEqual(steps);
  expect(lines.filter(({ event }) => event === 'epoch').map(({ epoch }) => epoch)).toEqual(epochs);
  const events = readEvents(await readFile(join(`${checkpoint}.events`, 'events.out.tfevents.sinapse')));
  const tagged = (tag: string) => events.filter(({ values }) => values?.[0]?.tag === tag).map(({ step }) => step);
  expect(tagged('loss/step')).toEqual(steps);
  expect(tagged('loss/training')).toEqual(epochs.map((epoch) => epoch * STEPS_PER_EPOCH));
});
