// Batch normalisation brings every channel of a batch to mean 0 and variance 1, then scales and shifts it. Ioffe, Szegedy 2015, algorithm 1.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ruleFromLowering } from '../autodiff/lowering.ts';
import * as check from '../contract/checks.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions, checkScalar } from '../contract/options.ts';
import { formatShape, lastLength, lengthsOf, sameShape, sizeOf } from '../contract/shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { FusedActivation } from './activation.ts';
import { FUSED_ACTIVATION, biasActivation, biasActivationGrad, checkResidual, leadingAxes, resolveActivation } from './activation.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { cast } from './cast.ts';
import { checkFloats } from './operands.ts';
import { mean } from './statistics.ts';
import { variance } from './variance.ts';
import { broadcastTo, sum } from './sum.ts';
import { rsqrt } from './unary.ts';

/** The axes of the batch (all but the last), and how many values each channel has along them. */
function overBatch(x: Spec): { readonly axes: number[]; readonly count: number } {
  return { axes: leadingAxes(x), count: sizeOf(lengthsOf(x.shape, 0, x.shape.length - 1)) };
}

/** @throws DTypeError unless means and variances are float32, as `batchNorm` gives them */
function checkStatistics(op: string, ...specs: Spec[]): void {
  for (const { dtype } of specs)
    if (dtype !== STATISTICS) throw new DTypeError(`${op}: mean and variance must be ${STATISTICS}, got ${dtype}`);
}

/** @throws ShapeError unless each is a vector with one value for each channel of x */
function checkChannels(op: string, x: Spec, vectors: Readonly<Record<string, Spec>>): void {
  const channels = lastLength(x.shape);
  if (channels === undefined) throw new ShapeError(`${op}: input must be [batch, …, channels], got a scalar`);
  for (const [name, { shape }] of Object.entries(vectors)) {
    if (shape.length !== 1 || shape[0] !== channels)
      throw new ShapeError(
        `${op}: ${name} must be [${channels}], one for each channel of the input ${formatShape(x.shape)}; got ${formatShape(shape)}`,
      );
  }
}

/** The dtype of means and variances, also for half-precision x. */
const STATISTICS = 'float32';

export const batchNormKernel: KernelDefinition<'batchNorm', Tensor> = defineKernel({
  name: 'batchNorm',
  infer: ({ x, scale, offset, residual }) => {
    checkFloats('batchNorm', x, scale, offset, residual);
    checkChannels('batchNorm', x, { scale, offset });
    checkResidual('batchNorm', x.shape, residual);
    const statistic = specOf(STATISTICS, scale.shape);
    return { y: { dtype: x.dtype, shape: x.shape, size: x.size }, mean: statistic, variance: statistic };
  },
  lower: ({ x, scale, offset, residual }, { activation }, { alpha, epsilon }) => {
    const { axes } = overBatch(x);
    const centre = mean(x, { axis: axes });
    const spread = variance(x, { axis: axes });
    const z = add(mul(sub(x, centre), mul(scale, rsqrt(add(spread, epsilon)))), offset);
    const y = biasActivation(residual === undefined ? z : add(z, residual), undefined, { activation, alpha });
    return { y, mean: centre, variance: spread };
  },
});

/** The equations of section 3 of the paper. The statistics are inputs; dx includes the gradient that reaches x through them. */
export const batchNormGradKernel: KernelDefinition<'batchNormGrad', Tensor> = defineKernel({
  name: 'batchNormGrad',
  infer: ({ x, y, dy, scale, mean: centre, variance: spread }, { residual }) => {
    checkFloats('batchNormGrad', x, y, dy, scale);
    checkStatistics('batchNormGrad', centre, spread);
    checkChannels('batchNormGrad', x, { scale, mean: centre, variance: spread });
    for (const each of [y, dy]) {
      if (!sameShape(each.shape, x.shape))
        throw new ShapeError(`batchNormGrad: y and dy must be ${formatShape(x.shape)}, got ${formatShape(each.shape)}`);
    }
    const parameter = specOf(x.dtype, scale.shape);
    return {
      dx: { dtype: x.dtype, shape: x.shape, size: x.size },
      dscale: parameter,
      doffset: parameter,
      dresidual: specOf(x.dtype, residual ? x.shape : [0]),
    };
  },
  lower: ({ x, y, dy, scale, mean: centre, variance: spread }, { activation, residual }, { alpha, epsilon }) => {
    const { axes, count } = overBatch(x);
    const { dx: dz } = biasActivationGrad(y, dy, activation, alpha, false);
    const inverse = rsqrt(add(spread, epsilon));
    const normalised = mul(sub(x, centre), inverse);
    const doffset = sum(dz, { axis: axes });
    const dscale = sum(mul(dz, normalised), { axis: axes });
    const shared = div(add(doffset, mul(normalised, dscale)), count); // the projection of dz onto 1 and onto normalised x
    return {
      dx: mul(sub(dz, shared), mul(scale, inverse)),
      dscale,
      doffset,
      dresidual: residual ? dz : dz.reshape([-1]).slice([{ end: 0 }]),
    };
  },
});

