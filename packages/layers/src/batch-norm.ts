// Batch normalisation: uses the statistics of the batch in training, and their running averages at prediction time.

import type { LayerCall, OptionChecks, Parameter, Seed, Shape, State, Tensor } from '@sinapse/core';
import {
  Context,
  Derived,
  ShapeError,
  add,
  biasActivation,
  check,
  checkOptions,
  fillAt,
  formatShape,
  mul,
  batchNorm as normalize,
  rsqrt,
  stopGradient,
  sub,
} from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { ACTIVATION, resolveActivation } from './activation-option.ts';
import type { AffineOptions } from './affine.ts';
import { AFFINE, makeAffine } from './affine.ts';
import { built, builtParameters, checkInput, checkInputShape, makeState, outputShapeOf } from './build.ts';
import type { FusingLayer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface BatchNormLayerOptions extends AffineOptions {
  /**
   * The part of a running average that each training step keeps, within [0, 1). Default 0.9. Keras defines it the same way; PyTorch's
   * momentum is one minus this.
   */
  readonly momentum?: number;
  /** Added to the variance before the root is taken, > 0. Default 1e-5. */
  readonly epsilon?: number;
  /** The activation after the normalisation. Default `linear`. */
  readonly activation?: ActivationOption;
}

/** The checks of the options. */
export const BATCH_NORM: OptionChecks<BatchNormLayerOptions> = {
  momentum: check.fraction,
  epsilon: check.positive,
  activation: ACTIVATION,
  ...AFFINE,
};

export class BatchNorm implements FusingLayer {
  readonly type = 'batchNorm';
  readonly momentum: number;
  readonly epsilon: number;
  readonly activation: ActivationOption;
  /**
   * Whether training, too, uses the running averages and leaves them unchanged, as is usual when a trained model is adapted to little data. If
   * undefined, as at first, it does so where it has a scale or an offset, and none is trainable: a model whose parameters are all frozen computes the same in
   * training as at prediction time, as in Keras. True or false decides regardless of the parameters, and does not freeze these.
   */
  frozen: boolean | undefined;
  /** `[channels]`, also known as gamma; initially 1. Undefined until built, and if the option `scale` is false. */
  scale: Parameter | undefined;
  /** `[channels]`, also known as beta; initially 0. Undefined until built, and if the option `center` is false. */
  offset: Parameter | undefined;
  /** The running average of the batches' means, `[channels]`; initially 0. Undefined until built. */
  mean: State | undefined;
  /** The running average of the batches' unbiased variances, `[channels]`; initially 1. Undefined until built. */
  variance: State | undefined;
  private readonly affineOptions: Required<AffineOptions>;
  private readonly resolved: ResolvedActivation;
  /** The running averages as an affine map, for predictions. */
  private readonly kept: Derived<{ factor: Tensor; term: Tensor }> = new Derived();

  constructor({ momentum = 0.9, epsilon = 1e-5, activation = 'linear', center = true, scale = true }: BatchNormLayerOptions = {}) {
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.activation = activation;
    this.affineOptions = { center, scale };
    this.resolved = resolveActivation(this.type, activation);
  }

  /** @param inputShape `[…, channels]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    this.kept.release();
    const channels = inputShape.at(-1);
    if (channels === undefined) throw new ShapeError('batchNorm: each example must be […, channels], got a single number');
    const { scale, offset } = makeAffine(this.affineOptions, [channels], seed);
    this.scale = scale;
    this.offset = offset;
    this.mean = makeState([channels], 0);
    this.variance = makeState([channels], 1);
    return outputShapeOf(this, inputShape);
  }

  /**
   * activation((x - mean) / √(variance + epsilon) · scale + offset). In training, the mean and variance of each channel over the batch (and
   * the image) are used, and the running averages are updated.
   * @param x float32 `[batch, …, channels]`
   * @throws ShapeError in training, when a channel has a single value, since the result would always be the offset
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    return this.callFused(x, context, this.resolved);
  }

  callFused(x: Tensor, context: Context, { fused, after }: ResolvedActivation, residual?: Tensor): Tensor {
    checkInput(this, x);
    const channels = built(this, this.mean).size;
    if (x.shape.at(-1) !== channels)
      throw new ShapeError(`batchNorm: built for ${channels} channels, input ${formatShape(x.shape)} has ${x.shape.at(-1) ?? 'none'}`);
    if (!this.followsBatch(context)) {
      const { factor, term } = this.kept.of([this.scale, this.offset, this.mean, this.variance], () => this.affine());
      const scaled = mul(x, factor);
      return after(biasActivation(residual === undefined ? scaled : add(scaled, residual), term, fused));
    }
    const count = x.size / channels;
    if (count < 2) {
      throw new ShapeError(
        `batchNorm: training needs more than one value for each channel, input ${formatShape(x.shape)} has ${count}; take batches of more examples, and leave out a short last one: .batch(size, { dropLast: true })`,
      );
    }
    this.kept.release(); // the coming step changes the values it was made from
    const scale = this.scale?.value ?? fillAt(x, [channels], 1, x.dtype);
    const offset = this.offset?.value ?? fillAt(x, [channels], 0, x.dtype);
    const { y, mean, variance } = normalize(x, scale, offset, {
      epsilon: this.epsilon,
      ...fused,
      ...(residual && { residual }),
    });
    // Averages the unbiased estimate of the variance, not the batch's own. Ioffe, Szegedy 2015, algorithm 2, step 10.
    this.follow(context, built(this, this.mean), mean, 1);
    this.follow(context, built(this, this.variance), variance, count / (count - 1));
    return after(y);
  }

  children(): [string, Parameter | State][] {
    const { scale, offset, mean, variance } = this;
    return builtParameters<Parameter | State>(this, { scale, offset, mean, variance });
  }

  /** Whether a call in this context uses the batch's own statistics. */
  followsBatch({ training }: Context): boolean {
    const parameters = [this.scale, this.offset].filter((parameter) => parameter !== undefined);
    return training && !(this.frozen ?? (parameters.length > 0 && parameters.every(({ trainable }) => !trainable)));
  }

  /** Normalisation by the running averages as an affine map of each channel: x · factor + term. */
  affine(): { factor: Tensor; term: Tensor } {
    const inverse = rsqrt(add(built(this, this.variance).value, this.epsilon));
    const factor = this.scale === undefined ? inverse : mul(this.scale.value, inverse);
    return { factor, term: sub(this.offset?.value ?? 0, mul(built(this, this.mean).value, factor)) };
  }

  /** average ← momentum · average + (1 - momentum) · correction · statistic. */
  private follow(context: Context, average: State, statistic: Tensor, correction: number): void {
    const share = mul(stopGradient(statistic), (1 - this.momentum) * correction);
    context.update(average, add(mul(context.latest(average), this.momentum), share));
  }

  describe(): LayerCall {
    const { type: layer, momentum, epsilon, activation, affineOptions } = this;
    return { layer, arguments: [{ momentum, epsilon, activation, ...affineOptions }] };
  }
}

printsAsModel(BatchNorm, 'BatchNorm');

/**
 * Batch normalisation: `batchNorm({ activation: 'relu' })`, after a dense layer or a convolution without bias. Ioffe, Szegedy 2015. For a
 * convolution with batch normalisation, `convNorm` is faster at prediction time.
 * @throws SinapseError when an option is out of range
 */
export function batchNorm(options: BatchNormLayerOptions = {}): BatchNorm {
  checkOptions('batchNorm', options, BATCH_NORM);
  return new BatchNorm(options);
}
