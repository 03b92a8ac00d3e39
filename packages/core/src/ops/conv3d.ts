// Convolution of volumes: for each depth of the filter a convolution of all slices under it, added to those before.

import { isHalf } from '../contract/dtype.ts';
import type { OptionChecks } from '../contract/options.ts';
import type { Dimensions } from '../contract/space.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { cast } from './cast.ts';
import type { ConvOptions } from './convolution.ts';
import { checkCall, checkConvolution, convChecks } from './convolution.ts';
import { convolveImages } from './conv2d.ts';
import { reshape } from './reshape.ts';
import { pad, slice } from './slice.ts';

const CONV3D: OptionChecks<ConvOptions<Dimensions>> = convChecks(3);

/**
 * 3-D convolution (cross-correlation, the filter is not flipped), then bias, residual and activation.
 * @param x float32 `[batch, depth, height, width, channels]`
 * @param filter float32 `[depth, height, width, channels / groups, filters]`
 * @returns `[batch, outputDepth, outputHeight, outputWidth, filters]`; lengths are floor((input + padding - dilation (k - 1) - 1) / stride) + 1
 * @throws ShapeError when channels differ, the window does not fit into the padded volume, or bias or residual do not fit the result
 */
export function conv3d(x: Tensor, filter: Tensor, options: ConvOptions<3> = {}): Tensor {
  checkCall('conv3d', x, filter, options, CONV3D);
  const { geometry, outputShape, activation, alpha } = checkConvolution('conv3d', 3, x, filter, options);
  const { bias, residual } = options;
  if (isHalf(x.dtype)) {
    // Rounded once, not at every depth of the filter.
    const [wide, wideFilter, wideBias, wideResidual] = [x, filter, bias, residual].map((part) => part && cast(part, 'float32'));
    return cast(conv3d(wide!, wideFilter!, { ...options, bias: wideBias, residual: wideResidual }), x.dtype);
  }
  const [strides, dilation] = [geometry.strides, geometry.dilation] as [number[], number[]];
  const [front, back, ...sides] = geometry.padding as [number, number, number, number, number, number];
  const images = { strides: pairFrom(strides), padding: sides, dilation: pairFrom(dilation), groups: geometry.groups };
  const [batch, depth, ...image] = outputShape as [number, number, number, number, number];
  const padded = front + back === 0 ? x : pad(x, [[0, 0], [front, back], [0, 0], [0, 0], [0, 0]]); // prettier-ignore

  let total = residual && reshape(residual, [batch * depth, ...image]);
  const taps = filter.shape[0]!;
  for (let tap = 0; tap < taps; tap++) {
    const begin = tap * dilation[0]!;
    const under = slice(padded, [null, { begin, end: begin + (depth - 1) * strides[0]! + 1, step: strides[0]! }]);
    const slices = reshape(under, [batch * depth, ...x.shape.slice(2)]);
    const last = tap === taps - 1;
    const after = last ? { bias, activation, alpha } : {};
    // A sum of this loop's own is spent: the next may be written over it.
    total = convolveImages(slices, slice(filter, [tap]), images, { residual: tap === 0 ? total : total!.spend(), ...after });
  }
  return reshape(total!, outputShape);
}

/** Height and width of a list for depth, height and width. */
function pairFrom([, height, width]: readonly number[]): readonly [number, number] {
  return [height!, width!];
}
