// A failure gives an error of one line, or the error that was thrown, and leaves the model as it was before the step.

import { double } from '@sinapse/backend-testkit';
import type { Context, Model, Optimizer, Tensor } from '@sinapse/core';
import { SinapseError, mean, memory, tensor, use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOfCheckpoint } from '../test/bits.ts';
import { batch, batches, bitsOf, clusters, crossEntropy, Linear, Momentum, Stateful } from '../test/tiny.ts';
import type { Batch, BatchSource, Callback, Checkpoint, FitOptions, Session } from './index.ts';
import { checkpointing, encodeCheckpoint, fit, TrainingError } from './index.ts';

beforeAll(() => void use(poisoned()));

const settings = (epochs = 1): FitOptions => ({ optimizer: new Momentum(), loss: crossEntropy, epochs, seed: 5 });

/** Expects a TrainingError with this message of one line. */
const refusal = (message: string) =>
  expect.toSatisfy((error: Error) => {
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toBe(message);
    expect(error.message).not.toContain('\n');
    return true;
  });

const good = batch([[1, 2], [3, 4]], [0, 1]); // prettier-ignore

describe('what is refused', () => {
  test.each([0, -1, 1.5, NaN, Infinity])('%d epochs', async (epochs) => {
    await expect(fit(new Linear(2, 2), batches(good), { ...settings(), epochs })).rejects.toThrow(
      new SinapseError(`fit: epochs: expected an integer >= 1, got ${epochs}`),
    );
  });

  test.each([undefined, null, 3, {}, 'text'])('a source that gives %s in place of batches', async (given) => {
    await expect(fit(new Linear(2, 2), { iterate: () => given as never }, settings())).rejects.toThrow(
      /^iterate\(…\) of the data must give batches one after another, as a generator does; it gave /,
    );
  });

  test('nothing of a source that answers at once', async () => {
    const source = { length: 1, iterate: () => [good] as never };
    expect((await fit(new Linear(2, 2), source, settings())).history).toHaveLength(1);
  });

  test('a seed that is none', async () => {
    await expect(fit(new Linear(2, 2), batches(good), { ...settings(), seed: -1 })).rejects.toThrow(
      'seed: expected an integer from 0 to 2^53 - 1, got -1',
    );
  });

  test('a model with nothing to train', async () => {
    const model = { call: (x: Tensor) => x };
    await expect(fit(model, batches(good), settings())).rejects.toThrow(
      refusal('fit: the model has no trainable parameters; if it makes them when it is built, build it first'),
    );
  });

  const unsized = (...list: Batch[]): BatchSource => ({ iterate: (options) => batches(...list).iterate(options) });
  const claims = (length: number, ...list: Batch[]): BatchSource => ({ length, iterate: (options) => batches(...list).iterate(options) });
  test.each<[string, BatchSource, string]>([
    ['no data', batches(), 'fit: the data is empty'],
    ['no data, which is seen only in the end', unsized(), 'epoch 1: the data is empty'],
    ['data that ends early', claims(3, good, good), 'epoch 1: the data ended after 2 of 3 batches'],
    ['data that goes on', claims(1, good, good), 'epoch 1: the data goes on after the 1 batches that its length says'],
    [
      'x and y of different lengths',
      batches(good, { ...good, y: { data: Int32Array.of(0), shape: [1] } }),
      'epoch 1, step 2: x has 2 examples, y has 1',
    ],
    ['an empty batch', batches(batch([], [])), 'epoch 1, step 1: the batch is empty'],
    [
      'a batch without its axis',
      batches({ ...good, y: { data: Int32Array.of(0), shape: [] } }),
      'epoch 1, step 1: y has no batch axis; its shape must be [batch, ...] (a dataset of examples needs .batch(size))',
    ],
    [
      'too little data for a shape',
      batches({ ...good, x: { data: new Float32Array(3), shape: [2, 2] } }),
      'epoch 1, step 1: x has 3 values, its shape [2,2] needs 4',
    ],
    ['a label that is no class', batches(batch([[1, 2], [3, 4]], [0, 2])), "epoch 1, step 1: label 2 of example 1 is outside the model's 2 classes, 0 to 1"], // prettier-ignore
    ['a negative label', batches(batch([[1, 2]], [-1])), "epoch 1, step 1: label -1 of example 0 is outside the model's 2 classes, 0 to 1"],
  ])('%s', async (_, data, message) => {
    const before = memory();
    const model = new Linear(2, 2);
    const bits = bitsOf(model);
    await expect(fit(model, data, settings())).rejects.toThrow(refusal(message));
    const untouched = message.startsWith('fit') || message.includes('step 1');
    expect(bitsOf(model)).toEqual(untouched ? bits : expect.anything());
    model.kernel.dispose();
    model.bias.dispose();
    expect(memory().bytes).toBeLessThanOrEqual(before.bytes + 24); // the optimizer's velocities, if a step was made
  });

  test.each<[string, BatchSource, string]>([
    ['no validation data', batches(), 'fit: the validation data is empty'],
    ['no validation data, which is seen only in the end', unsized(), 'epoch 1, validation: the data is empty'],
    ['validation data that ends early', claims(2, good), 'epoch 1, validation: the data ended after 1 of 2 batches'],
    [
      'a label in the validation data',
      batches(batch([[1, 2]], [7])),
      "epoch 1, validation: batch 1: label 7 of example 0 is outside the model's 2 classes, 0 to 1",
    ],
  ])('%s', async (_, validation, message) => {
    await expect(fit(new Linear(2, 2), batches(good), { ...settings(), validation })).rejects.toThrow(refusal(message));
  });

  test.each<[string, FitOptions['loss'], string]>([
    ['a loss for each example', (output) => output, 'the loss must be a scalar, the mean over the batch; got [2,2]'],
    ['a loss that is a number', () => 3 as unknown as Tensor, 'the loss must be a tensor, got 3'],
    ['a loss that is a promise', (async () => tensor(1)) as unknown as FitOptions['loss'], 'the loss must be a tensor, got a promise'],
  ])('%s', async (_, loss, message) => {
    await expect(fit(new Linear(2, 2), batches(good), { ...settings(), loss })).rejects.toThrow(refusal(message));
  });

  test('a metric that is no scalar', async () => {
    const metrics = { rows: (output: Tensor) => output };
    await expect(fit(new Linear(2, 2), batches(good), { ...settings(), metrics })).rejects.toThrow(
      refusal('the metric rows must be a scalar, the mean over the batch; got [2,2]'),
    );
  });

  test('a callback with a state but no name, and two of one name', async () => {
    const capture = () => ({ values: null, arrays: new Map() });
    await expect(fit(new Linear(2, 2), batches(good), { ...settings(), callbacks: [{ capture }] })).rejects.toThrow(
      refusal('fit: a callback with a state to capture needs a name'),
    );
    const callbacks = [{ name: 'a', capture }, { name: 'a', capture }]; // prettier-ignore
    await expect(fit(new Linear(2, 2), batches(good), { ...settings(), callbacks })).rejects.toThrow(
      refusal('fit: two callbacks have the name a'),
    );
  });
});

