import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addCase } from '../cases/add.ts';
import type { Contestant } from '../contestants.ts';
import type { Job } from '../problem/task.ts';
import { measure } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'sinapse-bench-test-'));
const log = join(folder, 'log');
afterAll(() => rmSync(folder, { recursive: true }));

/** A contestant that adds `[8]` tensors, adds `off` to the result, and writes its runs to a log. */
const program = `
  import { appendFileSync, readFileSync, writeSync } from 'node:fs';
  import { createInterface } from 'node:readline';
  const [, , file, name, off] = process.argv;
  const job = JSON.parse(readFileSync(file, 'utf8'));
  const bytes = readFileSync(job.arrays);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const read = (array) => Array.from({ length: 8 }, (_, i) => bytes.readFloatLE(8 + length + header[array].data_offsets[0] + 4 * i));
  const reply = (message) => writeSync(3, JSON.stringify(message) + '\\n');
  reply({ engine: name + ' on ' + job.threads + ', ' + job.setting.mode });
  for await (const line of createInterface({ input: process.stdin })) {
    const { command } = JSON.parse(line);
    if (command === 'check') reply({ outputs: { y: read('a').map((a, i) => a + read('b')[i] + Number(off)) } });
    if (command === 'run') { appendFileSync(${JSON.stringify(log)}, name); reply({ median: 2, least: 1, runs: 3, processorSeconds: 0 }); }
    if (command === 'memory') reply({ peakBytes: 5 });
  }
`;
const script = join(folder, 'contestant.mjs');
writeFileSync(script, program);

const jobs: string[] = [];

function contestant(name: string, { off = 0, threaded = true, modes = ['plain'], missing = false } = {}): Contestant {
  return {
    name,
    title: name,
    ours: false,
    kind: 'native',
    threaded,
    installed: false,
    settings: () => modes.map((mode) => ({ label: mode, options: { mode } })),
    handicap: () => undefined,
    program: (job) => {
      if (missing) throw new Error('it is not here');
      jobs.push(job);
      return { command: process.execPath, args: [script, job, name, String(off)], environment: {} };
    },
  };
}

test('right contestants are timed in turn, wrong and absent ones are not, and nothing is left behind', async () => {
  const entries = await measure(addCase, {
    contestants: [
      contestant('a'),
      contestant('x', { off: 0.1 }),
      contestant('b', { threaded: false, modes: ['p', 'q'] }),
      contestant('m', { missing: true }),
    ],
    threads: [1, 2],
    rounds: 3,
    seconds: 0.01,
    limit: 30,
    settle: () => Promise.resolve(), // nothing here is timed
  });
  const found = entries.map(({ contestant: name, setting, threads, result }) => [
    name,
    setting,
    threads,
    'reason' in result ? result.reason : result.engine,
  ]);
  const wrong = expect.stringMatching(/^wrong: y is off by .*, the tolerance is 1e-7$/) as string;
  expect(found).toEqual([
    ['x', 'plain', 1, wrong],
    ['m', 'plain', 1, 'it is not here'],
    ['a', 'plain', 1, 'a on 1, plain'],
    ['b', 'p', 1, 'b on 1, p'],
    ['b', 'q', 1, 'b on 1, q'],
    ['x', 'plain', 2, wrong],
    ['m', 'plain', 2, 'it is not here'],
    ['a', 'plain', 2, 'a on 2, plain'], // b has only one thread
  ]);
  const [first] = entries.filter(({ contestant: name }) => name === 'a');
  expect(first!.result).toMatchObject({ rounds: [2, 2, 2], least: 1, runs: 9, memory: { peakBytes: 5 } });
  // Each is warmed up alone; b, with fewer runs, again; then they are measured in turn.
  expect(readFileSync(log, 'utf8')).toBe('aabbbb' + 'abb'.repeat(3) + 'aa' + 'aaa');
  expect(jobs.every((job) => !existsSync(job))).toBe(true);
});

test('a contestant is not measured again when another round would go beyond its limit', async () => {
  const slow = await measure(addCase, { contestants: [contestant('a')], threads: [1], rounds: 5, seconds: 0.01, limit: 3 });
  expect(slow[0]!.result).toMatchObject({ rounds: [2] }); // there is time for only one run of two seconds
});

test('the job says what is to be done', async () => {
  let job: Job | undefined;
  const spy: Contestant = { ...contestant('a'), program: (file) => ((job = JSON.parse(readFileSync(file, 'utf8')) as Job), { command: 'false', args: [], environment: {} }) }; // prettier-ignore
  const [entry] = await measure(addCase, { contestants: [spy], threads: [2], rounds: 1, seconds: 0.01, limit: 30 });
  expect(job).toMatchObject({ task: { kind: 'add', size: 8 }, threads: 2, setting: { mode: 'plain' }, samples: {} });
  expect(entry!.result).toHaveProperty('reason');
});

test("a setting's environment reaches the program", async () => {
  let seen: unknown;
  const spy: Contestant = {
    ...contestant('a'),
    settings: () => [{ label: 'other core', options: {}, environment: { OPENBLAS_CORETYPE: 'Haswell' } }],
    program: (_job, _threads, environment) => ((seen = environment), { command: 'false', args: [], environment: {} }),
  };
  const [entry] = await measure(addCase, { contestants: [spy], threads: [1], rounds: 1, seconds: 0.01, limit: 30 });
  expect(seen).toEqual({ OPENBLAS_CORETYPE: 'Haswell' });
  expect(entry!.setting).toBe('other core');
});
