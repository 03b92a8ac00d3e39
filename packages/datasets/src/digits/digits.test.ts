import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digits } from './digits.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function statistics(images: Uint8Array): { mean: number; deviation: number; ink: number; full: number } {
  let [sum, squares, ink, full] = [0, 0, 0, 0];
  for (const pixel of images) {
    sum += pixel;
    squares += pixel * pixel;
    if (pixel > 0) ink++;
    if (pixel >= 250) full++;
  }
  const mean = sum / images.length;
  const deviation = Math.sqrt(squares / images.length - mean * mean);
  return { mean: mean / 255, deviation: deviation / 255, ink: ink / images.length, full: full / images.length };
}

describe('digits', () => {
  it('makes the same bits everywhere', () => {
    const { images, labels } = digits({ count: 200, seed: 1 });
    expect([...labels.subarray(0, 10)]).toEqual(FIRST_LABELS);
    expect(sha256(images)).toBe(FIRST_IMAGES);
  });

  it('has each digit once in every ten, in random order', () => {
    const { labels, classNames } = digits({ count: 205, seed: 3 });
    const orders = new Set<string>();
    for (let start = 0; start < 200; start += 10) {
      const ten = [...labels.subarray(start, start + 10)];
      expect([...ten].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      orders.add(ten.join(''));
    }
    expect(orders.size).toBe(20);
    expect(classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('begins with the same images whatever the count', () => {
    const few = digits({ count: 33, seed: 5 });
    const many = digits({ count: 47, seed: 5 });
    expect(many.images.subarray(0, few.images.length)).toEqual(few.images);
    expect(many.labels.subarray(0, 33)).toEqual(few.labels);
  });

  it('gives other images for another seed and for the other split, and none twice', () => {
    const seen = new Set<string>();
    for (const seed of [0, 1]) {
      for (const split of ['train', 'test'] as const) {
        const { images } = digits({ count: 500, seed, split });
        for (let i = 0; i < 500; i++) seen.add(sha256(images.subarray(784 * i, 784 * (i + 1))));
      }
    }
    expect(seen.size).toBe(2000);
  });

  it('has the statistics of MNIST', () => {
    // MNIST's training images: mean 0.1307, deviation 0.3081, 19.1 % of the pixels above 0, 7.4 % at least 250.
    const { mean, deviation, ink, full } = statistics(digits({ count: 3000, seed: 2 }).images);
    expect(mean).toBeGreaterThan(0.12);
    expect(mean).toBeLessThan(0.14);
    expect(deviation).toBeGreaterThan(0.295);
    expect(deviation).toBeLessThan(0.32);
    expect(ink).toBeGreaterThan(0.175);
    expect(ink).toBeLessThan(0.205);
    expect(full).toBeGreaterThan(0.065);
    expect(full).toBeLessThan(0.085);
  });

  it('centres each digit by its mass, about 20 pixels large, with a black border', () => {
    const { images, height, width } = digits({ count: 500, seed: 4 });
    for (let i = 0; i < 500; i++) {
      let [mass, rows, columns, top, bottom, left, right] = [0, 0, 0, height, -1, width, -1];
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const pixel = images[i * height * width + row * width + column]!;
          if (pixel === 0) continue;
          [mass, rows, columns] = [mass + pixel, rows + pixel * row, columns + pixel * column];
          [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
          [left, right] = [Math.min(left, column), Math.max(right, column)];
        }
      }
      expect(Math.abs(rows / mass - 14)).toBeLessThan(0.6);
      expect(Math.abs(columns / mass - 14)).toBeLessThan(0.6);
      const side = Math.max(bottom - top, right - left) + 1;
      expect(side).toBeGreaterThanOrEqual(18);
      expect(side).toBeLessThanOrEqual(22);
    }
  });

  it.each([0, -1, 2.5, NaN, 1e7])('refuses a count of %s', (count) => {
    expect(() => digits({ count })).toThrow(`digits: count: expected an integer from 1 to 1,000,000, got ${count}`);
  });

  it('refuses an unknown split and a bad seed', () => {
    expect(() => digits({ count: 1, split: 'valid' as never })).toThrow('digits: split: expected one of train, test, got "valid"');
    expect(() => digits({ count: 1, seed: 0.5 })).toThrow('seed: expected an integer');
  });
});

// Recorded on Node 20 (V8); QuickJS and Chromium agree. If these change, the data set changes: say so in the changelog.
const FIRST_LABELS = [7, 1, 3, 9, 5, 4, 0, 6, 8, 2];
const FIRST_IMAGES = '698a5cbdec87bd962e52be221b209713a4278c2353ec79eea97dc8b397463f75';