describe.each([
  ['synchronously', poisoned],
  ['asynchronously', double],
])('a loss that is not finite, on a backend that reads %s', (_, backend) => {
  const bad = (value: number) => batch([[value, 0], [0, 1]], [1, 1]); // prettier-ignore

  test.each([
    ['NaN', NaN, 'The data is at fault: x of example 0 holds NaN'],
    ['Infinity', 1e30, 'A smaller learning rate or clipped gradients may help'],
  ])('%s: ends the training at the step before it', async (name, value, remedy) => {
    use(backend());
    let atEnd: Checkpoint | undefined;
    const saved: Checkpoint[] = [];
    const keep: Callback = {
      async onStop(reason, session) {
        expect(reason).toBe('failed');
        atEnd = await session.checkpoint();
      },
    };
    const callbacks = [keep, checkpointing({ everySteps: 1, save: (checkpoint) => void saved.push(checkpoint) })];
    const loss: FitOptions['loss'] = (output) => mean(output.square());
    await expect(fit(new Stateful(2, 2, 1, 0), batches(good, good, bad(value), good), { ...settings(3), loss, callbacks })).rejects.toThrow(
      refusal(`epoch 1, step 3: the loss is ${name}; the weights are those before this step. ${remedy}`),
    );
    expect(saved.map(({ globalStep }) => globalStep)).toEqual([0, 1, 2]);
    expect(bitsOfCheckpoint(atEnd!)).toEqual(bitsOfCheckpoint(saved[2]!));
    use(poisoned());
  });
});

test('weights that are not finite any more end the epoch, and are in no checkpoint', async () => {
  // An optimizer that spoils the weights at its second step, as a gradient does that overflows while its loss is finite.
  const spoiling = (): Optimizer => {
    const inner = new Momentum();
    let steps = 0;
    return {
      step(parameters, gradients) {
        inner.step(parameters, gradients);
        if (++steps === 2) parameters[1]!.assign(tensor([0, -Infinity]));
      },
      state: () => inner.state(),
      restore: (state) => inner.restore(state),
    };
  };
  await expect(fit(new Linear(2, 2), batches(good, good), { ...settings(), optimizer: spoiling() })).rejects.toThrow(
    refusal(
      'epoch 1: the weights of bias are not finite any more; earlier checkpoints are intact. A smaller learning rate or clipped gradients may help',
    ),
  );
  const saved: Checkpoint[] = [];
  const callbacks = [checkpointing({ everySteps: 1, save: (checkpoint) => void saved.push(checkpoint) })];
  await expect(fit(new Linear(2, 2), batches(good, good), { ...settings(), optimizer: spoiling(), callbacks })).rejects.toThrow(
    refusal('epoch 1, step 2: the weights of bias are not finite any more; no checkpoint was made, earlier ones are intact'),
  );
  expect(saved.map(({ globalStep }) => globalStep)).toEqual([0, 1]);
});

