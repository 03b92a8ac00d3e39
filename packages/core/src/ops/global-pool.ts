// The maximum or the mean of each channel over the whole of a sequence, an image or a volume.

import type { Dimensions } from '../contract/space.ts';
import { checkSpace } from '../contract/space.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkFloats } from './operands.ts';
import { max, mean } from './statistics.ts';

type Reduction = (x: Tensor, options: { readonly axis: readonly number[] }) => Tensor;

function overSpace(op: string, dimensions: Dimensions, x: Tensor, reduce: Reduction): Tensor {
  checkTensor(op, x);
  checkFloats(op, x);
  checkSpace(op, dimensions, x.shape);
  return reduce(x, { axis: Array.from({ length: dimensions }, (_, axis) => axis + 1) });
}

/** The mean of each channel over the whole sequence: `[batch, length, channels]` becomes `[batch, channels]`. */
export function globalAvgPool1d(x: Tensor): Tensor {
  return overSpace('globalAvgPool1d', 1, x, mean);
}

/** The mean of each channel over the whole image: `[batch, height, width, channels]` becomes `[batch, channels]`. Lin, Chen, Yan 2014. */
export function globalAvgPool2d(x: Tensor): Tensor {
  return overSpace('globalAvgPool2d', 2, x, mean);
}

/** The mean of each channel over the whole volume: `[batch, depth, height, width, channels]` becomes `[batch, channels]`. */
export function globalAvgPool3d(x: Tensor): Tensor {
  return overSpace('globalAvgPool3d', 3, x, mean);
}

/** The largest element of each channel: `[batch, length, channels]` becomes `[batch, channels]`. Equal ones share the gradient. */
export function globalMaxPool1d(x: Tensor): Tensor {
  return overSpace('globalMaxPool1d', 1, x, max);
}

/** The largest element of each channel: `[batch, height, width, channels]` becomes `[batch, channels]`. Equal ones share the gradient. */
export function globalMaxPool2d(x: Tensor): Tensor {
  return overSpace('globalMaxPool2d', 2, x, max);
}

/** The largest element of each channel: `[batch, depth, height, width, channels]` becomes `[batch, channels]`. Equal ones share the gradient. */
export function globalMaxPool3d(x: Tensor): Tensor {
  return overSpace('globalMaxPool3d', 3, x, max);
}
