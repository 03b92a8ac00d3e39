// Normalisation of each example by itself, over some of its axes.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions, checkScalar } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { formatShape, normalizeAxes, sameShape } from '../contract/shape.ts';
import { fused } from '../fused/fused.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { checkFloats } from './operands.ts';
import { reshape } from './reshape.ts';
import { mean } from './statistics.ts';
import { rsqrt } from './unary.ts';
import { variance } from './variance.ts';

/** (x - centre) / √(spread + epsilon) · scale + offset, in one pass. */
const normalised = fused(
  (x: Tensor, centre: Tensor, spread: Tensor, epsilon: Scalar, scale: Tensor | undefined, offset: Tensor | undefined) => {
    const z = mul(sub(x, centre), rsqrt(add(spread, epsilon)));
    const scaled = scale === undefined ? z : mul(z, scale);
    return offset === undefined ? scaled : add(scaled, offset);
  },
);

/**
 * x brought to mean 0 and variance 1 over axes, then scaled and shifted.
 * @param scale, offset broadcast against x
 */
export function normalise(x: Tensor, axis: readonly number[], epsilon: Scalar, scale?: Tensor, offset?: Tensor): Tensor {
  const over = { axis, keepDims: true };
  return normalised(x, mean(x, over), variance(x, over), epsilon, scale, offset);
}

/** A scale and an offset after a normalisation. */
export interface AffineOptions {
  /** The factor of the result; by default 1. */
  readonly scale?: Tensor | undefined;
  /** Added to the result; by default 0. */
  readonly offset?: Tensor | undefined;
  /** Added to the variance under the root: a number > 0. Default 1e-5. */
  readonly epsilon?: Scalar | undefined;
}

export const AFFINE: OptionChecks<AffineOptions> = { scale: check.tensor, offset: check.tensor, epsilon: check.scalar };

/**
 * @param shape of the scale and of the offset
 * @returns those, reshaped to `seen` so that they broadcast
 * @throws ShapeError when they have another shape
 */
export function checkAffine(
  op: string,
  { scale, offset, epsilon }: AffineOptions,
  shape: readonly number[],
  seen: readonly number[],
): { scale: Tensor | undefined; offset: Tensor | undefined } {
  if (epsilon !== undefined) checkScalar(op, epsilon, check.positive, 'epsilon');
  const fitting = (name: string, of: Tensor | undefined): Tensor | undefined => {
    if (of === undefined) return undefined;
    checkTensor(op, of);
    if (!sameShape(of.shape, shape)) throw new ShapeError(`${op}: ${name} must be ${formatShape(shape)}, got ${formatShape(of.shape)}`);
    return sameShape(shape, seen) ? of : reshape(of, seen);
  };
  return { scale: fitting('scale', scale), offset: fitting('offset', offset) };
}

export interface LayerNormOptions extends AffineOptions {
  /** The axes over which to normalise. Default: the last. */
  readonly axis?: number | readonly number[] | undefined;
}

const LAYER_NORM: OptionChecks<LayerNormOptions> = { ...AFFINE, axis: check.axes };

/** The lengths of some axes, and the shape with only those, in which a tensor of these lengths broadcasts. */
export function alongAxes(shape: readonly number[], axes: readonly number[]): { lengths: number[]; seen: number[] } {
  return { lengths: shape.filter((_, i) => axes.includes(i)), seen: shape.map((length, i) => (axes.includes(i) ? length : 1)) };
}

/**
 * (x - mean) / √(variance + epsilon) · scale + offset, with the mean and variance of each example over the given axes. Ba, Kiros, Hinton 2016.
 * @param x float32, at least one axis
 * @param options `scale` and `offset` have the lengths of the axes, in their order
 * @throws ShapeError when an axis is out of range, or scale or offset do not fit
 */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  checkTensor('layerNorm', x);
  checkOptions('layerNorm', options, LAYER_NORM);
  checkFloats('layerNorm', x);
  const { axis = -1, epsilon = 1e-5 } = options;
  const axes = normalizeAxes('layerNorm', axis, x.shape.length);
  const { lengths, seen } = alongAxes(x.shape, axes);
  const { scale, offset } = checkAffine('layerNorm', options, lengths, seen);
  return normalise(x, axes, epsilon, scale, offset);
}
