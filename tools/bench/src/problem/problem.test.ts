import { reference } from '@sinapse/backend-reference';
import { conv2d, conv2dFilterGrad, conv2dInputGrad, tensor, use } from '@sinapse/core';
import { expect, test } from 'vitest';
import { convolved, filterGradient, inputGradient } from './convolve.ts';
import { integers, uniform } from './numbers.ts';
import { permuted } from './permute.ts';
import { sampleIndices } from './samples.ts';
import type { Convolution } from './task.ts';

const convolutions: [string, Convolution][] = [
  ['3x3, padded', { input: [2, 5, 6, 3], filter: [3, 3, 3, 4], output: [2, 5, 6, 4], stride: 1, padding: 1, groups: 1 }],
  ['5x5 with stride 2', { input: [2, 9, 8, 2], filter: [5, 5, 2, 3], output: [2, 5, 4, 3], stride: 2, padding: 2, groups: 1 }],
  ['depthwise', { input: [1, 4, 4, 6], filter: [3, 3, 1, 6], output: [1, 4, 4, 6], stride: 1, padding: 1, groups: 6 }],
  ['two groups', { input: [1, 5, 5, 4], filter: [3, 3, 2, 6], output: [1, 3, 3, 6], stride: 1, padding: 0, groups: 2 }],
];

test.each(convolutions)('elements of a convolution and of its gradients, against all of the framework: %s', (_, convolution) => {
  use(reference({ precision: 'float64' }));
  const { input, filter: filterShape, output, stride, padding, groups } = convolution;
  const [x, w, dy] = [uniform('x', input), uniform('w', filterShape), uniform('dy', output)];
  const geometry = { strides: stride, padding, groups };
  const [image, filter, gradient] = [tensor(x, { shape: input }), tensor(w, { shape: filterShape }), tensor(dy, { shape: output })];
  const compare = (all: ArrayLike<number>, element: (index: number) => number): void => {
    for (let i = 0; i < all.length; i++) expect(element(i)).toBeCloseTo(all[i]!, 5); // the outputs are float32
  };
  compare(conv2d(image, filter, geometry).dataSync(), (i) => convolved(convolution, x, w, i));
  compare(conv2dInputGrad(gradient, filter, input, geometry).dataSync(), (i) => inputGradient(convolution, w, dy, i));
  compare(conv2dFilterGrad(image, gradient, filterShape, geometry).dataSync(), (i) => filterGradient(convolution, x, dy, i));
});

test('axes are put in another order, and back', () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i);
  const turned = permuted(values, [2, 3, 4], [2, 0, 1]);
  expect(turned.slice(0, 6)).toEqual(Float32Array.of(0, 4, 8, 12, 16, 20));
  expect(permuted(turned, [4, 2, 3], [1, 2, 0])).toEqual(values);
});

test('samples are distinct, within the output, with both ends, and fewer where each is dear', () => {
  const cheap = sampleIndices(1_000_000, 10);
  expect(new Set(cheap).size).toBe(cheap.length);
  expect([cheap[0], cheap.at(-1)]).toEqual([0, 999_999]);
  expect(cheap.length).toBeGreaterThan(1000);
  expect(cheap).toEqual(cheap.toSorted((a, b) => a - b));
  expect(sampleIndices(1_000_000, 1e6).length).toBeLessThanOrEqual(100);
  expect(sampleIndices(3, 1)).toEqual([0, 1, 2]);
});

test('numbers have mean 0 and variance 1, integers every value', () => {
  const values = uniform('some', [100_000]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.02); // six standard deviations of the estimate
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  expect(new Set(integers('some', [1000], 10))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});
