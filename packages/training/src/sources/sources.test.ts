// Batches from arrays, generators and streams: their order, their ends, resuming in the middle, and what is wrong with them.

import { reference } from '@sinapse/backend-reference';
import { tensor, use } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { bitsOf, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import type { Batch, BatchSource, HostArray } from '../index.ts';
import { fit, fromArrays, fromGenerator, fromStream } from '../index.ts';

use(reference());

const one = (number: number): Batch<HostArray> => ({
  x: { data: Float32Array.of(number, 1), shape: [1, 2] },
  y: { data: Int32Array.of(number % 2), shape: [1] },
});

/** The first input of each batch of an epoch. */
async function firsts(source: BatchSource, epoch = 1, skip = 0): Promise<number[]> {
  const seen: number[] = [];
  for await (const { x } of source.iterate({ epoch, skip })) seen.push((x as HostArray).data[0]!);
  return seen;
}

function* numbers(from: number, to = Infinity) {
  for (let number = from; number < to; number++) yield one(number);
}

const stream = (from: number, to: number) => {
  const batches = numbers(from, to);
  let cancelled = false;
  const made = new ReadableStream<Batch<HostArray>>(
    {
      pull(controller) {
        const { done, value } = batches.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void (cancelled = true),
    },
    { highWaterMark: 0 },
  );
  return { made, isCancelled: () => cancelled };
};

describe('arrays', () => {
  const x = [[0, 1], [1, 1], [2, 1], [3, 1], [4, 1]]; // prettier-ignore
  const y = [0, 1, 0, 1, 0];

  test('give batches of the size wanted, each example once in an epoch, in another order in each', async () => {
    const source = fromArrays({ x, y }, { batchSize: 2, seed: 3 });
    expect(source.length).toBe(3);
    const orders: number[][] = [];
    for (const epoch of [1, 2, 1]) {
      const rows: number[] = [];
      for await (const { x: inputs, y: labels } of source.iterate({ epoch })) {
        const { data, shape } = inputs as HostArray;
        for (let i = 0; i < shape[0]!; i++) {
          rows.push(data[2 * i]!);
          expect((labels as HostArray).data[i]).toBe(y[data[2 * i]!]);
        }
      }
      orders.push(rows);
    }
    expect(orders.map((rows) => [...rows].sort((a, b) => a - b))).toEqual([0, 1, 2].map(() => [0, 1, 2, 3, 4]));
    expect(orders[2]).toEqual(orders[0]);
    expect(orders[1]).not.toEqual(orders[0]);
    expect(await firsts(source, 2, 2)).toEqual((await firsts(source, 2)).slice(2));
  });

  test.each<[string, unknown, unknown, object]>([
    ['rows', x, y, { shape: [5, 2] }],
    ['rows that are typed arrays', x.map((row) => Float32Array.from(row)), y, { shape: [5, 2] }],
    ['a tensor', tensor(x), Int32Array.from(y), { shape: [5, 2], dtype: 'float32' }],
    ['an array with its shape', { data: Float32Array.from(x.flat()), shape: [5, 2] }, y, { shape: [5, 2] }],
    ['one number for each', [0, 1, 2, 3, 4], y, { shape: [5, 1] }],
    ['a typed array of doubles', Float64Array.of(0, 1, 2, 3, 4), Uint16Array.from(y), { shape: [5, 1] }],
  ])('may be %s', async (_, inputs, targets, expected) => {
    const source = fromArrays({ x: inputs, y: targets } as never, { batchSize: 5, shuffle: false });
    for await (const batch of source.iterate({ epoch: 1 })) {
      expect(batch.x).toMatchObject(expected);
      expect([...((batch.x as HostArray).data as Float32Array)].filter((_, i) => i % (expected as { shape: number[] }).shape[1]! === 0)).toEqual([0, 1, 2, 3, 4]); // prettier-ignore
      expect((batch.y as HostArray).data).toEqual(Int32Array.from(y));
    }
  });

  test('may be several by name', async () => {
    const source = fromArrays({ x: { left: x, right: [1, 2, 3, 4, 5] }, y: { size: [[1], [2], [3], [4], [5]], sure: [true, false, true, true, false] } }, { shuffle: false }); // prettier-ignore
    for await (const batch of source.iterate({ epoch: 1 }))
      expect(batch).toMatchObject({
        x: { left: { shape: [5, 2] }, right: { shape: [5, 1] } },
        y: { size: { data: Float32Array.of(1, 2, 3, 4, 5) }, sure: { dtype: 'bool' } },
      });
  });

  test.each<[string, unknown, unknown, string]>([
    ['of different lengths', x, [0, 1], 'fromArrays: x has 5 examples, y has 2'],
    ['none', [], [], 'fromArrays: x is empty'],
    ['empty arrays', new Float32Array(0), new Int32Array(0), 'fromArrays: the data is empty'],
    ['labels as texts', x, ['cat', 'dog', 'cat', 'dog', 'cat'], 'fromArrays: y: example 0 is "cat"; texts are given as numbers: const names = [...new Set(texts)]; texts.map((text) => names.indexOf(text))'],
    ['a NaN', [[1, 2], [3, NaN]], [0, 1], 'fromArrays: x: example 1 holds NaN; leave out or replace what is missing'],
    ['an infinity in a typed array', x, Float32Array.of(1, 2, 3, 4, Infinity), 'fromArrays: y: example 4 holds Infinity'],
    ['a missing value', [[1, 2], [3, null]], [0, 1], 'fromArrays: x: example 1 holds null, where example 0 has a number'],
    ['ragged rows', [[1, 2], [3]], [0, 1], 'fromArrays: x: example 1 has a row of 1, where example 0 has one of 2'],
    ['numbers among rows', [[1, 2], 3], [0, 1], 'fromArrays: x: example 1 holds 3, where example 0 has a row'],
    ['bigints', BigInt64Array.of(1n), [0], 'fromArrays: x: expected numbers, got'],
    ['a text', 'abc', [0], 'fromArrays: x: expected numbers in rows, a typed array, { data, shape } or a tensor, got "abc"'],
    ['several of different lengths', { a: x, b: [1] }, y, 'fromArrays: x.a has 5 examples, x.b has 1'],
  ])('are refused: %s', (_, inputs, targets, message) => expect(() => fromArrays({ x: inputs, y: targets } as never)).toThrow(message)); // prettier-ignore
});

describe('a generator', () => {
  test('function is called for each epoch; of one without end, an epoch takes the first steps', async () => {
    expect(
      await firsts(
        fromGenerator((epoch) => numbers(10 * epoch, 10 * epoch + 3)),
        2,
      ),
    ).toEqual([20, 21, 22]);
    const endless = fromGenerator((epoch) => numbers(10 * epoch), { stepsPerEpoch: 2 });
    expect(endless.length).toBe(2);
    expect([await firsts(endless), await firsts(endless, 2), await firsts(endless, 2, 1)]).toEqual([[10, 11], [20, 21], [21]]);
  });

  test('that was called goes on from epoch to epoch, and skips what a resumed training has seen', async () => {
    const source = fromGenerator(numbers(0), { stepsPerEpoch: 3 });
    expect([await firsts(source), await firsts(source, 2)]).toEqual([[0, 1, 2], [3, 4, 5]]); // prettier-ignore
    expect(await firsts(fromGenerator(numbers(0), { stepsPerEpoch: 3 }), 2, 1)).toEqual([4, 5]);
    await expect(firsts(source)).rejects.toThrow('fromGenerator: batch 1 is wanted, but 6 were read already; give a function');
  });

  test('that was called serves one epoch without stepsPerEpoch', async () => {
    const source = fromGenerator(numbers(0, 2));
    expect(await firsts(source)).toEqual([0, 1]);
    await expect(firsts(source)).rejects.toThrow('fromGenerator: the data is used up after one epoch; give a function that opens it anew, or stepsPerEpoch'); // prettier-ignore
  });

  test('may be asynchronous, and a list of batches will do', async () => {
    const later = async function* () {
      for (const batch of numbers(0, 3)) yield await Promise.resolve(batch);
    };
    expect(await firsts(fromGenerator(later))).toEqual([0, 1, 2]);
    const list = fromGenerator([...numbers(0, 3)]);
    expect([await firsts(list), await firsts(list, 2)]).toEqual([[0, 1, 2], [0, 1, 2]]); // prettier-ignore
  });

  test('is closed where no more is wanted, and left open where it goes on', async () => {
    let closed = 0;
    const watched = function* () {
      try {
        yield* numbers(0);
      } finally {
        closed++;
      }
    };
    await firsts(fromGenerator(watched, { stepsPerEpoch: 2 }));
    expect(closed).toBe(1);
    const going = fromGenerator(watched(), { stepsPerEpoch: 2 });
    await firsts(going);
    expect(closed).toBe(1);
    for await (const _ of going.iterate({ epoch: 2 })) break;
    expect(closed).toBe(2);
  });

  test('that throws in the middle ends the training with its error, after the steps before', async () => {
    const failing = function* () {
      yield* numbers(0, 3);
      throw new Error('the file is broken');
    };
    const steps = async (source: BatchSource, count: number) => {
      const model = new Linear(2, 2);
      let told = 0;
      const onStep = ({ globalStep }: { globalStep: number }) => void (told = globalStep);
      const stop = { onStep: (info: { globalStep: number }, session: { stop(reason: string): void }) => (onStep(info), info.globalStep === count && session.stop('enough'), undefined) }; // prettier-ignore
      const error: unknown = await fit(model, source, { optimizer: new Momentum(), loss: crossEntropy, epochs: 1, callbacks: [stop] }).catch((reason: unknown) => reason); // prettier-ignore
      return { bits: bitsOf(model), told, error };
    };
    for (const source of [fromGenerator(failing), fromGenerator(failing()), fromGenerator(failing(), { stepsPerEpoch: 5 })]) {
      const broken = await steps(source, -1);
      expect(broken.error).toEqual(new Error('the file is broken'));
      expect(broken.told).toBe(3);
      expect(broken.bits).toEqual(
        (
          await steps(
            fromGenerator(() => numbers(0)),
            3,
          )
        ).bits,
      );
    }
  });

  test.each<[string, () => BatchSource, string]>([
    ['nothing to iterate', () => fromGenerator(5 as never), 'fromGenerator: expected a generator function, a generator, or a list of batches, got 5'],
    ['a function that returns a number', () => fromGenerator((() => 5) as never), 'fromGenerator: the function must return something to iterate, as a generator function does; got 5'],
    ['no batches', () => fromGenerator([]), 'epoch 1: the data is empty'],
    ['too few batches', () => fromGenerator(() => numbers(0, 2), { stepsPerEpoch: 3 }), 'epoch 1: the data ended after 2 of 3 batches'],
    ['numbers in place of batches', () => fromGenerator([1, 2] as never), 'epoch 1, step 1: expected a batch, { x, y }, got 1'],
    ['texts as labels', () => fromGenerator([{ x: one(0).x, y: ['cat'] }] as never), 'epoch 1, step 1: y: expected a tensor, or { data, shape }'],
    ['an option misspelt', () => fromGenerator([], { steps: 3 } as never), 'fromGenerator: steps is no option; there are stepsPerEpoch'],
    ['no stream', () => fromStream([] as never), 'fromStream: expected a ReadableStream of batches, or a function that opens one, got []'],
    ['a function that opens no stream', () => fromStream((() => []) as never), 'fromStream: the function must return: expected a ReadableStream of batches, got []'],
  ])('is refused: %s', async (_, make, message) => {
    const run = async () => fit(new Linear(2, 2), make(), { optimizer: new Momentum(), loss: crossEntropy, epochs: 1 });
    await expect(run()).rejects.toThrow(message);
  }); // prettier-ignore
});

describe('a stream', () => {
  test('is cut into epochs, and cancelled when no more is wanted', async () => {
    const { made, isCancelled } = stream(0, 100);
    const source = fromStream(made, { stepsPerEpoch: 3 });
    expect([await firsts(source), await firsts(source, 2)]).toEqual([[0, 1, 2], [3, 4, 5]]); // prettier-ignore
    expect(made.locked).toBe(false);
    for await (const _ of source.iterate({ epoch: 3 })) break;
    expect(isCancelled()).toBe(true);
  });

  test('that has an end serves one epoch, a function that opens it any number', async () => {
    const source = fromStream(stream(0, 2).made);
    expect(await firsts(source)).toEqual([0, 1]);
    await expect(firsts(source, 2)).rejects.toThrow('fromStream: the data is used up after one epoch');
    const opened = fromStream((epoch) => stream(epoch, epoch + 2).made);
    expect([await firsts(opened), await firsts(opened, 2)]).toEqual([[1, 2], [2, 3]]); // prettier-ignore
  });
});
