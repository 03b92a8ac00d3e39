import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Dataset } from './index.ts';

test('a dataset says its length and stages, and reads nothing for it', () => {
  const numbers = Dataset.from([1, 2, 3, 4, 5]);
  const untouched = numbers.map(() => {
    throw new Error('an element was read');
  });
  expect(inspect(numbers)).toBe('Dataset of 5 elements');
  expect(inspect(untouched.shuffle(1).batch(2).prefetch(2))).toBe('Dataset of 3 elements → map → shuffle → batch(2) → prefetch(2)');
  expect(inspect({ train: numbers.skip(1).take(1) })).toBe('{ train: Dataset of 1 element → skip(1) → take(1) }');
  expect(String(Dataset.from(function* () {}).filter(() => true))).toBe('Dataset of elements, number unknown → filter');
});
