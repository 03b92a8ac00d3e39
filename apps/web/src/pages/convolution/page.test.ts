// What the page "convolution" does, without a page: the lectures' numbers, the sums behind them, the tasks, the code.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { convolutionCode } from './code.ts';
import { examples, kernelNames, kernelPresets } from './examples.ts';
import { convolve } from './machine.ts';
import { convolutionTasks, isSymmetric, showsVerticalEdges } from './tasks.ts';
import { outputSize, termsOf } from './terms.ts';
import { convolutionTexts } from './text.ts';

beforeAll(async () => void use(await cpu()));

/** The outputs that the lectures give, filter by filter. */
const published = {
  sharpen: [[[2, 1, 1, 2], [1, 0, 0, 1], [1, 0, 0, 1], [2, 1, 1, 2]]],
  stride: [[[91, 100, 88], [69, 91, 117], [44, 72, 74]]],
  padding: [[[1, 6, 5, 6, 6], [7, 10, 9, 16, 9], [7, 10, 8, 12, 3], [9, 10, 12, 10, 6], [3, 11, 10, 6, 4]]],
  channels: [
    [[0, 34, 39, 23, 35], [-12, 27, 48, 7, 28], [-2, 20, 28, 28, 5], [-1, 27, 41, 39, 17], [-6, 15, 34, 18, 35]],
    [[-24, -18, -16, -7, -8], [-10, -43, -12, -12, -6], [-26, -3, -60, -10, -16], [-60, -20, -27, -45, 4], [-8, -3, 5, 17, 28]],
  ],
} as const; // prettier-ignore

const names = Object.keys(examples) as (keyof typeof examples)[];

test.each(names)('%s gives the numbers of the lecture', async (name) => {
  const { rule, ...convolution } = examples[name];
  const result = await convolve(convolution);
  expect([...result[rule]]).toEqual(published[name].flat(2));
});

test.each(names)('the terms of %s sum to the output, by both rules, at every place', async (name) => {
  const convolution = examples[name];
  const result = await convolve(convolution);
  expect(outputSize(convolution.input[0]!.length, 3, convolution.stride, convolution.padding)).toBe(result.height);
  for (const rule of ['correlation', 'convolution'] as const)
    result[rule].forEach((value, i) => {
      const [filter, row, column] = [
        Math.floor(i / result.height / result.width),
        Math.floor(i / result.width) % result.height,
        i % result.width,
      ];
      const terms = termsOf(convolution, rule, filter, row, column);
      expect(terms.reduce((sum, { input, weight }) => sum + input * weight, convolution.bias[filter]!)).toBe(value);
    });
});

test('a kernel larger than the padded input is refused', async () => {
  const convolution = { ...examples.sharpen, input: [[[1, 2], [3, 4]]] }; // prettier-ignore
  await expect(convolve(convolution)).rejects.toThrow('conv2d');
});

test('kernels are told apart by what they show', () => {
  expect(kernelNames.filter((name) => showsVerticalEdges(kernelPresets[name]))).toEqual(['vertical']);
  expect(kernelNames.filter((name) => isSymmetric(kernelPresets[name]))).toEqual(['sharpen', 'edges', 'identity']);
});

test('every task has words in both languages', () => {
  const ids = convolutionTasks.map(({ id }) => id).sort();
  expect(Object.keys(convolutionTexts.en.tasks).sort()).toEqual(ids);
  expect(Object.keys(convolutionTexts.pt.tasks).sort()).toEqual(ids);
});

test.each(names)('the code for %s runs as it stands, and prints the numbers', async (name) => {
  const { rule, ...convolution } = examples[name];
  const folder = await mkdtemp(fileURLToPath(new URL('../../../dist/code-', import.meta.url)));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, convolutionCode(convolution, rule, 0));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout.match(/-?\d+/g)!.map(Number)).toEqual(published[name][0].flat());
  } finally {
    await rm(folder, { recursive: true });
  }
});