describe('errors of others', () => {
  class Odd extends Error {}
  const odd = new Odd('odd');
  const fail = (): never => {
    throw odd;
  };
  /** A model that fails at its call number `at`. */
  class Failing implements Model {
    readonly inner: Stateful = new Stateful(2, 2);
    private _left: number;
    constructor(at: number) {
      this._left = at;
    }
    call(x: Tensor, context: Context): Tensor {
      const y = this.inner.call(x, context);
      if (--this._left === 0) fail();
      return y;
    }
  }
  const failingOptimizer: Optimizer = { step: fail, state: () => ({ step: 0, slots: {} }), restore: () => {} };
  const breaking = (after: number): BatchSource => ({
    async *iterate() {
      for (let i = 0; i < after; i++) yield good;
      fail();
    },
  });

  test.each<[string, Partial<FitOptions> & { model?: () => Model; data?: BatchSource }]>([
    ['the model', { model: () => new Failing(1) }],
    ['the model, in the validation', { model: () => new Failing(3), validation: batches(good) }],
    ['the loss', { loss: fail }],
    ['a metric', { metrics: { odd: fail } }],
    ['the optimizer', { optimizer: failingOptimizer }],
    ['the data', { data: breaking(1) }],
    ['the data, at once', { data: { iterate: fail } }],
    ['the validation data', { validation: breaking(1) }],
    ['onStart', { callbacks: [{ onStart: fail }] }],
    ['onStep', { callbacks: [{ onStep: fail }] }],
    ['onEpoch', { callbacks: [{ onEpoch: async () => fail() }] }],
    ['onStop', { callbacks: [{ onStop: fail }] }],
    [
      'onStep, where onStop fails too',
      {
        callbacks: [
          {
            onStep: fail,
            onStop: () => {
              throw new Error('another');
            },
          },
        ],
      },
    ],
    ['capture', { callbacks: [{ name: 'odd', capture: fail }, checkpointing({ save: () => {} })] }],
    ['save', { callbacks: [checkpointing({ save: fail, everySteps: 1 })] }],
  ])(
    '%s: comes through as it is, and nothing leaks',
    async (where, { model: make = () => new Stateful(2, 2), data = batches(good, good), ...changes }) => {
      const model = make();
      const told: string[] = [];
      let session: Session | undefined;
      const watch: Callback = { onStart: (given) => void (session = given), onStop: (reason) => void told.push(reason) };
      const run = (optimizer: Optimizer) =>
        fit(model, data, { ...settings(), optimizer, ...changes, callbacks: [watch, ...(changes.callbacks ?? [])] });
      const optimizer = new Momentum();
      await expect(run(optimizer)).rejects.toBe(odd);
      expect(told[0]).toBe(where === 'onStop' ? 'finished' : 'failed');
      expect(session!.history.length).toBeLessThanOrEqual(1);

      // After this second run, the optimizer has its velocities, even with a model that fails only once. From here on, memory must not
      // grow.
      await run(optimizer).catch(() => {});
      const { tensors, storages, bytes, unscopedBytes } = memory();
      for (let i = 0; i < 3; i++) await run(optimizer).catch(() => {});
      expect(memory()).toMatchObject({ tensors, storages, bytes, unscopedBytes });
    },
  );

  test('the source is closed', async () => {
    let closed = 0;
    const data: BatchSource = {
      async *iterate() {
        try {
          yield good;
          yield good;
        } finally {
          closed++;
        }
      },
    };
    await expect(fit(new Linear(2, 2), data, { ...settings(), callbacks: [{ onStep: fail }] })).rejects.toBe(odd);
    expect(closed).toBe(1);
  });
});

test('a fingerprint must be JSON', async () => {
  const fingerprint = { rate: NaN };
  await expect(fit(new Linear(2, 2), batches(good), { ...settings(), fingerprint })).rejects.toThrow(
    refusal('fit: fingerprint.rate is NaN, which JSON cannot hold'),
  );
  const { checkpoint } = await fit(new Linear(5, 3), clusters(), { ...settings(), fingerprint: { rate: 0.1, data: ['a', null] } });
  expect(encodeCheckpoint(await checkpoint()).length).toBeGreaterThan(100);
});
