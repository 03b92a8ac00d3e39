// Folds are a partition of the examples, of equal sizes, and stratified if asked for.

import { SinapseError } from '@sinapse/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kFold } from './index.ts';

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

test('every example is held out once, and trained on in all other folds', () => {
  const sizes = fc.tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 40 }), fc.nat(1000));
  fc.assert(
    fc.property(sizes.filter(([count, folds]) => folds <= count), ([count, folds, seed]) => {
      const split = kFold(count, { folds, seed });
      expect(split).toHaveLength(folds);
      expect(sorted(split.flatMap(({ test }) => [...test]))).toEqual(upTo(count));
      for (const { train, test } of split) {
        expect(sorted([...train, ...test])).toEqual(upTo(count));
        expect([Math.floor(count / folds), Math.ceil(count / folds)]).toContain(test.length);
      }
    }),
    { numRuns: 40 },
  ); // prettier-ignore
});

test('stratified: of each class and of all, folds differ by one example at most', () => {
  const labelled = fc.tuple(
    fc.integer({ min: 2, max: 5 }),
    fc.array(fc.integer({ min: 5, max: 12 }), { minLength: 1, maxLength: 4 }),
    fc.nat(1000),
  );
  fc.assert(
    fc.property(labelled, ([folds, sizes, seed]) => {
      const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => label)).sort((a, b) => ((a * 7 + b) % 3) - 1);
      const split = kFold(labels.length, { folds, labels, seed });
      expect(sorted(split.flatMap(({ test }) => [...test]))).toEqual(upTo(labels.length));
      for (const label of [...sizes.keys(), undefined]) {
        const counts = split.map(({ test }) => test.filter((i) => label === undefined || labels[i] === label).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 25 },
  ); // prettier-ignore
});

test('the seed decides the order', () => {
  expect(kFold(30, { seed: 3 })).toEqual(kFold(30, { seed: 3 }));
  expect(kFold(30, { seed: 3 })).not.toEqual(kFold(30, { seed: 4 }));
});

test.each<[string, () => unknown, string]>([
  ['more folds than examples', () => kFold(3), 'kFold: 5 folds of 3 examples; there can be at most one for each'],
  ['a class with few examples', () => kFold(8, { folds: 3, labels: [0, 0, 0, 0, 0, 0, 1, 1] }), 'kFold: class 1 has 2 examples, fewer than the 3 folds; take fewer folds'],
  ['labels of other examples', () => kFold(8, { labels: [0] }), 'kFold: 1 labels for 8 examples'],
  ['one fold', () => kFold(8, { folds: 1 }), 'kFold: folds: expected an integer >= 2, got 1'],
])('%s', (_, mistake, message) => {
  expect(mistake).toThrow(SinapseError);
  expect(mistake).toThrow(message);
}); // prettier-ignore
