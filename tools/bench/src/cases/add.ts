// The sum of two short vectors, from the call to the result: it measures a framework's overhead, not its arithmetic.

import { uniform } from '../problem/numbers.ts';
import type { BenchCase } from './bench-case.ts';

const SIZE = 8;

export const addCase: BenchCase = {
  name: 'add-8',
  title: 'add of two [8] tensors',
  task: { kind: 'add', size: SIZE },
  unit: 'µs',
  flops: SIZE,
  bytes: 3 * 4 * SIZE,
  tolerance: 1e-7, // one rounding
  arrays: () =>
    new Map([
      ['a', { shape: [SIZE], data: uniform('a', [SIZE]) }],
      ['b', { shape: [SIZE], data: uniform('b', [SIZE]) }],
    ]),
  expected: (arrays) => {
    const [a, b] = [arrays.get('a')!.data, arrays.get('b')!.data];
    return { y: { values: Array.from(a, (value, i) => value + b[i]!) } };
  },
};
