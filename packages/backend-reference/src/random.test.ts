import { describe, expect, it } from 'vitest';
import { philox4x32 } from '@sinapse/core';
import { arbitrary, compute, inBothPrecisions } from '../test/harness.ts';

type Words = [number, number, number, number];

/** Philox4x32-10 in big integers, word for word after Salmon et al. 2011. */
function philox(counter: Words, key: [number, number]): Words {
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  const low = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const [p0, p1] = [0xd2511f53n * c0, 0xcd9e8d57n * c2];
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & low, (p0 >> 32n) ^ c3 ^ k1, p0 & low];
    [k0, k1] = [(k0 + 0x9e3779b9n) & low, (k1 + 0xbb67ae85n) & low];
  }
  return [c0, c1, c2, c3].map(Number) as Words;
}

// The vectors published with Random123 (tests/kat_vectors, "philox4x32 10").
const PUBLISHED: [counter: Words, key: [number, number], words: Words][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('Philox4x32-10', () => {
  it.each(PUBLISHED)('gives the published vector of counter %o and key %o', (counter, key, words) => {
    const block = new Uint32Array(4);
    philox4x32(counter, key, block);
    expect([...block]).toEqual(words);
    expect(philox(counter, key)).toEqual(words);
  });
});

function expectedBits(count: number, key: [number, number]): number[] {
  return Array.from({ length: count }, (_, i) => philox([Math.floor(i / 4), 0, 0, 0], key)[i % 4] >>> 8);
}

inBothPrecisions((backend, precision) => {
  it('randomBits of key 0 begins with the published vector', () => {
    const bits = compute(backend, 'randomBits', { scalars: { keyLow: 0, keyHigh: 0 }, attrs: { shape: [4] } }, 'int32', [4]);
    expect(bits).toEqual([0x6627e8, 0xe169c5, 0xbc57ac, 0x9b00db]);
  });

  it('randomBits has the same elements in every shape', () => {
    const [keyLow, keyHigh] = [0xa4093822, 0x299f31d0];
    const bits = compute(backend, 'randomBits', { scalars: { keyLow, keyHigh }, attrs: { shape: [3, 7] } }, 'int32', [3, 7]);
    expect(bits).toEqual(expectedBits(21, [keyLow, keyHigh]));
  });

  // The last rate is the largest at which element 0 is kept.
  it.each([0, 0.25, 0.9, 1, expectedBits(1, [5, 6])[0] / 2 ** 24])(
    'dropout of rate %d keeps the elements that the bits say, scaled',
    (rate) => {
      const x = arbitrary([41]);
      const y = compute(backend, 'dropout', { in: { x }, scalars: { keyLow: 5, keyHigh: 6, rate } }, 'float32', [41]);
      const scale = Math.fround(1 / (1 - rate));
      const round = precision === 'float32' ? Math.fround : (value: number) => value;
      const bits = expectedBits(41, [5, 6]);
      expect(y).toEqual(x.data.map((value, i) => (bits[i] >= Math.round(rate * 2 ** 24) ? round(value * scale) : 0)));
    },
  );
});
