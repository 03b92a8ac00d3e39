// Single elements of a convolution and of its gradients, from their formulas in float64, to check every contestant.

import type { Convolution } from './task.ts';

type Values = ArrayLike<number>;

/** y[n, i, j, f] = sum over the window and the group's channels of x[n, i s + u - p, j s + v - p, c] w[u, v, c, f]. */
export function convolved(convolution: Convolution, x: Values, filter: Values, index: number): number {
  const { input, filter: shape, output, stride, padding } = convolution;
  const [image, row, column, f] = coordinates(index, output);
  const firstChannel = groupOf(convolution, f) * shape[2];
  let sum = 0;
  for (let u = 0; u < shape[0]; u++) {
    for (let v = 0; v < shape[1]; v++) {
      const i = row * stride + u - padding;
      const j = column * stride + v - padding;
      if (i < 0 || i >= input[1] || j < 0 || j >= input[2]) continue;
      const from = flat(input, image, i, j, firstChannel);
      for (let c = 0; c < shape[2]; c++) sum += x[from + c]! * filter[flat(shape, u, v, c, f)]!;
    }
  }
  return sum;
}

/** dx[n, i, j, c] = sum of dy w over the filters of the channel's group, and over the window positions that cover the pixel. */
export function inputGradient(convolution: Convolution, filter: Values, dy: Values, index: number): number {
  const { input, filter: shape, output, stride, padding, groups } = convolution;
  const [image, i, j, channel] = coordinates(index, input);
  const group = Math.floor(channel / shape[2]);
  const filters = shape[3] / groups;
  let sum = 0;
  for (let u = 0; u < shape[0]; u++) {
    for (let v = 0; v < shape[1]; v++) {
      const row = (i + padding - u) / stride;
      const column = (j + padding - v) / stride;
      if (!Number.isInteger(row) || !Number.isInteger(column)) continue;
      if (row < 0 || row >= output[1] || column < 0 || column >= output[2]) continue;
      for (let f = group * filters; f < (group + 1) * filters; f++) {
        sum += dy[flat(output, image, row, column, f)]! * filter[flat(shape, u, v, channel % shape[2], f)]!;
      }
    }
  }
  return sum;
}

/** dw[u, v, c, f] = sum over images and output positions of x[n, i s + u - p, j s + v - p, c] dy[n, i, j, f]. */
export function filterGradient(convolution: Convolution, x: Values, dy: Values, index: number): number {
  const { input, filter: shape, output, stride, padding } = convolution;
  const [u, v, c, f] = coordinates(index, shape);
  const channel = groupOf(convolution, f) * shape[2] + c;
  let sum = 0;
  for (let image = 0; image < output[0]; image++) {
    for (let row = 0; row < output[1]; row++) {
      const i = row * stride + u - padding;
      if (i < 0 || i >= input[1]) continue;
      for (let column = 0; column < output[2]; column++) {
        const j = column * stride + v - padding;
        if (j < 0 || j >= input[2]) continue;
        sum += x[flat(input, image, i, j, channel)]! * dy[flat(output, image, row, column, f)]!;
      }
    }
  }
  return sum;
}

type Shape4 = readonly [number, number, number, number];

function groupOf({ filter, groups }: Convolution, f: number): number {
  return Math.floor(f / (filter[3] / groups));
}

function flat([, second, third, fourth]: Shape4, a: number, b: number, c: number, d: number): number {
  return ((a * second + b) * third + c) * fourth + d;
}

function coordinates(index: number, [, second, third, fourth]: Shape4): [number, number, number, number] {
  return [
    Math.floor(index / (second * third * fourth)),
    Math.floor(index / (third * fourth)) % second,
    Math.floor(index / fourth) % third,
    index % fourth,
  ];
}
