// Finds pictures that occur twice: with the same pixels, or nearly the same after other compression, scaling or brightness.

import { createHash } from 'node:crypto';
import type { ImageSet } from '@sinapse/datasets';
import type { Duplicates } from './problem.ts';

/** The least correlation of the pixels of two pictures that are called nearly the same. */
const NEARLY = 0.985;

/** The bits that the fingerprints of such pictures may differ in: less than there are bands, so that at least one band is equal. */
const BANDS = 8;

/** Pictures with one band of the fingerprint in common that are compared, at most: plain pictures have all bands in common. */
const MOST_IN_BAND = 64;

/**
 * Groups equal pictures by their pixels. Nearly equal ones are found by a fingerprint (a "difference hash": whether the brightness rises from each
 * cell of a 9 by 8 grid to the next), of which one byte at least must agree, and are then compared by the correlation of their pixels.
 */
export function findDuplicates(set: ImageSet): Duplicates {
  const size = set.height * set.width * set.channels;
  const pixelsOf = (index: number): Uint8Array => set.images.subarray(index * size, (index + 1) * size);
  const byContent = new Map<string, number[]>();
  for (let i = 0; i < set.labels.length; i++) {
    const key = createHash('sha1').update(pixelsOf(i)).digest('base64');
    const group = byContent.get(key);
    if (group === undefined) byContent.set(key, [i]);
    else group.push(i);
  }
  const exact = [...byContent.values()].filter((group) => group.length > 1);
  const firsts = [...byContent.values()].map(([first]) => first!);
  return { exact, near: nearGroups(firsts, set, pixelsOf) };
}

function nearGroups(indices: readonly number[], set: ImageSet, pixelsOf: (index: number) => Uint8Array): number[][] {
  const inBand = new Map<number, number[]>();
  const leaderOf = new Map<number, number>();
  const prints = new Map<number, Uint8Array>();
  for (const index of indices) {
    const print = fingerprint(set, pixelsOf(index));
    prints.set(index, print);
    const candidates = new Set<number>();
    print.forEach((byte, band) => {
      const key = band * 256 + byte;
      const others = inBand.get(key) ?? [];
      for (const other of others) candidates.add(other);
      if (others.length < MOST_IN_BAND) inBand.set(key, [...others, index]);
    });
    for (const other of candidates) {
      if (differingBits(print, prints.get(other)!) >= BANDS || correlation(pixelsOf(index), pixelsOf(other)) < NEARLY) continue;
      leaderOf.set(index, leaderOf.get(other) ?? other);
      break;
    }
  }
  const groups = new Map<number, number[]>();
  for (const [index, leader] of leaderOf) {
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [leader, index]);
    else group.push(index);
  }
  return [...groups.values()];
}

/** Eight bytes, one for each row of the grid. */
function fingerprint({ height, width, channels }: ImageSet, pixels: Uint8Array): Uint8Array {
  const grid = new Float64Array(9 * 8);
  const counts = new Float64Array(9 * 8);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const cell = Math.floor((row * 8) / height) * 9 + Math.floor((column * 9) / width);
      for (let channel = 0; channel < channels; channel++) grid[cell]! += pixels[(row * width + column) * channels + channel]!;
      counts[cell]! += channels;
    }
  const mean = (cell: number): number => grid[cell]! / Math.max(1, counts[cell]!);
  return Uint8Array.from({ length: 8 }, (_, row) => {
    let byte = 0;
    for (let column = 0; column < 8; column++) byte = byte * 2 + (mean(row * 9 + column + 1) > mean(row * 9 + column) ? 1 : 0);
    return byte;
  });
}

function differingBits(a: Uint8Array, b: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) for (let rest = a[i]! ^ b[i]!; rest > 0; rest &= rest - 1) bits++;
  return bits;
}

/** Pearson's; 0 if one picture is of one colour. */
function correlation(a: Uint8Array, b: Uint8Array): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const n = a.length;
  const spread = (squaresA - (sumA * sumA) / n) * (squaresB - (sumB * sumB) / n);
  return spread > 0 ? (products - (sumA * sumB) / n) / Math.sqrt(spread) : 0;
}
