// Which elements of a large output are checked.

import { hostBits24, randomKey } from '@sinapse/core';

/** At most this many: a block of a two-hundredth of the output, left out or computed wrongly, is missed with a probability below 1%. */
const MOST = 1024;
/** The right values of all together take at most this many multiplications, so that checking takes less time than measuring. */
const MOST_WORK = 1e8;

/** The first and last element and random ones between, in order. `work` is the number of multiplications that one of them takes. */
export function sampleIndices(size: number, work: number): number[] {
  const count = Math.max(16, Math.min(MOST, Math.floor(MOST_WORK / work)));
  const bits = hostBits24(randomKey(2), count - 2);
  const within = Array.from(bits, (value) => Math.floor((value / 2 ** 24) * size));
  return [...new Set([0, ...within, size - 1])].sort((a, b) => a - b);
}
