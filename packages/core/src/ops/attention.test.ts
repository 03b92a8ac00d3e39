// Attention against its formula in float64.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { randomNormal, tensor, zeros } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { attention } from './attention.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const [QUERIES, KEYS, SIZE, OUTPUTS] = [3, 4, 5, 2];
const query = (): Tensor => randomNormal([2, QUERIES, SIZE], { seed: 1 });
const key = (): Tensor => randomNormal([2, KEYS, SIZE], { seed: 2 });
const value = (): Tensor => randomNormal([2, KEYS, OUTPUTS], { seed: 3 });

/** The formula, element by element. @param sees whether a query of an example sees a key */
function expected(sees: (n: number, i: number, j: number) => boolean): number[] {
  const [q, k, v] = [query(), key(), value()].map((x) => [...x.dataSync()]) as [number[], number[], number[]];
  const y: number[] = [];
  for (let n = 0; n < 2; n++)
    for (let i = 0; i < QUERIES; i++) {
      const raised = Array.from({ length: KEYS }, (_, j) => {
        let score = 0;
        for (let c = 0; c < SIZE; c++) score += q[(n * QUERIES + i) * SIZE + c]! * k[(n * KEYS + j) * SIZE + c]!;
        return sees(n, i, j) ? Math.exp(score / Math.sqrt(SIZE)) : 0;
      });
      const total = raised.reduce((a, b) => a + b, 0);
      for (let c = 0; c < OUTPUTS; c++)
        y.push(raised.reduce((sum, weight, j) => sum + (weight / total) * v[(n * KEYS + j) * OUTPUTS + c]!, 0));
    }
  return y;
}

const expectClose = (actual: Tensor, wanted: readonly number[]): void => {
  const y = actual.dataSync();
  wanted.forEach((each, i) => expect(y[i], `[${i}]`).toBeCloseTo(each, 13));
};

describe('attention', () => {
  test('is the formula', () => expectClose(attention(query(), key(), value()), expected(() => true))); // prettier-ignore

  test('causal: query i sees the keys up to i', () => {
    expectClose(
      attention(query(), key(), value(), { causal: true }),
      expected((_, i, j) => j <= i),
    );
  });

  test('with a mask that broadcasts, alone and with causal', () => {
    const mask = tensor([1, 1, 0, 1, 1, 0, 1, 1]).reshape([2, 1, 4]).cast('bool');
    const visible = (n: number, j: number): boolean => (n === 0 ? j !== 2 : j !== 1);
    expectClose(
      attention(query(), key(), value(), { mask }),
      expected((n, _, j) => visible(n, j)),
    );
    expectClose(
      attention(query(), key(), value(), { mask, causal: true }),
      expected((n, i, j) => visible(n, j) && j <= i),
    );
  });

  test('of a query that sees nothing is the mean of the values', () => {
    const y = attention(query(), key(), value(), { mask: zeros([KEYS], 'bool') });
    const mean = value()
      .mean({ axis: 1, keepDims: true })
      .add(zeros([2, QUERIES, OUTPUTS]));
    expectClose(y, [...mean.dataSync()]);
  });

  test('what is masked does not count, whatever it holds', () => {
    const wild = tensor([1e30, -1e30, 5]).reshape([1, 3, 1]);
    const y = attention(tensor([[[1]]]), wild, tensor([[[7], [8], [9]]]), { mask: tensor([0, 0, 1]).cast('bool') });
    expect(y.dataSync()[0]).toBe(9);
  });

  test('dropout drops weights, and keeps the mean', () => {
    const ones = zeros([1, 500, OUTPUTS]).add(1);
    const y = [...attention(zeros([1, 500, SIZE]), zeros([1, 500, SIZE]), ones, { dropout: 0.5, seed: 3 }).dataSync()];
    // Each result is a mean of 500 values that are 0 or 2, of variance 1; and all results are a mean of 500 such.
    expect(Math.abs(y.reduce((a, b) => a + b, 0) / y.length - 1)).toBeLessThan(4 / Math.sqrt(500 * 500));
    expect(new Set(y).size).toBeGreaterThan(10);
  });

  test('says in one line what does not fit', () => {
    expect(() => attention(zeros([2, 3]), zeros([2, 4]), zeros([2, 3]))).toThrow(
      'attention: takes a query […, queries, size], a key […, keys, size] and a value […, keys, outputs], got [2,3], [2,4], [2,3]',
    );
    expect(() => attention(query(), key(), value(), { mask: zeros([4]) })).toThrow('attention: the mask must be bool, got float32');
    expect(() => attention(query(), key(), value(), { dropout: 0.5 })).toThrow('attention: dropout needs a seed');
    expect(() => attention(query(), key(), value(), { dropout: 1, seed: 1 })).toThrow(
      'dropout: rate: expected a number within [0, 1), got 1',
    );
  });
});
