// Activations on rows of float64 values, so that what produces their input (a bias, a product, a convolution) is rounded only once.

import type { Activation, Kernel } from '@sinapse/core';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

/** Replaces values[0 .. n) by their activations. `alpha`: the slope of leakyRelu below zero, the limit of elu. */
export function activate(activation: Activation, alpha: number, values: Float64Array, n: number): void {
  switch (activation) {
    case 'linear':
      return;
    case 'relu':
      for (let i = 0; i < n; i++) values[i] = Math.max(values[i], 0);
      return;
    case 'leakyRelu':
      for (let i = 0; i < n; i++) if (values[i] < 0) values[i] *= alpha;
      return;
    case 'elu':
      for (let i = 0; i < n; i++) if (values[i] < 0) values[i] = alpha * Math.expm1(values[i]);
      return;
    case 'sigmoid':
      for (let i = 0; i < n; i++) values[i] = 1 / (1 + Math.exp(-values[i]));
      return;
    case 'tanh':
      for (let i = 0; i < n; i++) values[i] = Math.tanh(values[i]);
  }
}

/** Replaces values[0 .. n), gradients of the activations, by gradients of their inputs; y[at + i] is the activation. */
export function activateGrad(
  activation: Activation,
  alpha: number,
  values: Float64Array,
  n: number,
  y: ArrayLike<number>,
  at: number,
): void {
  switch (activation) {
    case 'linear':
      return;
    case 'relu':
      for (let i = 0; i < n; i++) if (!(y[at + i] > 0)) values[i] = 0;
      return;
    case 'leakyRelu':
      for (let i = 0; i < n; i++) if (!(y[at + i] > 0)) values[i] *= alpha;
      return;
    case 'elu': // alpha exp(x) = y + alpha
      for (let i = 0; i < n; i++) if (!(y[at + i] > 0)) values[i] *= y[at + i] + alpha;
      return;
    case 'sigmoid':
      for (let i = 0; i < n; i++) values[i] *= y[at + i] * (1 - y[at + i]);
      return;
    case 'tanh':
      for (let i = 0; i < n; i++) values[i] *= 1 - y[at + i] * y[at + i];
  }
}

/** How many elements are worked on at once: whole rows, about a kilobyte or more. */
export function chunkOf(channels: number): number {
  return channels * Math.max(1, Math.ceil(256 / Math.max(1, channels)));
}

export const biasActivation: Kernel<'biasActivation'> = ({ in: { x, bias }, out: { y }, attrs: { activation }, scalars: { alpha } }) => {
  const from = valuesOf(x);
  const biases = bias === undefined ? undefined : valuesOf(bias);
  const to = valuesOf(y);
  const channels = bias?.size ?? 1;
  const chunk = chunkOf(channels);
  const values = workspace(chunk);
  for (let start = 0; start < x.size; start += chunk) {
    const n = Math.min(chunk, x.size - start);
    for (let i = 0; i < n; i++) values[i] = from[x.offset + start + i];
    if (bias !== undefined && biases !== undefined) addBias(values, n, biases, bias.offset, channels);
    activate(activation, alpha, values, n);
    for (let i = 0; i < n; i++) to[y.offset + start + i] = values[i];
  }
};

function addBias(values: Float64Array, n: number, biases: ArrayLike<number>, biasAt: number, channels: number): void {
  for (let row = 0; row < n; row += channels) for (let c = 0; c < channels; c++) values[row + c] += biases[biasAt + c];
}

export const biasActivationGrad: Kernel<'biasActivationGrad'> = (call) => {
  const { y, dy } = call.in;
  const { dx, dbias } = call.out;
  const { activation, bias } = call.attrs;
  const activations = valuesOf(y);
  const from = valuesOf(dy);
  const to = valuesOf(dx);
  const channels = bias ? dbias.size : 1;
  const chunk = chunkOf(channels);
  const sums = workspace(channels + chunk);
  const values = sums.subarray(channels);
  sums.fill(0, 0, channels);
  for (let start = 0; start < y.size; start += chunk) {
    const n = Math.min(chunk, y.size - start);
    for (let i = 0; i < n; i++) values[i] = from[dy.offset + start + i];
    activateGrad(activation, call.scalars.alpha, values, n, activations, y.offset + start);
    for (let i = 0; i < n; i++) to[dx.offset + start + i] = values[i];
    if (bias) for (let row = 0; row < n; row += channels) for (let c = 0; c < channels; c++) sums[c] += values[row + c];
  }
  const biasGrad = valuesOf(dbias);
  for (let c = 0; c < dbias.size; c++) biasGrad[dbias.offset + c] = sums[c];
};
