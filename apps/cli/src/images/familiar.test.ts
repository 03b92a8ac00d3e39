import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { digits } from '@sinapse/datasets';
import { describe, expect, it } from 'vitest';
import type { Pixels } from './decode.ts';
import { lightOnDark } from './digit.ts';
import { looksLikeDrawing } from './familiar.ts';
import { inverted } from './ink.ts';

const grey = (data: Uint8Array, width: number, height = width): Pixels => ({ width, height, channels: 1, data });
const unlike = (images: readonly Pixels[]) => images.filter((image) => !looksLikeDrawing(lightOnDark(image, 28, 'auto'))).length;

function allOf(images: Uint8Array): Pixels[] {
  return Array.from({ length: images.length / 784 }, (_, i) => grey(images.subarray(i * 784, (i + 1) * 784), 28));
}

/** A digit ten times as large, dark on grey paper that is lighter on one side, with the noise of a camera. */
function photographed(digit: Pixels): Pixels {
  const size = 280;
  const data = new Uint8Array(size * size);
  for (let at = 0; at < data.length; at++) {
    const [x, y] = [at % size, Math.floor(at / size)];
    const paper = 170 + (60 * x) / size + 8 * Math.sin(at * 12.9898);
    data[at] = paper - ((paper - 40) * digit.data[Math.floor(y / 10) * 28 + Math.floor(x / 10)]!) / 255;
  }
  return grey(data, size);
}

/** Like a photograph of an animal: large spots of several greys, with fur. */
function animal(seed: number, size = 128): Pixels {
  const data = new Uint8Array(size * size);
  for (let at = 0; at < data.length; at++) {
    const [x, y] = [(at % size) / size, Math.floor(at / size) / size];
    const spots = Math.sin(7 * x + seed) * Math.cos(9 * y - 2 * seed) + 0.6 * Math.sin(23 * (x + y) * (1 + seed / 10));
    const fur = Math.sin(140 * x * y + 90 * x + seed);
    data[at] = 128 + 60 * spots + 12 * fur;
  }
  return grey(data, size);
}

const data = process.env['SINAPSE_DATA'];

describe('a drawing on paper', () => {
  const { images } = digits({ count: 2000, split: 'test' });

  it('is what every digit is, light on dark or dark on light', () => {
    expect(unlike(allOf(images))).toBe(0);
    expect(unlike(allOf(images).map(inverted))).toBe(0);
  });

  it('is what a photographed digit is: of 100 at least 99', () => {
    expect(unlike(allOf(images).slice(0, 100).map(photographed))).toBeLessThanOrEqual(1);
  });

  it.skipIf(!data)('is what every digit of MNIST is (needs SINAPSE_DATA)', () => {
    expect(unlike(allOf(gunzipSync(readFileSync(join(data!, 'mnist/t10k-images-idx3-ubyte.gz'))).subarray(16)))).toBe(0);
  });

  it('is not what a photograph of an animal is: of 20 at least 18 are not', () => {
    expect(unlike(Array.from({ length: 20 }, (_, seed) => animal(seed)))).toBeGreaterThanOrEqual(18);
  });
});
