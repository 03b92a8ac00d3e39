// Transposed convolution: the gradient of a convolution with respect to its input, as an op of its own. It makes images larger where the convolution
// makes them smaller. Dumoulin, Visin 2016, "A guide to convolution arithmetic for deep learning", chapter 4.

import * as check from '../contract/checks.ts';
import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { Conv2dGeometry } from '../contract/kernels.ts';
import type { OptionChecks } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape } from '../contract/shape.ts';
import type { Dimensions } from '../contract/space.ts';
import { SPACES, checkSpace } from '../contract/space.ts';
import { specOf } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { FusedActivation } from './activation.ts';
import { FUSED_ACTIVATION, biasActivation, checkBias, resolveActivation } from './activation.ts';
import { add } from './arithmetic.ts';
import { cast } from './cast.ts';
import type { ConvolutionOptions, Geometry } from './convolution.ts';
import { checkCall, convolutionChecks, convolvedShape, windowOf } from './convolution.ts';
import { inputGrad } from './conv2d.ts';
import { checkFloats, inFloat32 } from './operands.ts';
import { expandDims, reshape, squeeze } from './reshape.ts';
import { padWithGaps, slice } from './slice.ts';
import type { PerAxis } from './window.ts';
import { checkLengths, listOf, resolvePadding, span } from './window.ts';

/** How the filter moves over the result, and what is applied to that. One number stands for all directions. */
export interface ConvTransposeOptions<D extends Dimensions> extends Omit<ConvolutionOptions<D>, 'padding'>, FusedActivation {
  /**
   * What the convolution that goes the other way pads its input with: it is cut off the result. `valid`: nothing. `same`: the result is `strides`
   * times as long as the input. Default `valid`.
   */
  readonly padding?: ConvolutionOptions<D>['padding'];
  /** Elements added at the end of the result, fewer than `strides`: several lengths shrink to the same one, this chooses. Default 0; not with `same`. */
  readonly outputPadding?: PerAxis<D> | undefined;
  /** `[filters]`, added to the result. */
  readonly bias?: Tensor | undefined;
}

function convTransposeChecks(dimensions: Dimensions): OptionChecks<ConvTransposeOptions<Dimensions>> {
  return {
    ...convolutionChecks(dimensions),
    outputPadding: check.perAxis(dimensions, 0),
    bias: check.tensor,
    ...FUSED_ACTIVATION,
  };
}

const CHECKS: Readonly<Record<Dimensions, OptionChecks<ConvTransposeOptions<Dimensions>>>> = {
  1: convTransposeChecks(1),
  2: convTransposeChecks(2),
  3: convTransposeChecks(3),
};

/** The result's shape, and the geometry of the convolution that makes x of it. The options have been checked. */
function transposedOf(
  op: string,
  dimensions: Dimensions,
  x: Tensor,
  filter: Shape,
  options: ConvTransposeOptions<Dimensions>,
): { shape: Shape; geometry: Geometry } {
  const { padding = 'valid', groups = 1 } = options;
  const { axes } = SPACES[dimensions];
  checkSpace(op, dimensions, x.shape);
  if (filter.length !== dimensions + 2)
    throw new ShapeError(`${op}: filter must be [${axes.join(', ')}, filters / groups, channels], got ${formatShape(filter)}`);
  const [strides, dilation] = [listOf(options.strides ?? 1, dimensions), listOf(options.dilation ?? 1, dimensions)];
  const extra = listOf(options.outputPadding ?? 0, dimensions);
  const window = windowOf(filter);
  checkLengths(op, 'strides', strides, 1, dimensions);
  checkLengths(op, 'dilation', dilation, 1, dimensions);
  checkLengths(op, `${axes.join(' and ')} of the filter`, window, 1, dimensions);
  const late = extra.findIndex((length, axis) => length >= strides[axis]!);
  if (padding === 'same' ? extra.some((length) => length > 0) : late >= 0) {
    const why = padding === 'same' ? "is not for padding 'same'" : `must be smaller than the strides [${strides.join(',')}]`;
    throw new SinapseError(`${op}: outputPadding [${extra.join(',')}] ${why}`);
  }
  const channels = x.shape[dimensions + 1]!;
  if (filter[dimensions + 1] !== channels)
    throw new ShapeError(`${op}: filter expects ${filter[dimensions + 1]} input channels, input ${formatShape(x.shape)} has ${channels}`);
  if (channels % groups !== 0) throw new SinapseError(`${op}: ${groups} groups must divide the ${channels} input channels`);

  const lengths = x.shape.slice(1, -1);
  const stretched = lengths.map((length, axis) => length * strides[axis]!);
  const sides = resolvePadding(padding, padding === 'same' ? stretched : lengths, window, strides, dilation);
  const output = lengths.map((length, axis) => {
    if (padding === 'same') return stretched[axis]!;
    const whole = (length - 1) * strides[axis]! + span(window[axis]!, dilation[axis]!) + extra[axis]!;
    return whole - sides[2 * axis]! - sides[2 * axis + 1]!;
  });
  const shape = [x.shape[0]!, ...output, filter[dimensions]! * groups];
  if (output.some((length) => length < 1))
    throw new ShapeError(`${op}: the padding [${sides.join(',')}] leaves nothing of the result ${formatShape(shape)}`);
  const geometry = { strides, padding: sides, dilation, groups };
  convolvedShape(op, dimensions, specOf(x.dtype, shape), filter, geometry); // checks the limits of all lengths
  return { shape, geometry };
}

