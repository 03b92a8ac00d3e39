// A decoded checkpoint equals the encoded one bit for bit. Any other bytes are either read completely or refused.

import type { Tensor } from '@sinapse/core';
import { randomKey, RandomStream, use } from '@sinapse/core';
import { encodeSafetensors } from '@sinapse/formats';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { bitsOfCheckpoint } from '../../test/bits.ts';
import { isRefusal, mutated, MUTATIONS, readOrRefuse } from '../../test/mutations.ts';
import { bitsOf, clusters, crossEntropy, Momentum, Stateful } from '../../test/tiny.ts';
import type { Checkpoint, FitOptions, Json } from '../index.ts';
import { bestWeights, decodeCheckpoint, encodeCheckpoint, fit, TrainingError } from '../index.ts';

const settings = (): FitOptions => ({
  optimizer: new Momentum(),
  loss: crossEntropy,
  epochs: 3,
  seed: 2 ** 53 - 1,
  metrics: { odd: (output) => output.sum().mul(NaN), constructor: (output: Tensor) => output.mean() },
  validation: clusters({ seed: 9 }),
  fingerprint: { data: ['clusters', { of: 3 }], 'learning rate': 0.1, é: '\u2028' },
});

let checkpoint: Checkpoint;
let bytes: Uint8Array;
beforeAll(async () => {
  use(poisoned());
  const callbacks = [
    bestWeights({ name: 'the best' }),
    {
      onStep: ({ globalStep }: { globalStep: number }, session: { stop(reason: string): void }) =>
        void (globalStep === 15 && session.stop('15')),
    },
  ];
  const result = await fit(new Stateful(5, 3), clusters(), { ...settings(), callbacks });
  // A callback stopped this training, so the model has its best weights. These tests are about the file only.
  checkpoint = {
    ...(await result.checkpoint()),
    callbacks: new Map([
      [
        'the best',
        {
          values: { epoch: 2, deep: [[1], null] },
          arrays: new Map([['a/b', { dtype: 'float32', shape: [2], data: Float32Array.of(NaN, -0) }]]),
        },
      ],
    ]),
  };
  bytes = encodeCheckpoint(checkpoint);
});

describe('a checkpoint', () => {
  test('comes back as it was', () => {
    const decoded = decodeCheckpoint(bytes);
    expect(bitsOfCheckpoint(decoded)).toEqual(bitsOfCheckpoint(checkpoint));
    expect(decoded.seconds).toBe(checkpoint.seconds);
    expect(decoded.history).toEqual(checkpoint.history);
    expect(decoded.history[0]!.metrics).toMatchObject({ odd: NaN });
    expect(encodeCheckpoint(decoded)).toEqual(bytes);
  });

  test('comes back from a part of a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 9).fill(7);
    larger.set(bytes, 5);
    expect(bitsOfCheckpoint(decodeCheckpoint(larger.subarray(5, 5 + bytes.length)))).toEqual(bitsOfCheckpoint(checkpoint));
  });

  test('keeps every number of a history and of the sums', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324));
    fc.assert(
      fc.property(number, number, fc.dictionary(fc.string(), number), (loss, valLoss, metrics) => {
        const history = [{ ...checkpoint.history[0]!, loss, valLoss, metrics }, checkpoint.history[1]!];
        const running = { ...checkpoint.running, loss: valLoss, metrics };
        const decoded = decodeCheckpoint(encodeCheckpoint({ ...checkpoint, history, running }));
        // The name __proto__ must be kept like any other.
        const entries = ({ metrics: record }: { metrics?: Readonly<Record<string, number>> }) => Object.entries(record!);
        expect(entries(decoded.history[0]!)).toEqual(Object.entries(metrics));
        expect(entries(decoded.running)).toEqual(Object.entries(metrics));
        expect([decoded.history[0]!.loss, decoded.history[0]!.valLoss, decoded.running.loss]).toEqual([loss, valLoss, valLoss]);
      }),
      { numRuns: 50 },
    );
  });

  test('cannot hold what is not JSON, or names that would be ambiguous', () => {
    const write = (changes: object) => () => encodeCheckpoint({ ...checkpoint, ...changes });
    expect(write({ fingerprint: { f: () => 0 } })).toThrow(
      new TrainingError('checkpoint.fingerprint.f is a function, which JSON cannot hold'),
    );
    expect(write({ callbacks: new Map([['a/b', { values: null, arrays: new Map() }]]) })).toThrow(
      new TrainingError('checkpoint: "a/b" cannot be the name of an optimizer, an optimizer\'s slot or a callback'),
    );
    expect(write({ optimizer: { step: 1, slots: new Map([['m/1', checkpoint.optimizer.slots.get('velocity')]]) } })).toThrow(
      '"m/1" cannot be the name',
    );
  });
});

