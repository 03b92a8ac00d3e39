// What the page "draw" does, without a page: a drawing becomes an image as in MNIST, and every layer is seen.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpu } from '@sinapse/backend-cpu';
import { memory, use } from '@sinapse/core';
import { digits } from '@sinapse/datasets';
import { lenet5 } from '@sinapse/zoo';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TrainedNetwork } from '../train/network.ts';
import { drawCode } from './code.ts';
import { digitImage } from './digit-image.ts';
import { look } from './machine.ts';
import { drawTasks } from './tasks.ts';
import { drawTexts } from './text.ts';

beforeAll(async () => void use(await cpu()));

/** A filled rectangle on paper. */
function rectangle(left: number, top: number, width: number, height: number, size = 280) {
  const pixels = new Uint8Array(size * size);
  for (let y = top; y < top + height; y++) pixels.fill(255, y * size + left, y * size + left + width);
  return { pixels, size };
}

describe('a drawing as an image', () => {
  test('the longer side of the ink fills 20 of 28 pixels, in the middle, wherever it was drawn', () => {
    for (const ink of [rectangle(10, 20, 50, 100), rectangle(200, 150, 50, 100), rectangle(0, 0, 25, 50)]) {
      const image = digitImage(ink, 28, 28)!;
      const rows = Array.from({ length: 28 }, (_, row) => image.subarray(28 * row, 28 * row + 28).reduce((sum, value) => sum + value, 0));
      expect(rows.map((sum) => sum > 0)).toEqual(Array.from({ length: 28 }, (_, row) => row >= 4 && row < 24));
      expect(image[14 * 28 + 9]).toBe(255);
      expect(image[14 * 28 + 18]).toBe(255);
      expect(image[14 * 28 + 8]).toBe(0);
      expect(image[14 * 28 + 19]).toBe(0);
    }
  });

  test('without ink there is none', () => expect(digitImage({ pixels: new Uint8Array(16), size: 4 }, 28, 28)).toBeUndefined());

  test('the centre of mass of any drawing lies in the middle', () => {
    const { images } = digits({ count: 10, seed: 1 });
    for (let i = 0; i < 10; i++) {
      const image = digitImage({ pixels: images.subarray(784 * i, 784 * (i + 1)), size: 28 }, 28, 28)!;
      let [mass, x, y] = [0, 0, 0];
      image.forEach((ink, at) => ([mass, x, y] = [mass + ink, x + ink * ((at % 28) + 0.5), y + ink * (Math.floor(at / 28) + 0.5)]));
      expect(x / mass).toBeCloseTo(14, 0);
      expect(y / mass).toBeCloseTo(14, 0);
    }
  });
});

describe('a look at a drawing', () => {
  const model = lenet5();
  const network: TrainedNetwork = {
    model,
    inputShape: [28, 28, 1],
    classNames: '0123456789'.split(''),
    preprocessing: { scale: 1 / 255, mean: 0.1307, std: 0.3081 },
  };

  test('gives probabilities and the maps of every layer, channel by channel, and keeps no memory', async () => {
    model.build([28, 28, 1], 1);
    const before = memory().tensors;
    const seen = (await look(network, rectangle(100, 100, 20, 80)))!;
    expect(seen.probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(seen.layers.map(({ name, height, channels }) => [name, height, channels])).toEqual([
      ['conv1', 28, 6],
      ['pool1', 14, 6],
      ['conv2', 10, 16],
      ['pool2', 5, 16],
      ['flatten', 1, 400],
      ['dense1', 1, 120],
      ['dense2', 1, 84],
      ['dense3', 1, 10],
    ]);
    // Pooling takes maxima of two by two, so the layers must be in the same order of channels.
    const [conv, pool] = seen.layers as [(typeof seen.layers)[number], (typeof seen.layers)[number]];
    for (let channel = 0; channel < 6; channel++) {
      const at = (row: number, column: number) => conv.maps[channel * 784 + row * 28 + column]!;
      expect(pool.maps[channel * 196 + 7 * 14 + 6]).toBe(Math.max(at(14, 12), at(14, 13), at(15, 12), at(15, 13)));
    }
    expect(memory().tensors).toBe(before);
  });

  test('is refused by a network that takes no grey images', async () => {
    await expect(look({ ...network, inputShape: [2] }, rectangle(0, 0, 9, 9))).rejects.toThrow(
      'draw: the network takes [2], not grey images',
    );
  });
});

test('every task has words in both languages', () => {
  const ids = drawTasks.map(({ id }) => id).sort();
  expect(Object.keys(drawTexts.en.tasks).sort()).toEqual(ids);
  expect(Object.keys(drawTexts.pt.tasks).sort()).toEqual(ids);
});

test('the code runs as it stands', async () => {
  const folder = await mkdtemp(fileURLToPath(new URL('../../../dist/code-', import.meta.url)));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, drawCode(1));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toMatch(/conv1 [^]*dense3 [^]*Float32Array\(10\)/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
