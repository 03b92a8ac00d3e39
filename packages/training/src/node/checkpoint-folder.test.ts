// Which checkpoints a folder keeps.

import { reference } from '@sinapse/backend-reference';
import { use } from '@sinapse/core';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import type { FitOptions, FitResult } from '../index.ts';
import { fit } from '../index.ts';
import { checkpointFolder, lastCheckpoint, loadCheckpoint } from './index.ts';
import type { CheckpointFolderOptions } from './index.ts';

let folder: string;
beforeEach(() => {
  use(reference());
  folder = join(mkdtempSync(join(tmpdir(), 'sinapse-folder-')), 'run');
});

const train = (options: CheckpointFolderOptions, more: Partial<FitOptions> = {}, model = new Linear(5, 3)): Promise<FitResult> =>
  fit(model, clusters(), {
    optimizer: new Momentum(),
    loss: crossEntropy,
    epochs: 3,
    callbacks: [checkpointFolder(folder, options)],
    ...more,
  });

const named = (...steps: number[]) => steps.map((step) => `step-${String(step).padStart(9, '0')}.checkpoint`);

test('the last ones stay', async () => {
  await train({ keep: 2, everySteps: 4 }); // saved after steps 0, 4, 6, 8, 12, 12, 16, 18
  expect(readdirSync(folder).sort()).toEqual(named(16, 18));
  expect(await lastCheckpoint(folder)).toBe(join(folder, named(18)[0]!));
});

test('the best one is that of the least validation loss', async () => {
  const { history } = await train({ monitor: ({ epoch }) => Math.abs(epoch - 2) });
  expect(readdirSync(folder).sort()).toEqual(['best.checkpoint', ...named(18)]);
  expect((await loadCheckpoint(join(folder, 'best.checkpoint'))).history).toEqual(history.slice(0, 2));
});

test('with a validation the best one is kept without being asked', async () => {
  const { history } = await train({}, { validation: clusters({ seed: 9 }) });
  const losses = history.map(({ valLoss }) => valLoss!);
  const best = losses.indexOf(Math.min(...losses)) + 1;
  expect((await loadCheckpoint(join(folder, 'best.checkpoint'))).history).toHaveLength(best);
});

test('a training goes on from its last checkpoint, and what is later is removed', async () => {
  const [whole, resumed] = [new Linear(5, 3), new Linear(5, 3)];
  await train({ keep: 9 }, {}, whole);
  const resume = await loadCheckpoint(join(folder, named(6)[0]!));
  await train({ keep: 9, everySteps: 8 }, { resume, epochs: 2 }, resumed);
  expect(readdirSync(folder).sort()).toEqual(named(0, 6, 8, 12));
  await train({ keep: 9 }, { resume: await loadCheckpoint((await lastCheckpoint(folder))!) }, resumed);
  expect(bitsOf(resumed)).toEqual(bitsOf(whole));
});

test('mistakes are one line', async () => {
  expect(await lastCheckpoint(folder)).toBeUndefined();
  await train({}, { epochs: 1 });
  await expect(train({})).rejects.toThrow(
    `checkpointFolder: ${folder} holds the checkpoints of another training, ${named(6)[0]}; resume it, or choose another folder`,
  );
  expect(() => checkpointFolder('')).toThrow('checkpointFolder: folder: expected the path of a folder, got ""');
  expect(() => checkpointFolder('a', { kep: 3 } as never)).toThrow('checkpointFolder: kep is no option; did you mean keep?');
  folder = join(folder, 'file');
  writeFileSync(folder, '');
  await expect(train({})).rejects.toThrow(new RegExp(`^write ${folder}: `));
  await expect(lastCheckpoint(folder)).rejects.toThrow(`read ${folder}: it is no folder`);
});
