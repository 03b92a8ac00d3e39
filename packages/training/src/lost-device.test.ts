// When the device is lost or out of memory, a training ends with that error and can go on from its last checkpoint.

import type { Double, DoubleOptions } from '@sinapse/backend-testkit';
import { double } from '@sinapse/backend-testkit';
import { BackendLostError, OutOfMemoryError, withBackend } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { finish, images, network, settings, train, whole } from '../test/late.ts';
import { clusters, crossEntropy, Linear, Momentum } from '../test/tiny.ts';
import type { BatchSource, Callback, Checkpoint, FitOptions } from './index.ts';
import { checkpointing, evaluate, fit } from './index.ts';

/** Trains with a checkpoint every 2 steps. */
async function interrupted(backend: Double, data: BatchSource = images(), options: Partial<FitOptions> = {}) {
  const saved: Checkpoint[] = [];
  const reasons: string[] = [];
  const callbacks: Callback[] = [
    ...(options.callbacks ?? []),
    checkpointing({ everySteps: 2, save: (checkpoint) => void saved.push(checkpoint) }),
    { onStop: (reason) => void reasons.push(reason) },
  ];
  const { error, checkpoint } = await train(backend, data, { ...options, callbacks });
  return { error, reasons, last: saved.at(-1), atEnd: checkpoint };
}

/** The batches of a source, with a callback before one of them, which is counted over all epochs from 1. */
const before = (step: number, happens: () => void | Promise<void>, source: BatchSource = images()): BatchSource => ({
  length: 6,
  async *iterate(options) {
    let next = (options.epoch - 1) * 6 + (options.skip ?? 0);
    for await (const batch of source.iterate(options)) {
      if (++next === step) await happens();
      yield batch;
    }
  },
});
const forever = () => new Promise<void>(() => {});

describe('a lost device', () => {
  const cases: [string, (backend: Double) => [BatchSource, Partial<FitOptions>?]][] = [
    ['before a step is issued', (backend) => [before(8, () => backend.lose())]],
    ['while a loss is waited for', (backend) => [before(8, () => void setImmediate(() => backend.lose()))]],
    ['while the data is waited for', (backend) => [before(8, () => (setTimeout(() => backend.lose(), 5), forever()))]],
    [
      'while the validation data is waited for',
      (backend) => [images(), { validation: before(3, () => (setTimeout(() => backend.lose(), 5), forever())) }],
    ],
    ['in a validation', (backend) => [images(), { validation: before(3, () => backend.lose()) }]],
    ['in a callback', (backend) => [images(), { callbacks: [{ onStep: (info) => void (info.globalStep === 8 && backend.lose()) }] }]],
    ['at the end of an epoch', (backend) => [images(), { callbacks: [{ onEpoch: () => backend.lose() }] }]],
  ];
  test.each(cases)('%s: ends the training with its error, and it goes on with a new one', async (_, happens) => {
    const backend = double();
    const { error, reasons, last } = await interrupted(backend, ...happens(backend));
    expect(error).toBeInstanceOf(BackendLostError);
    expect(reasons).toEqual(['failed']);
    expect(last!.globalStep).toBeGreaterThanOrEqual(4);
    expect(await finish(last!)).toEqual(await whole());
  });

  test.each([60, 130, 200, 270, 340, 410, 480])('at its kernel number %d, likewise', async (loseAfter) => {
    const { error, reasons, last } = await interrupted(double({ loseAfter }));
    expect(error).toBeInstanceOf(BackendLostError);
    expect(reasons).toEqual(['failed']);
    expect(await finish(last!)).toEqual(await whole());
  });

  test('ends an evaluation that waits for data', async () => {
    const backend = double();
    const data = before(3, () => (setTimeout(() => backend.lose(), 5), forever()));
    const { promise } = withBackend(backend, () => ({ promise: evaluate(network(), data, { loss: settings().loss }) }));
    await expect(promise).rejects.toBeInstanceOf(BackendLostError);
  });
});

describe('memory that runs out', () => {
  test.each([100, 170, 240, 310, 380, 450, 520])('at storage number %d: ends the training with its error', async (outOfMemoryAfter) => {
    const backend = double({ outOfMemoryAfter });
    const { error, reasons, last, atEnd } = await interrupted(backend);
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(reasons).toEqual(['failed']);
    const expected = await whole();
    expect(await finish(last!)).toEqual(expected);
    expect(await finish(last!, backend), 'on the same device').toEqual(expected);
    expect(await finish(atEnd!), 'from where it failed').toEqual(expected);
  });

  test('at a limit, in the first batch that is too large', async () => {
    const backend = double({ memoryLimit: 400_000 });
    const large = clusters({ examples: 4000, batchSize: 4000, shape: [8, 8, 1] });
    const data: BatchSource = {
      async *iterate(options) {
        if (options.epoch === 1) yield* images().iterate(options);
        else yield* large.iterate({ epoch: 1 });
      },
    };
    const { error, last } = await interrupted(backend, data);
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toMatchObject({ limit: 400_000 });
    expect(last!.globalStep).toBe(6);
  });
});

test.each<[string, (count: number) => DoubleOptions]>([
  ['a loss of the device', (loseAfter) => ({ loseAfter })],
  ['an end of memory', (outOfMemoryAfter) => ({ outOfMemoryAfter })],
])('%s leaves nothing behind, wherever it strikes', async (_, options) => {
  for (let count = 20; count < 200; count += 3) {
    const backend = double(options(count));
    const model = withBackend(backend, () => new Linear(5, 3));
    const optimizer = new Momentum();
    const { promise } = withBackend(backend, () => ({
      promise: fit(model, clusters(), { optimizer, loss: crossEntropy, epochs: 3, seed: 5 }),
    }));
    await expect(promise).rejects.toThrow(/^(the device|memory)/);
    for (const cell of [model.kernel, model.bias, ...optimizer.cells]) cell.dispose();
    expect(backend.memory(), `at ${count}`).toMatchObject({ liveStorages: 0, liveBytes: 0 });
  }
});
