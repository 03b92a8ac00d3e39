// Batch normalisation and its gradient. Sums are kept in float64; the variance is summed after the mean is known, so that nothing cancels.

import type { Kernel, View } from '@sinapse/core';
import { activate, activateGrad, chunkOf } from './activation.ts';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

/** Adds `term(i, channel)` of every element i of x to its channel's sum. */
function sumChannels(x: View, sums: Float64Array, term: (i: number, channel: number) => number): void {
  const channels = sums.length;
  sums.fill(0);
  for (let row = 0; row < x.size; row += channels) for (let c = 0; c < channels; c++) sums[c] += term(row + c, c);
}

/** Calls `work` for pieces of x: whole rows, from element `start` on, `n` elements. */
function forEachPiece(x: View, chunk: number, work: (start: number, n: number) => void): void {
  for (let start = 0; start < x.size; start += chunk) work(start, Math.min(chunk, x.size - start));
}

/** Float64 arrays of the given lengths, the caller's until the next kernel. */
function arrays(...lengths: number[]): Float64Array[] {
  const room = workspace(lengths.reduce((a, b) => a + b, 0));
  let at = 0;
  return lengths.map((length) => room.subarray(at, (at += length)));
}

export const batchNorm: Kernel<'batchNorm'> = (call) => {
  const { x, scale, offset, residual } = call.in;
  const { y, mean, variance } = call.out;
  const { alpha, epsilon } = call.scalars;
  const channels = scale.size;
  const rows = x.size / channels;
  const chunk = chunkOf(channels);
  const [means, variances, factors, values] = arrays(channels, channels, channels, chunk);
  const [from, scales, offsets] = [valuesOf(x), valuesOf(scale), valuesOf(offset)];
  const added = residual && valuesOf(residual);
  const [to, meansTo, variancesTo] = [valuesOf(y), valuesOf(mean), valuesOf(variance)];

  sumChannels(x, means, (i) => from[x.offset + i]);
  for (let c = 0; c < channels; c++) means[c] /= rows;
  sumChannels(x, variances, (i, c) => (from[x.offset + i] - means[c]) ** 2);
  for (let c = 0; c < channels; c++) {
    variances[c] /= rows;
    factors[c] = scales[scale.offset + c] / Math.sqrt(variances[c] + epsilon);
    meansTo[mean.offset + c] = means[c];
    variancesTo[variance.offset + c] = variances[c];
  }
  forEachPiece(x, chunk, (start, n) => {
    for (let row = 0; row < n; row += channels) {
      for (let c = 0; c < channels; c++)
        values[row + c] = (from[x.offset + start + row + c] - means[c]) * factors[c] + offsets[offset.offset + c];
    }
    if (residual !== undefined && added !== undefined) for (let i = 0; i < n; i++) values[i] += added[residual.offset + start + i];
    activate(call.attrs.activation, alpha, values, n);
    for (let i = 0; i < n; i++) to[y.offset + start + i] = values[i];
  });
};

export const batchNormGrad: Kernel<'batchNormGrad'> = (call) => {
  const { x, y, dy, scale, mean, variance } = call.in;
  const { dx, dscale, doffset, dresidual } = call.out;
  const { activation, residual } = call.attrs;
  const { alpha, epsilon } = call.scalars;
  const channels = scale.size;
  const rows = x.size / channels;
  const chunk = chunkOf(channels);
  const [sums, products, inverses, values] = arrays(channels, channels, channels, chunk);
  const [from, activations, gradients] = [valuesOf(x), valuesOf(y), valuesOf(dy)];
  const [scales, means, variances] = [valuesOf(scale), valuesOf(mean), valuesOf(variance)];
  const [to, residualTo, scaleTo, offsetTo] = [valuesOf(dx), valuesOf(dresidual), valuesOf(dscale), valuesOf(doffset)];

  for (let c = 0; c < channels; c++) inverses[c] = 1 / Math.sqrt(variances[variance.offset + c] + epsilon);
  const normalised = (i: number, c: number): number => (from[x.offset + i] - means[mean.offset + c]) * inverses[c];
  /** Gradients of the activation's input, for a piece of the batch. */
  const beforeActivation = (start: number, n: number): void => {
    for (let i = 0; i < n; i++) values[i] = gradients[dy.offset + start + i];
    activateGrad(activation, alpha, values, n, activations, y.offset + start);
  };

  sums.fill(0);
  products.fill(0);
  forEachPiece(x, chunk, (start, n) => {
    beforeActivation(start, n);
    for (let row = 0; row < n; row += channels) {
      for (let c = 0; c < channels; c++) {
        sums[c] += values[row + c];
        products[c] += values[row + c] * normalised(start + row + c, c);
      }
    }
  });
  for (let c = 0; c < channels; c++) {
    offsetTo[doffset.offset + c] = sums[c];
    scaleTo[dscale.offset + c] = products[c];
  }
  forEachPiece(x, chunk, (start, n) => {
    beforeActivation(start, n);
    if (residual) for (let i = 0; i < n; i++) residualTo[dresidual.offset + start + i] = values[i];
    for (let row = 0; row < n; row += channels) {
      for (let c = 0; c < channels; c++) {
        const shared = (sums[c] + normalised(start + row + c, c) * products[c]) / rows;
        to[dx.offset + start + row + c] = (values[row + c] - shared) * scales[scale.offset + c] * inverses[c];
      }
    }
  });
};
