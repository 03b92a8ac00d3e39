import { describe, expect, it } from 'vitest';
import { RandomStream, randomKey } from '@sinapse/core';
import type { ImageSet } from '@sinapse/datasets';
import { findDuplicates } from './duplicates.ts';

const SIDE = 16;

function setOf(pictures: readonly (readonly number[])[]): ImageSet {
  const images = Uint8Array.from(pictures.flat());
  return { images, labels: new Uint8Array(pictures.length), height: SIDE, width: SIDE, channels: 1, classNames: ['a'] };
}

/** A picture of 4 by 4 squares of any brightness, lit from the right. */
function squares(seed: number): number[] {
  const random = new RandomStream(randomKey(seed));
  const shades = Array.from({ length: 16 }, () => random.below(128));
  return Array.from({ length: SIDE * SIDE }, (_, i) => shades[4 * Math.floor(i / SIDE / 4) + Math.floor((i % SIDE) / 4)]! + 7 * (i % SIDE));
}

describe('duplicates', () => {
  it('are found exactly, and after a change of brightness and noise', () => {
    const random = new RandomStream(randomKey(1));
    const noisy = squares(2).map((value) => Math.round(0.8 * value + 10 + 4 * random.uniform()));
    const set = setOf([squares(1), squares(2), squares(3), squares(1), noisy]);
    expect(findDuplicates(set)).toEqual({ exact: [[0, 3]], near: [[1, 4]] });
  });

  it('are none among other pictures, even plain ones of other brightness', () => {
    const plain = [10, 100, 200].map((value) => new Array<number>(SIDE * SIDE).fill(value));
    const set = setOf([...plain, ...Array.from({ length: 40 }, (_, i) => squares(i))]);
    expect(findDuplicates(set)).toEqual({ exact: [], near: [] });
  });
});
