// The split of examples in two parts.

import { reference } from '@sinapse/backend-reference';
import { tensor, use } from '@sinapse/core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { clusters } from '../test/tiny.ts';
import { split } from './index.ts';

beforeEach(() => void use(reference()));

const numbered = (count: number) => ({ x: Array.from({ length: count }, (_, i) => [i, -i]), y: Array.from({ length: count }, (_, i) => i % 3) }); // prettier-ignore

test('every example is in one part, with its target', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 60 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.boolean(), fc.nat(1000), async (count, fraction, stratify, seed) => {
      const { train, validation } = await split(numbered(count), { fraction, stratify, seed });
      expect(validation.x.shape[0]).toBe(Math.min(count - 1, Math.max(1, Math.round(count * fraction))));
      const rows = [train, validation].flatMap(({ x, y }) => Array.from(y.data as ArrayLike<number>, (label, i) => ({ label, row: x.data[2 * i]! })));
      expect(rows.map(({ row }) => row).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      for (const { label, row } of rows) expect(label).toBe(row % 3);
      if (!stratify) return;
      for (const label of [0, 1, 2]) {
        const [inAll, inPart] = [rows, Array.from(validation.y.data as ArrayLike<number>, (each) => ({ label: each }))].map((list) => list.filter((each) => each.label === label).length);
        expect(Math.abs(inPart! - (inAll! * validation.x.shape[0]!) / count)).toBeLessThan(1);
      }
    }),
    { numRuns: 100, seed: 1 },
  ); // prettier-ignore
});

test('the seed decides, and nothing else', async () => {
  const of = async (seed: number) => [...((await split(numbered(30), { seed })).validation.x.data as Float32Array)];
  expect(await of(1)).toEqual(await of(1));
  expect(await of(1)).not.toEqual(await of(2));
});

test('it takes tensors, and a source of batches', async () => {
  const { train } = await split({ x: tensor([[1], [2], [3], [4]]), y: tensor([1, 2, 3, 4]) }, { fraction: 0.5 });
  expect([...(train.x.data as Float32Array)]).toEqual([...(train.y.data as Float32Array)]);
  const parts = await split(clusters({ examples: 22, batchSize: 4 }), { fraction: 0.5, stratify: true });
  expect([parts.train.x.shape, parts.validation.y.shape]).toEqual([[11, 5], [11]]);
});

test.each<[object, object, string]>([
  [{ x: [[1]], y: [0] }, {}, 'split: 1 example cannot be split in two'],
  [{ x: [[1], [2]], y: [0] }, {}, 'split: x has 2 examples, y has 1'],
  [{ x: [[1], [2]], y: [0.5, 1.5] }, { stratify: true }, 'split: stratify needs class numbers as targets, one integer for each example'],
  [numbered(4), { fraction: 1 }, 'split: fraction: expected a number between 0 and 1, got 1'],
  [numbered(4), { fractoin: 0.5 }, 'split: fractoin is no option; did you mean fraction?'],
  [[1, 2], {}, 'split: the data: expected { x, y } with arrays of all examples, or a source of batches'],
])('%j %j is refused', async (data, options, message) => expect(split(data as never, options)).rejects.toThrow(message));
