// Maximum and average over windows of an image, and their gradients. Windows are clipped to the image first: padding is never read.

import type { Kernel, Pool2dGeometry, Shape } from '@sinapse/core';
import { valuesOf } from './storage.ts';
import { workspace } from './workspace.ts';

/** The real rows or columns of the window at output position `index`: from, to. */
function clip(index: number, length: number, window: number, stride: number, before: number): [from: number, to: number] {
  const start = index * stride - before;
  return [Math.max(0, start), Math.min(length, start + window)];
}

/** What is done with one window: its channels stand at xAt + (row * width + column) * channels for the rows and columns in range. */
type Visit = (xAt: number, yAt: number, fromRow: number, toRow: number, fromColumn: number, toColumn: number) => void;

/** Visits every window of one image, output pixels in order. */
function visitWindows(xShape: Shape, yShape: Shape, geometry: Pool2dGeometry, xAt: number, yAt: number, visit: Visit): void {
  const [, height, width] = xShape;
  const [, outHeight, outWidth, channels] = yShape;
  const { window, strides, padding } = geometry;
  for (let row = 0; row < outHeight; row++) {
    const [fromRow, toRow] = clip(row, height, window[0], strides[0], padding[0]);
    for (let column = 0; column < outWidth; column++) {
      const [fromColumn, toColumn] = clip(column, width, window[1], strides[1], padding[2]);
      visit(xAt, yAt + (row * outWidth + column) * channels, fromRow, toRow, fromColumn, toColumn);
    }
  }
}

function imageSize(shape: Shape): number {
  return shape[1] * shape[2] * shape[3];
}

export const maxPool2d: Kernel<'maxPool2d'> = ({ in: { x }, out: { y }, attrs }) => {
  const [batch, , width, channels] = x.shape;
  const from = valuesOf(x);
  const to = valuesOf(y);
  const visit: Visit = (xAt, yAt, fromRow, toRow, fromColumn, toColumn) => {
    for (let c = 0; c < channels; c++) to[yAt + c] = -Infinity;
    for (let row = fromRow; row < toRow; row++) {
      for (let column = fromColumn; column < toColumn; column++) {
        const at = xAt + (row * width + column) * channels;
        for (let c = 0; c < channels; c++) to[yAt + c] = Math.max(to[yAt + c], from[at + c]);
      }
    }
  };
  for (let b = 0; b < batch; b++) {
    visitWindows(x.shape, y.shape, attrs, x.offset + b * imageSize(x.shape), y.offset + b * imageSize(y.shape), visit);
  }
};

export const maxPool2dGrad: Kernel<'maxPool2dGrad'> = ({ in: { x, dy }, out: { dx }, attrs }) => {
  const [batch, , width, channels] = x.shape;
  const size = imageSize(x.shape);
  const values = valuesOf(x);
  const from = valuesOf(dy);
  const to = valuesOf(dx);
  const sums = workspace(size);
  const visit: Visit = (xAt, dyAt, fromRow, toRow, fromColumn, toColumn) => {
    for (let c = 0; c < channels; c++) {
      let place = (fromRow * width + fromColumn) * channels + c;
      let most = values[xAt + place];
      for (let row = fromRow; row < toRow; row++) {
        for (let column = fromColumn; column < toColumn; column++) {
          const at = (row * width + column) * channels + c;
          const value = values[xAt + at];
          // The first of equal maxima; the first NaN, which no later value displaces.
          if (value > most || (value !== value && most === most)) {
            most = value;
            place = at;
          }
        }
      }
      sums[place] += from[dyAt + c];
    }
  };
  for (let b = 0; b < batch; b++) {
    sums.fill(0, 0, size);
    visitWindows(x.shape, dy.shape, attrs, x.offset + b * size, dy.offset + b * imageSize(dy.shape), visit);
    for (let i = 0; i < size; i++) to[dx.offset + b * size + i] = sums[i];
  }
};

export const avgPool2d: Kernel<'avgPool2d'> = ({ in: { x }, out: { y }, attrs }) => {
  const [batch, , width, channels] = x.shape;
  const from = valuesOf(x);
  const to = valuesOf(y);
  const area = attrs.window[0] * attrs.window[1];
  const sums = workspace(channels);
  const visit: Visit = (xAt, yAt, fromRow, toRow, fromColumn, toColumn) => {
    for (let c = 0; c < channels; c++) sums[c] = 0;
    for (let row = fromRow; row < toRow; row++) {
      for (let column = fromColumn; column < toColumn; column++) {
        const at = xAt + (row * width + column) * channels;
        for (let c = 0; c < channels; c++) sums[c] += from[at + c];
      }
    }
    const count = attrs.includePadding ? area : (toRow - fromRow) * (toColumn - fromColumn);
    for (let c = 0; c < channels; c++) to[yAt + c] = sums[c] / count;
  };
  for (let b = 0; b < batch; b++) {
    visitWindows(x.shape, y.shape, attrs, x.offset + b * imageSize(x.shape), y.offset + b * imageSize(y.shape), visit);
  }
};

export const avgPool2dGrad: Kernel<'avgPool2dGrad'> = ({ in: { dy }, out: { dx }, attrs }) => {
  const [batch, , width, channels] = dx.shape;
  const size = imageSize(dx.shape);
  const from = valuesOf(dy);
  const to = valuesOf(dx);
  const area = attrs.window[0] * attrs.window[1];
  const sums = workspace(size);
  const visit: Visit = (_, dyAt, fromRow, toRow, fromColumn, toColumn) => {
    const count = attrs.includePadding ? area : (toRow - fromRow) * (toColumn - fromColumn);
    for (let row = fromRow; row < toRow; row++) {
      for (let column = fromColumn; column < toColumn; column++) {
        const at = (row * width + column) * channels;
        for (let c = 0; c < channels; c++) sums[at + c] += from[dyAt + c] / count;
      }
    }
  };
  for (let b = 0; b < batch; b++) {
    sums.fill(0, 0, size);
    visitWindows(dx.shape, dy.shape, attrs, 0, dy.offset + b * imageSize(dy.shape), visit);
    for (let i = 0; i < size; i++) to[dx.offset + b * size + i] = sums[i];
  }
};
