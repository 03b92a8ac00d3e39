import { expect, it } from 'vitest';
import { contain, resize } from './contain.ts';
import type { Pixels } from './decode.ts';

const grey = (width: number, height: number, data: number[]): Pixels => ({ width, height, channels: 1, data: Uint8Array.from(data) });

it('averages the area that a pixel covers', () => {
  expect([...resize(grey(4, 2, [0, 100, 200, 200, 100, 200, 200, 200]), 2, 1).data]).toEqual([100, 200]);
  expect([...resize(grey(3, 1, [0, 90, 180]), 2, 1).data]).toEqual([30, 150]);
});

it('keeps every channel apart', () => {
  const image: Pixels = { width: 2, height: 1, channels: 3, data: Uint8Array.of(0, 10, 20, 100, 30, 40) };
  expect([...resize(image, 1, 1).data]).toEqual([50, 20, 30]);
});

it('keeps proportions, and fills up with black', () => {
  expect([...contain(grey(4, 1, [9, 9, 9, 9]), 4, 3).data]).toEqual([0, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0]);
  expect([...contain(grey(1, 2, [8, 8]), 4, 4).data].filter((value) => value === 8)).toHaveLength(8);
});

it('leaves an image of the right size as it is', () => {
  const image = grey(2, 2, [1, 2, 3, 4]);
  expect([...contain(image, 2, 2).data]).toEqual([1, 2, 3, 4]);
});
