// Division by the root mean square: layer normalisation without the mean.

import * as check from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { normalizeAxes } from '../contract/shape.ts';
import { fused } from '../fused/fused.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul } from './arithmetic.ts';
import type { LayerNormOptions } from './layer-norm.ts';
import { alongAxes, checkAffine } from './layer-norm.ts';
import { checkFloats } from './operands.ts';
import { mean } from './statistics.ts';
import { rsqrt, square } from './unary.ts';

/** Options of `rmsNorm`: those of `layerNorm` without an offset. */
export type RmsNormOptions = Omit<LayerNormOptions, 'offset'>;

const RMS_NORM: OptionChecks<RmsNormOptions> = { axis: check.axes, scale: check.tensor, epsilon: check.scalar };

const scaled = fused((x: Tensor, spread: Tensor, epsilon: Scalar, scale: Tensor | undefined) => {
  const z = mul(x, rsqrt(add(spread, epsilon)));
  return scale === undefined ? z : mul(z, scale);
});

/**
 * x / √(mean(x²) + epsilon) · scale, with the mean of each example over the given axes. Zhang, Sennrich 2019.
 * @param x float32, at least one axis
 * @param options `scale` has the lengths of the axes, in their order; `epsilon` is 1e-6 by default
 * @throws ShapeError when an axis is out of range, or the scale does not fit
 */
export function rmsNorm(x: Tensor, options: RmsNormOptions = {}): Tensor {
  checkTensor('rmsNorm', x);
  checkOptions('rmsNorm', options, RMS_NORM);
  checkFloats('rmsNorm', x);
  const { axis = -1, epsilon = 1e-6 } = options;
  const axes = normalizeAxes('rmsNorm', axis, x.shape.length);
  const { lengths, seen } = alongAxes(x.shape, axes);
  const { scale } = checkAffine('rmsNorm', options, lengths, seen);
  return scaled(x, mean(square(x), { axis: axes, keepDims: true }), epsilon, scale);
}
