// Random bits from a counter: element i depends on the key and on i alone.

import type { Kernel } from '@sinapse/core';
import { philox4x32 } from '@sinapse/core';
import { valuesOf } from './storage.ts';

const block = new Uint32Array(4);

export const randomBits: Kernel<'randomBits'> = ({ out: { y }, scalars: { keyLow, keyHigh } }) => {
  const bits = valuesOf(y);
  const key = [keyLow, keyHigh] as const;
  for (let i = 0; i < y.size; i++) {
    if (i % 4 === 0) philox4x32([i / 4, 0, 0, 0], key, block);
    bits[y.offset + i] = block[i % 4] >>> 8;
  }
};

export const dropout: Kernel<'dropout'> = ({ in: { x }, out: { y }, scalars: { keyLow, keyHigh, rate } }) => {
  const from = valuesOf(x);
  const to = valuesOf(y);
  const key = [keyLow, keyHigh] as const;
  const threshold = Math.round(rate * 0x1000000);
  const scale = Math.fround(1 / (1 - rate));
  for (let i = 0; i < y.size; i++) {
    if (i % 4 === 0) philox4x32([i / 4, 0, 0, 0], key, block);
    to[y.offset + i] = block[i % 4] >>> 8 >= threshold ? from[x.offset + i] * scale : 0;
  }
};
