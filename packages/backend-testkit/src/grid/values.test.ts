import { IEEE_754, randomKey } from '@sinapse/core';
import { expect, test } from 'vitest';
import { SMALLEST_NORMAL, Values } from './values.ts';

const flushing = (): Values => new Values(randomKey(1), { integerLimit: 2 ** 31, floats: { ...IEEE_754, subnormals: false } });
const isSubnormal = (x: number): boolean => x !== 0 && Math.abs(x) < SMALLEST_NORMAL;

test('a backend that flushes subnormal numbers gets none of them, and the rest as others do', () => {
  const drawn = [...new Values(randomKey(1)).tensor('float32', [400], 'extremes').data];
  const kept = [...flushing().tensor('float32', [400], 'extremes').data];
  expect(drawn.some(isSubnormal)).toBe(true);
  expect(kept).toEqual(drawn.map((x) => (isSubnormal(x) ? SMALLEST_NORMAL : x)));
});

test.each(['nan', 'infinities'] as const)('a backend that flushes subnormal numbers gets values of the class %s', (values) => {
  const drawn = [...new Values(randomKey(1)).tensor('float32', [100], values).data];
  expect(drawn.some((x) => !Number.isFinite(x))).toBe(true);
  expect([...flushing().tensor('float32', [100], values).data]).toEqual(drawn);
});
