// Batch normalisation: by the statistics of the batch in training, by their running averages at prediction time.

import type { Context, OptionChecks, Parameter, Seed, Shape, State, Tensor } from '@sinapse/core';
import {
  ShapeError,
  add,
  biasActivation,
  check,
  checkOptions,
  formatShape,
  mul,
  batchNorm as normalize,
  randomKey,
  rsqrt,
  stopGradient,
  sub,
} from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { resolveActivation } from './activation-option.ts';
import { built, builtParameters, makeParameter, makeState, outputShapeOf } from './build.ts';
import { ones, zeros } from './initializers/distributions.ts';
import type { FusingLayer } from './layer.ts';

export interface BatchNormLayerOptions {
  /**
   * The part of a running average that each training step keeps, within [0, 1); 0.9. Keras says it the same way; PyTorch's momentum is one
   * minus this.
   */
  readonly momentum?: number;
  /** Added to the variance under the root; a number > 0, 1e-5. */
  readonly epsilon?: number;
  /** `linear` unless given. */
  readonly activation?: ActivationOption;
}

/** What the options may be. */
export const BATCH_NORM: OptionChecks<BatchNormLayerOptions> = { momentum: check.fraction, epsilon: check.positive, activation: check.any };

export class BatchNorm implements FusingLayer {
  readonly type = 'batchNorm';
  readonly momentum: number;
  readonly epsilon: number;
  readonly activation: ActivationOption;
  /**
   * True: the running averages are used in training, too, and stay what they are, as is usual where a trained model is adapted to little data.
   * Scale and offset are trained unless their `trainable` is false.
   */
  frozen = false;
  /** `[channels]`, once built; 1 at first. Also known as gamma. */
  scale: Parameter | undefined;
  /** `[channels]`, once built; 0 at first. Also known as beta. */
  offset: Parameter | undefined;
  /** `[channels]`, once built: the running average of the batches' means; 0 at first. */
  mean: State | undefined;
  /** `[channels]`, once built: the running average of the batches' unbiased variances; 1 at first. */
  variance: State | undefined;
  private readonly resolved: ResolvedActivation;

  constructor({ momentum = 0.9, epsilon = 1e-5, activation = 'linear' }: BatchNormLayerOptions = {}) {
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.activation = activation;
    this.resolved = resolveActivation(this.type, activation);
  }

  /** @param inputShape `[…, channels]` */
  build(inputShape: Shape, seed: Seed): Shape {
    const channels = inputShape.at(-1);
    if (channels === undefined) throw new ShapeError('batchNorm: each example must be […, channels], got a single number');
    const key = randomKey(seed);
    this.scale = makeParameter([channels], ones, key.fold('scale'));
    this.offset = makeParameter([channels], zeros, key.fold('offset'));
    this.mean = makeState([channels], 0);
    this.variance = makeState([channels], 1);
    return outputShapeOf(this, inputShape);
  }

  /**
   * activation((x - mean) / √(variance + epsilon) · scale + offset). In training, mean and variance are those of each channel over the batch (and
   * over the image), and the running averages follow them.
   * @param x float32 `[batch, …, channels]`
   * @throws ShapeError in training, when a channel has a single value: it would be normalised to nothing
   */
  call(x: Tensor, context: Context): Tensor {
    return this.callFused(x, context, this.resolved);
  }

  callFused(x: Tensor, context: Context, { fused, after }: ResolvedActivation, residual?: Tensor): Tensor {
    const [scale, offset] = [built(this, this.scale), built(this, this.offset)];
    if (x.shape.at(-1) !== scale.size)
      throw new ShapeError(`batchNorm: built for ${scale.size} channels, input ${formatShape(x.shape)} has ${x.shape.at(-1) ?? 'none'}`);
    if (!this.followsBatch(context)) {
      const { factor, term } = this.affine();
      const scaled = mul(x, factor);
      return after(biasActivation(residual === undefined ? scaled : add(scaled, residual), term, fused));
    }
    const count = x.size / scale.size;
    if (count < 2) {
      throw new ShapeError(
        `batchNorm: training needs more than one value for each channel, input ${formatShape(x.shape)} has ${count}; use a larger batch`,
      );
    }
    const { y, mean, variance } = normalize(x, scale.value, offset.value, {
      epsilon: this.epsilon,
      ...fused,
      ...(residual && { residual }),
    });
    // The estimate of the population's variance, not the batch's own. Ioffe, Szegedy 2015, algorithm 2, step 10.
    this.follow(context, built(this, this.mean), mean, 1);
    this.follow(context, built(this, this.variance), variance, count / (count - 1));
    return after(y);
  }

  children(): [string, Parameter | State][] {
    const { scale, offset, mean, variance } = this;
    return builtParameters<Parameter | State>(this, { scale, offset, mean, variance });
  }

  /** Whether a call in this context goes by the batch's own statistics. */
  followsBatch({ training }: Context): boolean {
    return training && !this.frozen;
  }

  /** The affine map of each channel, x · factor + term, that normalisation by the running averages is. */
  affine(): { factor: Tensor; term: Tensor } {
    const factor = mul(built(this, this.scale).value, rsqrt(add(built(this, this.variance).value, this.epsilon)));
    return { factor, term: sub(built(this, this.offset).value, mul(built(this, this.mean).value, factor)) };
  }

  /** average ← momentum · average + (1 - momentum) · correction · statistic. */
  private follow(context: Context, average: State, statistic: Tensor, correction: number): void {
    const share = mul(stopGradient(statistic), (1 - this.momentum) * correction);
    context.update(average, add(mul(average.value, this.momentum), share));
  }
}

/**
 * Batch normalisation: `batchNorm({ activation: 'relu' })`, after a dense layer or a convolution without bias. Ioffe, Szegedy 2015. After a
 * convolution, `convNorm` does both and is faster at prediction time.
 * @throws SinapseError when an option is out of range
 */
export function batchNorm(options: BatchNormLayerOptions = {}): BatchNorm {
  checkOptions('batchNorm', options, BATCH_NORM);
  return new BatchNorm(options);
}
