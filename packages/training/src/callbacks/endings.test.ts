// Callbacks that end a training, or see to its end: the time limit, results that are no numbers, averaged weights.

import { reference } from '@sinapse/backend-reference';
import { use } from '@sinapse/core';
import { movingAverage, sgd } from '@sinapse/optimizers';
import { beforeEach, expect, test, vi } from 'vitest';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import type { Checkpoint, FitOptions } from '../index.ts';
import { averagedWeights, checkpointing, fit, stopOnNaN, timeLimit } from '../index.ts';

beforeEach(() => void use(reference()));

const settings = (callbacks: FitOptions['callbacks'] = []): FitOptions => ({
  optimizer: new Momentum(),
  loss: crossEntropy,
  epochs: 3,
  callbacks,
});

test('a time limit ends the training after a step, from where it can be resumed', async () => {
  const clock = vi.spyOn(performance, 'now');
  const saved: Checkpoint[] = [];
  const model = new Linear(5, 3);
  try {
    clock.mockReturnValue(0);
    const slow = { onStep: ({ globalStep }: { globalStep: number }) => void clock.mockReturnValue(globalStep * 1000) };
    const callbacks = [slow, timeLimit({ seconds: 8 }), checkpointing({ save: (state) => void saved.push(state) })];
    const { stopped, history } = await fit(model, clusters(), settings(callbacks));
    expect({ stopped, epochs: history.length }).toEqual({ stopped: 'time', epochs: 1 });
  } finally {
    clock.mockRestore();
  }
  expect(saved.at(-1)!.globalStep).toBe(8);
  const whole = new Linear(5, 3);
  await fit(whole, clusters(), settings());
  await fit(model, clusters(), { ...settings(), resume: saved.at(-1)! });
  expect(bitsOf(model)).toEqual(bitsOf(whole));
  expect(() => timeLimit({ seconds: 0 })).toThrow('timeLimit: seconds: expected a finite number > 0, got 0');
});

test('a training that is finished in time, or just then, is not stopped', async () => {
  expect((await fit(new Linear(5, 3), clusters(), settings([timeLimit({ seconds: 1e6 })]))).stopped).toBe('finished');
});

test('a validation loss that is no number ends the training', async () => {
  const model = new Linear(5, 3);
  let epochs = 0;
  const validation = { ...clusters(), async *iterate(options: { epoch: number }) {
    epochs++;
    for await (const { x, y } of clusters().iterate(options)) yield { x: epochs === 2 ? { ...x, data: x.data.map(() => NaN) } : x, y };
  } }; // prettier-ignore
  const { stopped, history } = await fit(model, clusters(), { ...settings([stopOnNaN()]), validation });
  expect({ stopped, epochs: history.length }).toEqual({ stopped: 'valLoss is NaN', epochs: 2 });
});

test('a metric that is no number ends it only if asked', async () => {
  const metrics: NonNullable<FitOptions['metrics']> = { odd: (x) => x.mean().div(0) };
  expect((await fit(new Linear(5, 3), clusters(), { ...settings([stopOnNaN()]), metrics })).stopped).toBe('finished');
  const { stopped } = await fit(new Linear(5, 3), clusters(), { ...settings([stopOnNaN({ metrics: true })]), metrics });
  expect(stopped).toMatch(/^odd is (NaN|-?Infinity)$/);
});

test("averaged weights are the model's at the end, not after an abort", async () => {
  const run = async (averaged: boolean, abort = false) => {
    const [model, optimizer] = [new Linear(5, 3), movingAverage(sgd({ learningRate: 0.1 }), { decay: 0.5, warmUp: false })];
    const stop = { onEpoch: (_: unknown, session: { stop(reason: string): void }) => void (abort && session.stop('aborted')) };
    await fit(model, clusters(), { ...settings([stop, ...(averaged ? [averagedWeights(optimizer)] : [])]), optimizer });
    return {
      bits: bitsOf(model),
      average: [...optimizer.state().slots['average']![0]!.dataSync()],
      kernel: [...model.kernel.value.dataSync()],
    };
  };
  const [plain, averaged] = [await run(false), await run(true)];
  expect(averaged.kernel).toEqual(plain.average);
  expect(averaged.average).toEqual(plain.kernel); // kept instead
  expect((await run(true, true)).bits).toEqual((await run(false, true)).bits);
  expect(() => averagedWeights(sgd() as never)).toThrow(
    'averagedWeights: optimizer: expected an optimizer that averages weights, e.g. movingAverage(adam()), got',
  );
});
