import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { grad } from '../autodiff/gradient.ts';
import { ones, tensor, zeros } from '../tensor/creation.ts';
import { profile } from '../dispatch/interceptors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gruCell } from './gru-cell.ts';
import { lstmCell } from './lstm-cell.ts';

beforeEach(() => void use(reference()));

describe('lstmCell', () => {
  test('forgets, takes in and lets out by its gates, in the order i, f, g, o', () => {
    const [closed, open] = [-Infinity, Infinity];
    const run = (gates: number[], c: number): number[] => {
      const { h, c: next } = lstmCell(tensor([gates]), tensor([[c]]));
      return [h.dataSync()[0]!, next.dataSync()[0]!];
    };
    expect(run([closed, open, 1, closed], 0.5)).toEqual([0, 0.5]); // keeps its memory to itself
    expect(run([closed, closed, 1, open], 0.5)).toEqual([0, 0]); // forgets
    expect(run([open, closed, open, closed], 0.5)).toEqual([0, 1]); // writes 1
    expect(run([closed, open, 1, open], 0.5)[0]).toBeCloseTo(Math.tanh(0.5), 7); // says what it remembers
  });

  test('refuses what does not fit', () => {
    expect(() => lstmCell(zeros([2, 8]), zeros([2, 3]))).toThrow(
      'lstmCell: gates must be [2,12], 4 times the 3 units of c for each of its 2 rows; got [2,8]',
    );
    expect(() => lstmCell(zeros([3, 12]), zeros([2, 3]))).toThrow('lstmCell: gates must be [2,12]');
    expect(() => lstmCell(zeros([12]), zeros([3]))).toThrow('lstmCell: c must be [batch, units], got [3]');
    expect(() => lstmCell(zeros([2, 12]).cast('int32'), zeros([2, 3]))).toThrow('lstmCell: takes float32, got int32');
  });

  test('is one kernel forward and one backward', () => {
    const { entries } = profile(() => grad((gates: Tensor) => lstmCell(gates, ones([2, 3])).h.sum())(ones([2, 12])));
    const calls = entries.filter(({ kernel }) => kernel.startsWith('lstm')).map(({ kernel, calls: count }) => [kernel, count]);
    expect(calls).toEqual([['lstmCell', 1], ['lstmCellGrad', 1]]); // prettier-ignore
  });
});

describe('gruCell', () => {
  test('keeps, replaces and resets by its gates, in the order r, z, n', () => {
    const [closed, open] = [-Infinity, Infinity];
    const run = (x: number[], hidden: number[], h: number): number => gruCell(tensor([x]), tensor([hidden]), tensor([[h]])).dataSync()[0]!;
    expect(run([0, open, 5], [0, 0, 0], 0.25)).toBe(0.25); // keeps its state
    expect(run([closed, closed, 0.5], [0, 0, 3], 0.25)).toBeCloseTo(Math.tanh(0.5), 7); // without the state's part
    expect(run([open, closed, 0.5], [0, 0, 3], 0.25)).toBeCloseTo(Math.tanh(3.5), 7); // with it
  });

  test('refuses what does not fit', () => {
    expect(() => gruCell(zeros([2, 9]), zeros([2, 6]), zeros([2, 3]))).toThrow('gruCell: hidden must be [2,9], 3 times the 3 units of h');
    expect(() => gruCell(zeros([2, 9]), zeros([2, 9]), zeros([6]))).toThrow('gruCell: h must be [batch, units], got [6]');
  });
});