/** x as dy of the convolution with the geometry, by dimensions. */
const GRADIENTS: Readonly<Record<Dimensions, (x: Tensor, filter: Tensor, geometry: Geometry, shape: Shape) => Tensor>> = {
  1: (x, filter, { strides, padding, dilation, groups }, [batch, length, channels]) => {
    const images = { strides: [1, ...strides], padding: [0, 0, ...padding], dilation: [1, ...dilation], groups };
    return squeeze(imagesGrad(expandDims(x, 1), expandDims(filter, 0), images, [batch!, 1, length!, channels!]), 1);
  },
  2: imagesGrad,
  // In half precision the sum is rounded once, not at every depth of the filter.
  3: (x, filter, geometry, shape) => inFloat32(x, (wide) => volumesGrad(wide, cast(filter, wide.dtype), geometry, shape)),
};

function imagesGrad(x: Tensor, filter: Tensor, geometry: Geometry, shape: Shape): Tensor {
  return inputGrad(x, filter, geometry as Conv2dGeometry, shape);
}

/** The sum over the filter's depths: each spreads all slices of x, and these lie at its depth and `strides` apart. */
function volumesGrad(x: Tensor, filter: Tensor, geometry: Geometry, shape: Shape): Tensor {
  const { strides, padding, dilation, groups } = geometry;
  const [batch, depth, ...image] = x.shape as readonly [number, number, number, number, number];
  const [, outputDepth, ...outputImage] = shape as readonly [number, number, number, number, number];
  const images = { strides: strides.slice(1), padding: padding.slice(2), dilation: dilation.slice(1), groups };
  const slices = reshape(x, [batch * depth, ...image]);
  const padded = padding[0]! + outputDepth + padding[1]!;
  const parts = Array.from({ length: filter.shape[0]! }, (_, tap) => {
    const spread = imagesGrad(slices, slice(filter, [tap]), images, [batch * depth, ...outputImage]);
    const begin = tap * dilation[0]!;
    const last = begin + (depth - 1) * strides[0]!;
    return padWithGaps(reshape(spread, [batch, depth, ...outputImage]), {
      before: [0, begin, 0, 0, 0],
      after: [0, padded - 1 - last, 0, 0, 0],
      interior: [0, strides[0]! - 1, 0, 0, 0],
    });
  });
  return slice(parts.reduce(add), [null, { begin: padding[0]!, end: padding[0]! + outputDepth }]);
}

function convTranspose<D extends Dimensions>(
  op: string,
  dimensions: D,
  x: Tensor,
  filter: Tensor,
  options: ConvTransposeOptions<Dimensions>,
): Tensor {
  checkCall(op, x, filter, options, CHECKS[dimensions]);
  const { bias } = options;
  checkFloats(op, x, filter, bias);
  const { shape, geometry } = transposedOf(op, dimensions, x, filter.shape, options);
  checkBias(op, shape.at(-1)!, bias);
  const { activation, alpha } = resolveActivation(op, options);
  const y = GRADIENTS[dimensions](x, filter, geometry, shape);
  return bias === undefined && activation === 'linear' ? y : biasActivation(y, bias, { activation, alpha });
}

/**
 * 1-D transposed convolution, then bias and activation.
 * @param x float32 `[batch, length, channels]`
 * @param filter float32 `[length, filters / groups, channels]`: that of the convolution which goes the other way
 * @returns `[batch, outputLength, filters]`; the length is (length - 1) stride + dilation (k - 1) + 1 + outputPadding - padding
 * @throws ShapeError when channels differ or the padding leaves nothing
 */
export function convTranspose1d(x: Tensor, filter: Tensor, options: ConvTransposeOptions<1> = {}): Tensor {
  return convTranspose('convTranspose1d', 1, x, filter, options);
}

/**
 * 2-D transposed convolution, then bias and activation.
 * @param x float32 `[batch, height, width, channels]`
 * @param filter float32 `[height, width, filters / groups, channels]`: that of the convolution which goes the other way
 * @returns `[batch, outputHeight, outputWidth, filters]`; lengths are (length - 1) stride + dilation (k - 1) + 1 + outputPadding - padding
 * @throws ShapeError when channels differ or the padding leaves nothing
 */
export function convTranspose2d(x: Tensor, filter: Tensor, options: ConvTransposeOptions<2> = {}): Tensor {
  return convTranspose('convTranspose2d', 2, x, filter, options);
}

/**
 * 3-D transposed convolution, then bias and activation.
 * @param x float32 `[batch, depth, height, width, channels]`
 * @param filter float32 `[depth, height, width, filters / groups, channels]`: that of the convolution which goes the other way
 * @returns `[batch, outputDepth, outputHeight, outputWidth, filters]`; lengths are (length - 1) stride + dilation (k - 1) + 1 + outputPadding -
 *   padding
 * @throws ShapeError when channels differ or the padding leaves nothing
 */
export function convTranspose3d(x: Tensor, filter: Tensor, options: ConvTransposeOptions<3> = {}): Tensor {
  return convTranspose('convTranspose3d', 3, x, filter, options);
}