const batchNormGradRule = ruleFromLowering(batchNormGradKernel, ['x', 'y', 'dy', 'scale', 'mean', 'variance']);

const batchNormRule: Rule<'batchNorm'> = {
  kernel: batchNormKernel,
  save: ['x', 'scale', 'y', 'mean', 'variance'],
  gradient: ({ d, saved, attrs: { activation }, scalars, needs }) => {
    const { x, scale, y, mean: centre, variance: spread } = saved;
    const { count } = overBatch(x);
    // mean and variance are outputs too: second derivatives, and losses that read the statistics, send gradients through them.
    const ofMean = d.mean && broadcastTo(div(d.mean, count), x.shape);
    const ofVariance = d.variance && mul(sub(cast(x, STATISTICS), centre), mul(d.variance, 2 / count));
    const both = ofMean && ofVariance ? add(ofMean, ofVariance) : (ofMean ?? ofVariance);
    const ofStatistics = both && cast(both, x.dtype);
    if (d.y === undefined) return { x: ofStatistics };
    const residual = (needs.residual ?? false) && activation !== 'linear'; // if linear, the residual's gradient is dy itself
    const inputs = { x, y, dy: d.y, scale, mean: centre, variance: spread };
    const { dx, dscale, doffset, dresidual } = apply(batchNormGradRule, inputs, { activation, residual }, scalars, x);
    return {
      x: ofStatistics === undefined ? dx : add(dx, ofStatistics),
      scale: dscale,
      offset: doffset,
      residual: residual ? dresidual : d.y,
    };
  },
};

export interface BatchNormOptions extends FusedActivation {
  /** Added to the variance under the root: a number > 0. Default 1e-5. */
  readonly epsilon?: Scalar | undefined;
  /** Added before the activation; has x's shape. */
  readonly residual?: Tensor | undefined;
}

const BATCH_NORM: OptionChecks<BatchNormOptions> = { epsilon: check.scalar, residual: check.tensor, ...FUSED_ACTIVATION };

export interface BatchNormResult {
  /** Has x's shape. */
  readonly y: Tensor;
  /** `[channels]`. */
  readonly mean: Tensor;
  /** `[channels]`: the mean squared deviation, that is, the sum divided by the count and not by count - 1. */
  readonly variance: Tensor;
}

/**
 * activation((x - mean) / √(variance + epsilon) · scale + offset + residual), as in training: the mean and the variance of each channel are
 * those of this batch, over all axes but the last. (At prediction time the statistics are given, and an affine map does the same.)
 * Ioffe, Szegedy 2015.
 * @param x float32 `[batch, …, channels]`
 * @param scale float32 `[channels]`
 * @param offset float32 `[channels]`
 * @throws ShapeError when scale, offset or residual do not fit x
 */
export function batchNorm(x: Tensor, scale: Tensor, offset: Tensor, options: BatchNormOptions = {}): BatchNormResult {
  checkTensors('batchNorm', [x, scale, offset]);
  checkOptions('batchNorm', options, BATCH_NORM);
  const { epsilon = 1e-5, residual } = options;
  checkScalar('batchNorm', epsilon, check.positive, 'epsilon');
  const { activation, alpha } = resolveActivation('batchNorm', options);
  return apply(batchNormRule, { x, scale, offset, ...(residual && { residual }) }, { activation }, { alpha, epsilon }, x);
}
