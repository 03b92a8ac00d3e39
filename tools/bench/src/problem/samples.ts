// Chooses the elements of a large output that are checked.

import { hostBits24, randomKey } from '@sinapse/core';

/** Most elements. If a two-hundredth of the output is missing or wrong, the check misses it with a probability below 1%. */
const MOST = 1024;
/** Most multiplications to compute the right values, so that checking takes less time than measuring. */
const MOST_WORK = 1e8;

/** Indices of the first element, random ones, and the last, in order. `work` is the number of multiplications of one element. */
export function sampleIndices(size: number, work: number): number[] {
  const count = Math.max(16, Math.min(MOST, Math.floor(MOST_WORK / work)));
  const bits = hostBits24(randomKey(2), count - 2);
  const within = Array.from(bits, (value) => Math.floor((value / 2 ** 24) * size));
  return [...new Set([0, ...within, size - 1])].sort((a, b) => a - b);
}