describe('what is no checkpoint', () => {
  const state = (change: (state: Record<string, Json>) => void) => {
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))));
    const parsed = JSON.parse((JSON.parse(header) as { __metadata__: { state: string } }).__metadata__.state) as Record<string, Json>;
    change(parsed);
    return encodeSafetensors([], { format: 'sinapse-checkpoint', version: '1', state: JSON.stringify(parsed) });
  };
  const set = (name: string, value: Json | undefined) =>
    state((parsed) => (value === undefined ? delete parsed[name] : (parsed[name] = value)));

  test.each<[string, () => Uint8Array, string]>([
    ['another safetensors file', () => encodeSafetensors([]), 'this file is not a checkpoint of Sinapse'],
    [
      'a model',
      () => encodeSafetensors([], { format: 'sinapse-model' }),
      'this file is not a checkpoint of Sinapse; its format is "sinapse-model"',
    ],
    [
      'one of the future',
      () => encodeSafetensors([], { format: 'sinapse-checkpoint', version: '2' }),
      'this file is a checkpoint of version "2"; this @sinapse/training reads version 1',
    ],
    ['one without a state', () => encodeSafetensors([], { format: 'sinapse-checkpoint', version: '1' }), 'checkpoint: "state" is not JSON'],
    [
      'a state that is a list',
      () => encodeSafetensors([], { format: 'sinapse-checkpoint', version: '1', state: '[]' }),
      'checkpoint must be an object',
    ],
    [
      'a state too deep',
      () => encodeSafetensors([], { format: 'sinapse-checkpoint', version: '1', state: '['.repeat(1e5) + ']'.repeat(1e5) }),
      'is nested deeper than 64 levels',
    ],
    ['epoch 0', () => set('epoch', 0), 'checkpoint: "epoch" must be an integer of at least 1; got 0'],
    ['half a step', () => set('step', 0.5), 'checkpoint: "step" must be an integer of at least 0; got 0.5'],
    ['no seed', () => set('seed', undefined), 'checkpoint: "seed" must be an integer of at least 0; it is missing'],
    ['an engine that is a number', () => set('engine', 3), 'checkpoint: "engine" must be a string; got 3'],
    [
      'a loss that is a word',
      () => set('running', { examples: 1, loss: 'much', correct: 0, labels: 0, metrics: {} }),
      'checkpoint: "running": "loss" must be a number; got "much"',
    ],
    ['a history of another length', () => set('history', []), 'checkpoint: it stands in epoch 3, but its history has 0 epochs'],
    [
      'a history out of order',
      () => state((parsed) => void (parsed['history'] as Json[]).reverse()),
      'checkpoint: epoch 1 of the history calls itself 2',
    ],
    ['more steps in an epoch than in all', () => set('globalStep', 0), 'checkpoint: it has done 3 steps of this epoch, but 0 in all'],
    [
      'arrays of nothing',
      () =>
        encodeSafetensors([['modle/kernel', { dtype: 'uint8', shape: [0], data: new Uint8Array(0) }]], {
          format: 'sinapse-checkpoint',
          version: '1',
          state: JSON.stringify({ optimizer: { step: 0, slots: [] }, callbacks: {} }),
        }),
      'checkpoint: the array "modle/kernel" belongs to nothing in it',
    ],
  ])('%s', (_, make, message) => {
    expect(() => decodeCheckpoint(make())).toThrow(TrainingError);
    expect(() => decodeCheckpoint(make())).toThrow(message);
  });

  test('weights of a dtype that tensors have not are refused before the model changes', async () => {
    const model = new Stateful(5, 3);
    const bits = bitsOf(model);
    const slots = new Map([
      [
        'velocity',
        new Map(
          [...checkpoint.optimizer.slots.get('velocity')!].map(([path, { shape, data }]) => [
            path,
            { dtype: 'int64' as const, shape, data: new BigInt64Array(data.length) },
          ]),
        ),
      ],
    ]);
    const resume = { ...checkpoint, optimizer: { step: 1, slots } };
    await expect(fit(model, clusters(), { ...settings(), resume })).rejects.toThrow(
      new TrainingError('weights: "inner/kernel" is int64; there are no such tensors'),
    );
    expect(bitsOf(model)).toEqual(bits);
  });
});

test(`${MUTATIONS} changed checkpoints are read whole or refused, and a training takes them or leaves them`, async () => {
  const random = new RandomStream(randomKey(3).fold('checkpoints'));
  const count = { read: 0, refused: 0, resumed: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const changed = mutated(bytes, random);
    const resume = readOrRefuse(() => decodeCheckpoint(changed));
    if (resume === undefined) {
      count.refused++;
      continue;
    }
    count.read++;
    const model = new Stateful(5, 3);
    const before = bitsOf(model);
    const epochs = Math.max(1, Math.min(resume.epoch - 1, 1000)); // no epoch is left to train
    const error: unknown = await fit(model, clusters(), { ...settings(), epochs, resume }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) count.resumed++;
    else expect(error).toSatisfy(isRefusal);
    const untouched = error !== undefined && !/^epoch|batch size/.test((error as Error).message);
    expect(bitsOf(model)).toEqual(untouched ? before : expect.anything());
  }
  expect(count.read).toBeGreaterThan(MUTATIONS / 50);
  expect(count.refused).toBeGreaterThan(MUTATIONS / 3);
  expect(count.resumed).toBeGreaterThan(MUTATIONS / 100);
});
