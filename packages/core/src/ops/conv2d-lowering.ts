// Convolution written in ops: for each tap of the filter, one matrix product over all pixels under it. Slow but right, on any backend.

import type { Conv2dGeometry, Pair } from '../contract/kernels.ts';
import type { Shape } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add } from './arithmetic.ts';
import { concat, stack } from './concat.ts';
import { matmul } from './matmul.ts';
import { reshape } from './reshape.ts';
import { slice, split } from './slice.ts';
import type { Tap } from './window.ts';
import { cropImage, outputSize, padImage, paddedShape, tapsOf } from './window.ts';

function taps(inputShape: Shape, window: Pair, { strides, padding, dilation }: Conv2dGeometry): Tap[] {
  return tapsOf(
    paddedShape(inputShape, padding),
    window,
    strides,
    dilation,
    outputSize('conv2d', inputShape, window, strides, padding, dilation),
  );
}

/** Computes each group of channels separately, and joins the results. */
function perGroup(groups: number, lists: readonly Tensor[], axis: number, compute: (parts: readonly Tensor[]) => Tensor): Tensor {
  if (groups === 1) return compute(lists);
  const parts = lists.map((x) => split(x, groups, 3));
  return concat(
    Array.from({ length: groups }, (_, g) => compute(parts.map((part) => part[g]!))),
    axis,
  );
}

/** The matrix of one tap of a filter: `[channels, filters]`. */
function tapOf(filter: Tensor, tap: Tap): Tensor {
  return slice(filter, [tap.row, tap.column]);
}

export function lowerConv2d(x: Tensor, filter: Tensor, geometry: Conv2dGeometry): Tensor {
  const [padded, window] = [padImage(x, geometry.padding, 0), [filter.shape[0]!, filter.shape[1]!] as const];
  // Each group has its own input channels and its own filters; the filter's channel axis holds one group's channels.
  const inputs = split(padded, geometry.groups, 3);
  const filters = split(filter, geometry.groups, 3);
  const outputs = inputs.map((image, g) =>
    taps(x.shape, window, geometry)
      .map((tap) => matmul(tap.take(image), tapOf(filters[g]!, tap)))
      .reduce(add),
  );
  return concat(outputs, 3);
}

export function lowerConv2dInputGrad(dy: Tensor, filter: Tensor, geometry: Conv2dGeometry, inputShape: Shape): Tensor {
  const window = [filter.shape[0]!, filter.shape[1]!] as const;
  return perGroup(geometry.groups, [dy, filter], 3, ([dyPart, filterPart]) => {
    const shape = [...inputShape.slice(0, 3), filter.shape[2]!];
    const parts = taps(shape, window, geometry).map((tap) => tap.put(matmul(dyPart!, tapOf(filterPart!, tap), { transposeB: true })));
    return cropImage(parts.reduce(add), geometry.padding);
  });
}

export function lowerConv2dFilterGrad(x: Tensor, dy: Tensor, geometry: Conv2dGeometry, filterShape: Shape): Tensor {
  const [height, width, channels] = filterShape as [number, number, number, number];
  return perGroup(geometry.groups, [x, dy], 3, ([xPart, dyPart]) => {
    const padded = padImage(xPart!, geometry.padding, 0);
    const rows = reshape(dyPart!, [-1, dyPart!.shape[3]!]);
    const parts = taps(x.shape, [height, width], geometry).map((tap) =>
      matmul(reshape(tap.take(padded), [-1, channels]), rows, { transposeA: true }),
    );
    return reshape(stack(parts), [height, width, channels, dyPart!.shape[3]!]);
  });
}
