// Convolution and its two gradients, as products with the matrix of patches: with P the patches `[pixels, taps]`, F the filter
// `[taps, filters]` and Y the result `[pixels, filters]`, Y = P F, dF = P^T dY, and dX collects dP = dY F^T at the places P was copied
// from. Each group of channels is such a product.

import type { Kernel } from '@sinapse/core';
import { packColumns, packRows, storeActivated, storeRows } from './matmul.ts';
import { Patches } from './patches.ts';
import { product } from './product.ts';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

export const conv2d: Kernel<'conv2d'> = ({ in: { x, filter, bias, residual }, out: { y }, attrs, scalars: { alpha } }) => {
  const patches = new Patches(x.shape, filter.shape, y.shape, attrs);
  const filters = filter.shape[3];
  const groupFilters = filters / attrs.groups;
  const weights = valuesOf(filter);
  const to = valuesOf(y);
  for (let group = 0; group < attrs.groups; group++) {
    const first = group * groupFilters;
    const packX = patches.pack(valuesOf(x), x.offset, group);
    const packFilter = packRows(weights, filter.offset + first, filters);
    const store = storeActivated(to, y.offset + first, filters, { bias, residual, first }, attrs.activation, alpha);
    product(patches.pixels, groupFilters, patches.taps, packX, packFilter, store);
  }
};

export const conv2dFilterGrad: Kernel<'conv2dFilterGrad'> = ({ in: { x, dy }, out: { dfilter }, attrs }) => {
  const patches = new Patches(x.shape, dfilter.shape, dy.shape, attrs);
  const filters = dfilter.shape[3];
  const groupFilters = filters / attrs.groups;
  const to = valuesOf(dfilter);
  for (let group = 0; group < attrs.groups; group++) {
    const first = group * groupFilters;
    const packX = patches.packTransposed(valuesOf(x), x.offset, group);
    const packDy = packRows(valuesOf(dy), dy.offset + first, filters);
    product(patches.taps, groupFilters, patches.pixels, packX, packDy, storeRows(to, dfilter.offset + first, filters));
  }
};

/** Images whose gradients are collected together have about this many elements. */
const COLLECTED = 1 << 16;

export const conv2dInputGrad: Kernel<'conv2dInputGrad'> = ({ in: { dy, filter }, out: { dx }, attrs }) => {
  const [batch, ...image] = dx.shape;
  const imageSize = image.reduce((product, length) => product * length, 1);
  const filters = filter.shape[3];
  const groupFilters = filters / attrs.groups;
  const pixelsPerImage = dy.shape[1] * dy.shape[2];
  const from = valuesOf(dy);
  const weights = valuesOf(filter);
  const to = valuesOf(dx);
  const together = Math.max(1, Math.floor(COLLECTED / imageSize));
  for (let first = 0; first < batch; first += together) {
    const images = Math.min(together, batch - first);
    const patches = new Patches([images, ...image], filter.shape, [images, ...dy.shape.slice(1)], attrs);
    const sums = workspace(images * imageSize);
    sums.fill(0, 0, images * imageSize);
    for (let group = 0; group < attrs.groups; group++) {
      const packDy = packRows(from, dy.offset + first * pixelsPerImage * filters + group * groupFilters, filters);
      const packFilter = packColumns(weights, filter.offset + group * groupFilters, filters);
      product(patches.pixels, patches.taps, groupFilters, packDy, packFilter, patches.addTo(sums, group));
    }
    const dxAt = dx.offset + first * imageSize;
    for (let i = 0; i < images * imageSize; i++) to[dxAt + i] = sums[i];
  }
};
