import { expect, test } from 'vitest';
import type { Roofline } from './roofline.ts';
import { computeBound } from './roofline.ts';

const roofline: Roofline = {
  copyBytesPerSecond: 40e9,
  arithmetic: [
    { threads: 1, flopsPerSecond: 100e9, from: '' },
    { threads: 4, flopsPerSecond: 300e9, from: '' },
  ],
};
const benchCase = { name: '', title: '', unit: 'GFLOP/s', flops: 1e9, bytes: 1e6 } as const;

test('arithmetic binds where much is computed with each byte, memory where little is', () => {
  expect(computeBound(roofline, benchCase, 1)).toBe(100e9);
  expect(computeBound(roofline, benchCase, 4)).toBe(300e9);
  expect(computeBound(roofline, { ...benchCase, bytes: 1e9 }, 4)).toBe(40e9);
});

test('the peak of fewer threads stands in for one that was not measured; without any there is no bound', () => {
  expect(computeBound(roofline, benchCase, 2)).toBe(100e9);
  expect(computeBound({ ...roofline, arithmetic: [] }, benchCase, 2)).toBeUndefined();
  const { bytes: _, ...unknown } = benchCase;
  expect(computeBound(roofline, unknown, 1)).toBeUndefined();
});
