// The logs of a training in files: what is in them, that they go on after a resumption, and what happens when they cannot be written.

import { use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import type { Callback, Checkpoint, FitOptions, FitResult } from '../index.ts';
import { checkpointing, fit } from '../index.ts';
import { csvLog, jsonLinesLog } from './index.ts';

let [folder, csv, json] = ['', '', ''];
beforeEach(() => {
  use(reference());
  folder = mkdtempSync(join(tmpdir(), 'sinapse-logs-'));
  [csv, json] = [join(folder, 'run.csv'), join(folder, 'run.jsonl')];
});

const logs = () => [csvLog(csv), jsonLinesLog(json, { everySteps: 2 })];
const train = (callbacks: readonly Callback[], more: Partial<FitOptions> = {}, model = new Linear(5, 3)): Promise<FitResult> =>
  fit(model, clusters(), {
    optimizer: new Momentum(),
    loss: crossEntropy,
    epochs: 3,
    metrics: { 'a "size", squared': (x) => x.square().mean() },
    callbacks,
    ...more,
  });

const rows = () => readFileSync(csv, 'utf8').split('\r\n');
interface Line {
  readonly event: string;
  readonly epoch: number;
  readonly globalStep?: number;
}
const lines = () => readFileSync(json, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Line); // prettier-ignore
/** What each line is about: `2` an epoch, `s8` a step. */
const subjects = () => lines().map(({ event, epoch, globalStep }) => (event === 'epoch' ? `${epoch}` : `s${globalStep}`));
/** Of a training of 3 epochs with 6 steps each. */
const WHOLE = ['s2', 's4', 's6', '1', 's8', 's10', 's12', '2', 's14', 's16', 's18', '3'];

test('a table of the epochs, and a line for each step and epoch', async () => {
  const { history } = await train(logs(), { validation: clusters({ seed: 9 }) });
  const [header, ...table] = rows();
  expect(header).toBe(
    'epoch,loss,accuracy,"a ""size"", squared",valLoss,valAccuracy,"val a ""size"", squared",seconds,examples,examplesPerSecond',
  );
  const numbersOf = ({
    epoch,
    loss,
    accuracy,
    metrics,
    valLoss,
    valAccuracy,
    valMetrics,
    seconds,
    examples,
    examplesPerSecond,
  }: (typeof history)[0]) => [
    epoch,
    loss,
    accuracy,
    ...Object.values(metrics!),
    valLoss,
    valAccuracy,
    ...Object.values(valMetrics!),
    seconds,
    examples,
    examplesPerSecond,
  ];
  expect(table).toEqual([...history.map((result) => numbersOf(result).join(',')), '']);
  expect(subjects()).toEqual(WHOLE);
  expect(lines().filter(({ event }) => event === 'epoch')).toEqual(history.map((result) => ({ event: 'epoch', ...result })));
  expect(lines()[0]).toMatchObject({ event: 'step', epoch: 1, step: 2, steps: 6, globalStep: 2 });
});

test('numbers that JSON has not are strings', async () => {
  const nothing: Partial<FitOptions> = { metrics: { none: (x) => x.mean().mul(NaN), many: (x) => x.mean().mul(0).add(1).div(0) } };
  await train([jsonLinesLog(json), csvLog(csv)], nothing);
  expect(lines()[0]).toMatchObject({ metrics: { none: 'NaN', many: 'Infinity' } });
  expect(rows()[1]).toContain(',NaN,Infinity,');
});

test('a new training begins the files anew', async () => {
  for (const path of [csv, json]) writeFileSync(path, 'of an earlier training');
  await train(logs(), { epochs: 1 });
  expect([rows()[1]!.split(',')[0], subjects().at(-1)]).toEqual(['1', '1']);
});

describe('a resumed training', () => {
  /** Trains with checkpoints after some steps, and goes on after the checkpoint of one of them, as after a kill. */
  async function resumed(
    from: number,
    between: () => void = () => {},
    own: () => readonly Callback[] = logs,
    metrics?: FitOptions['metrics'],
  ): Promise<void> {
    let kept: Checkpoint | undefined;
    const save = (state: Checkpoint) => void (state.globalStep === from && (kept = state));
    await train([checkpointing({ everySteps: Math.max(1, from), save }), ...own()]);
    between();
    await train(own(), { resume: kept!, ...(metrics && { metrics }) });
  }

  test.each([0, 1, 6, 8, 17])('goes on after step %i with no line twice and none missing', async (from) => {
    await resumed(from);
    expect(subjects()).toEqual(WHOLE);
    expect(rows().map((row) => row.split(',')[0])).toEqual(['epoch', '1', '2', '3', '']);
  });

  test('cuts off half a line', async () => {
    await resumed(8, () => [csv, json].forEach((path) => appendFileSync(path, '{"half')));
    expect(subjects()).toEqual(WHOLE);
  });

  test('writes the epochs of before where the file is gone', async () => {
    await resumed(14, () => [csv, json].forEach((path) => rmSync(path)));
    expect(rows().map((row) => row.split(',')[0])).toEqual(['epoch', '1', '2', '3', '']);
    expect(subjects()).toEqual(['1', '2', 's14', 's16', 's18', '3'].filter((subject) => subject !== 's14'));
  });

  test('says that a file was shortened, and begins no step', async () => {
    const message = `write ${csv}: it has 3 bytes, but had `;
    await expect(resumed(14, () => truncateSync(csv, 3))).rejects.toThrow(message);
  });

  test('gives the table the columns of further metrics', async () => {
    await resumed(12, undefined, () => [csvLog(csv)], { 'a "size", squared': (x) => x.square().mean(), further: (x) => x.mean().mul(0) });
    expect(rows().map((row) => row.split(',').at(-1))).toEqual(['further', '', '', '0', '']);
    expect(rows().map((row) => row.split(',')[0])).toEqual(['epoch', '1', '2', '3', '']);
  });
});

describe('one line', () => {
  test.each([['csvLog', csvLog], ['jsonLinesLog', jsonLinesLog]] as const)('%s', async (owner, log) => {
    expect(() => log('')).toThrow(`${owner}: path: expected the path of a file, got ""`);
    expect(() => log('run', { naam: 'x' } as never)).toThrow(`${owner}: naam is no option; did you mean name?`);
    for (const [path, reason] of [[join(folder, 'no', 'run'), 'there is no such folder'], [folder, 'it is a folder'], ['/dev/full', 'no space left']] as const) {
      if (path === '/dev/full' && !existsSync(path)) continue;
      const model = new Linear(5, 3);
      const before = bitsOf(model);
      await expect(train([log(path)], { epochs: 1 }, model)).rejects.toThrow(`write ${path}: ${reason}`);
      if (path !== '/dev/full') expect(bitsOf(model)).toEqual(before); // the others fail before the first step
    }
  }); // prettier-ignore

  test('two logs of one name', async () => {
    await expect(train([csvLog(csv), csvLog(json)])).rejects.toThrow('fit: two callbacks have the name csvLog');
  });
});

test('a callback that throws ends the training, and the files hold whole lines up to there', async () => {
  const throwing: Callback = {
    onStep({ globalStep }) {
      if (globalStep === 9) throw new Error('enough');
    },
  };
  await expect(train([...logs(), throwing])).rejects.toThrow(/^enough$/);
  expect(subjects()).toEqual(WHOLE.slice(0, 5));
  expect(rows().map((row) => row.split(',')[0])).toEqual(['epoch', '1', '']);
});

test('what cannot be written is cut off again', async () => {
  const log = jsonLinesLog(json);
  const failing: Callback = { onEpoch: ({ epoch }) => void (epoch === 2 && rmSync(folder, { recursive: true })) };
  await expect(train([failing, log])).rejects.toThrow(`write ${json}: there is no such folder`);
});
