// Schedules and wrappers of optimizers in a training: checkpoints hold them, and a resumed training ends with the same bits.

import { Context, State, statesOf, tensor, use } from '@sinapse/core';
import { accumulate, adam, adamW, grouped, lookAhead, momentum, movingAverage, muon, onPlateau, sgd } from '@sinapse/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { Linear, Stateful, batch, batches, bitsOf, clusters, crossEntropy } from '../test/tiny.ts';
import type { Callback } from './index.ts';
import { decodeCheckpoint, encodeCheckpoint, fit, reduceOnPlateau, refreshStatistics } from './index.ts';

beforeAll(() => void use(poisoned()));

describe.each([
  ['muon', () => muon({ rest: adamW() })],
  ['lookAhead', () => lookAhead(adam({ learningRate: 0.1 }), { every: 2 })],
  ['accumulate', () => accumulate(momentum(), 4)],
  ['movingAverage', () => movingAverage(adam())],
  [
    'grouped',
    (model: Linear) => grouped(model, [{ parameters: '*bias', optimizer: sgd({ learningRate: 0.1 }) }], { rest: adam(), clipNorm: 1 }),
  ],
] as const)('%s', (_, make) => {
  test('resumes from a checkpoint with the same bits', async () => {
    const options = (model: Linear) => ({ optimizer: make(model), loss: crossEntropy, epochs: 3 });
    const whole = new Linear(5, 3);
    await fit(whole, clusters(), options(whole));
    const [begun, resumed] = [new Linear(5, 3), new Linear(5, 3)];
    const stop: Callback = { onStep: ({ globalStep }, session) => void (globalStep === 9 && session.stop('ninth')) };
    const { checkpoint } = await fit(begun, clusters(), { ...options(begun), callbacks: [stop] });
    const resume = decodeCheckpoint(encodeCheckpoint(await checkpoint()));
    await fit(resumed, clusters(), { ...options(resumed), resume });
    expect(bitsOf(resumed)).toEqual(bitsOf(whole));
  });
});

test('reduceOnPlateau lowers the rate, and a resumed training goes on with it', async () => {
  const rates: number[] = [];
  const train = async (epochs: number, resume?: Awaited<ReturnType<typeof run>>) => run(epochs, resume);
  const run = async (epochs: number, resume?: unknown) => {
    const learningRate = onPlateau({ initial: 0.5, factor: 0.5, patience: 0 });
    const callbacks = [
      reduceOnPlateau(learningRate, { monitor: ({ epoch }) => epoch }),
      { onEpoch: () => void rates.push(learningRate(0)) },
    ];
    const optimizer = sgd({ learningRate });
    const result = await fit(new Linear(5, 3), clusters(), { optimizer, loss: crossEntropy, epochs, callbacks, ...(resume !== undefined && { resume: resume as never }) }); // prettier-ignore
    return result.checkpoint();
  };
  await train(4);
  expect(rates).toEqual([0.5, 0.25, 0.125, 0.0625]);
  const halfway = await train(2);
  rates.length = 0;
  await train(4, halfway);
  expect(rates).toEqual([0.125, 0.0625]);
});

test('refreshStatistics moves states as training does, and no parameters', async () => {
  const model = new Stateful(2, 2);
  const before = bitsOf(model.inner);
  await refreshStatistics(model, batches(batch([[1, 2], [3, 6]], [0, 1])), { epochs: 2 }); // prettier-ignore
  expect(bitsOf(model.inner)).toEqual(before);
  // The running mean keeps 0.9 of what it was: 0.1 (1 + 0.9) of the means 2 and 4.
  const [held] = statesOf(model).map(({ cell }: { cell: State }) => [...cell.value.dataSync()]);
  expect(held).toEqual([expect.closeTo(0.38, 6), expect.closeTo(0.76, 6)]);
  expect(model.call(tensor([[1, 1]]), new Context()).shape).toEqual([1, 2]);
});

test('refuse what cannot be', async () => {
  expect(() => reduceOnPlateau((() => 0.1) as never)).toThrow('reduceOnPlateau: schedule: expected a schedule that observes');
  expect(() => reduceOnPlateau(onPlateau({ initial: 1 }), { monitor: 'valloss' as never })).toThrow('did you mean valLoss?');
  await expect(refreshStatistics(new Linear(5, 3), clusters(), { epochs: 0 })).rejects.toThrow(
    'refreshStatistics: epochs: expected an integer >= 1, got 0',
  );
});
