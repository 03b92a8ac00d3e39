import { describe, expect, test } from 'vitest';
import { digitScenes } from './digit-scenes.ts';

describe('digitScenes', () => {
  const scenes = digitScenes({ count: 40, seed: 3 });

  test('the same seed gives the same scenes, whatever their number; seeds and halves differ', () => {
    expect(digitScenes({ count: 5, seed: 3 })).toEqual(scenes.slice(0, 5));
    const first = (options: object): string => JSON.stringify(digitScenes({ count: 1, ...options })[0]!.objects);
    expect(new Set([first({ seed: 1 }), first({ seed: 2 }), first({ seed: 1, split: 'test' })]).size).toBe(3);
  });

  test('one to three digits, which do not overlap, in images from 0 to 1', () => {
    expect(new Set(scenes.map(({ objects }) => objects.length))).toEqual(new Set([1, 2, 3]));
    expect(new Set(scenes.flatMap(({ objects }) => objects.map(({ label }) => label))).size).toBe(10);
    for (const { image, objects } of scenes) {
      expect(image.shape).toEqual([96, 96, 3]);
      expect(image.data).toHaveLength(96 * 96 * 3);
      expect(image.data.every((value) => value >= 0 && value <= 1)).toBe(true);
      for (const { box: [left, top, right, bottom] } of objects) expect(left >= 0 && top >= 0 && right <= 96 && bottom <= 96).toBe(true); // prettier-ignore
      for (const [i, { box: a }] of objects.entries())
        for (const { box: b } of objects.slice(i + 1)) expect(a[0] > b[2] || b[0] > a[2] || a[1] > b[3] || b[1] > a[3]).toBe(true);
    }
  });

  test('a box is as large as the ink: half of a bright colour at least on each of its sides', () => {
    for (const { image, objects } of scenes)
      for (const { box: [left, top, right, bottom] } of objects) {
        const brightest = (rows: readonly [number, number], columns: readonly [number, number]): number => {
          let most = 0;
          for (let row = rows[0]; row < rows[1]; row++)
            for (let column = columns[0]; column < columns[1]; column++)
              most = Math.max(most, Math.min(...image.data.subarray((row * 96 + column) * 3, (row * 96 + column + 1) * 3)));
          return most;
        };
        const sides = [brightest([top, top + 1], [left, right]), brightest([bottom - 1, bottom], [left, right]), brightest([top, bottom], [left, left + 1]), brightest([top, bottom], [right - 1, right])]; // prettier-ignore
        for (const side of sides) expect(side).toBeGreaterThanOrEqual(0.5 * 0.6 - 0.01);
      } // prettier-ignore
  });

  test('mistakes are named', () => {
    expect(() => digitScenes({ count: 0 })).toThrow('digitScenes: count: expected an integer from 1 to 1,000,000, got 0');
    expect(() => digitScenes({ most: 10 })).toThrow('digitScenes: most: expected an integer from 1 to 9, got 10');
    expect(() => digitScenes({ size: 20 })).toThrow('digitScenes: size: expected an integer from 64 to 1,024, got 20');
  });
});
