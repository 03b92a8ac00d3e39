// Softmax and what is made of it, over the last axis. The maximum of a row is subtracted first, so that exp cannot overflow.

import type { Kernel, TypedArray, View } from '@sinapse/core';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

/** The last axis, and how many rows there are of it. */
function rowsOf(x: View): [rows: number, classes: number] {
  const classes = x.shape[x.shape.length - 1];
  return [classes === 0 ? x.shape.slice(0, -1).reduce((count, length) => count * length, 1) : x.size / classes, classes];
}

function maximum(x: TypedArray, at: number, classes: number): number {
  let most = -Infinity;
  for (let c = 0; c < classes; c++) most = Math.max(most, x[at + c]);
  return most;
}

/** Fills powers[c] with exp(x[c] - most) and returns their sum. */
function exponentials(x: TypedArray, at: number, classes: number, most: number, powers: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    powers[c] = Math.exp(x[at + c] - most);
    sum += powers[c];
  }
  return sum;
}

export const softmax: Kernel<'softmax'> = ({ in: { x }, out: { y } }) => {
  const [rows, classes] = rowsOf(x);
  const from = valuesOf(x);
  const to = valuesOf(y);
  const powers = workspace(classes);
  for (let row = 0; row < rows; row++) {
    const at = x.offset + row * classes;
    const sum = exponentials(from, at, classes, maximum(from, at, classes), powers);
    const yAt = y.offset + row * classes;
    for (let c = 0; c < classes; c++) to[yAt + c] = powers[c] / sum;
  }
};

export const logSoftmax: Kernel<'logSoftmax'> = ({ in: { x }, out: { y } }) => {
  const [rows, classes] = rowsOf(x);
  const from = valuesOf(x);
  const to = valuesOf(y);
  const powers = workspace(classes);
  for (let row = 0; row < rows; row++) {
    const at = x.offset + row * classes;
    const most = maximum(from, at, classes);
    const logSum = Math.log(exponentials(from, at, classes, most, powers));
    const yAt = y.offset + row * classes;
    for (let c = 0; c < classes; c++) to[yAt + c] = from[at + c] - most - logSum;
  }
};

export const logSumExp: Kernel<'logSumExp'> = ({ in: { x }, out: { y } }) => {
  const [rows, classes] = rowsOf(x);
  const from = valuesOf(x);
  const to = valuesOf(y);
  const powers = workspace(classes);
  for (let row = 0; row < rows; row++) {
    const at = x.offset + row * classes;
    const most = maximum(from, at, classes);
    const logSum = Math.log(exponentials(from, at, classes, most, powers));
    to[y.offset + row] = Math.abs(most) === Infinity ? most : most + logSum;
  }
};

export const softmaxCrossEntropy: Kernel<'softmaxCrossEntropy'> = ({ in: { logits, labels }, out: { loss, dlogits } }) => {
  const [rows, classes] = rowsOf(logits);
  const from = valuesOf(logits);
  const wanted = valuesOf(labels);
  const losses = valuesOf(loss);
  const gradients = valuesOf(dlogits);
  const powers = workspace(classes);
  for (let row = 0; row < rows; row++) {
    const at = logits.offset + row * classes;
    const gradientAt = dlogits.offset + row * classes;
    const label = wanted[labels.offset + row];
    if (label < 0 || label >= classes) {
      losses[loss.offset + row] = NaN;
      gradients.fill(NaN, gradientAt, gradientAt + classes);
      continue;
    }
    const most = maximum(from, at, classes);
    const sum = exponentials(from, at, classes, most, powers);
    // most - x[label] first: it is small where both are large.
    losses[loss.offset + row] = Math.abs(most) === Infinity ? most - from[at + label] : most - from[at + label] + Math.log(sum);
    for (let c = 0; c < classes; c++) gradients[gradientAt + c] = (c === label ? powers[c] - sum : powers[c]) / sum;
  }
};
