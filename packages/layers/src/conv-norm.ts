// A convolution with batch normalisation. At prediction time, one convolution does both.

import type { LayerCall, OptionChecks, Parameter, Seed, Shape, State, Tensor } from '@sinapse/core';
import { Context, Derived, add, checkOptions, mul } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { resolveActivation } from './activation-option.ts';
import type { BatchNormLayerOptions } from './batch-norm.ts';
import { BATCH_NORM, BatchNorm } from './batch-norm.ts';
import { built, checkInput, checkInputShape } from './build.ts';
import type { Conv2dLayerOptions } from './conv2d.ts';
import { CONV2D, Conv2d } from './conv2d.ts';
import type { FusingLayer } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { Regularizer } from './regularizer-option.ts';
import { penalised, resolveRegularizer } from './regularizer-option.ts';
import { present } from './weights.ts';

/** The options of the convolution, where `useBias` is false by default, and of the normalisation. The activation comes after both. */
export type ConvNormOptions = Conv2dLayerOptions & BatchNormLayerOptions;

const CONV_NORM: OptionChecks<ConvNormOptions> = { ...CONV2D, ...BATCH_NORM };

export class ConvNorm implements FusingLayer {
  readonly type = 'convNorm';
  readonly conv: Conv2d;
  readonly norm: BatchNorm;
  readonly activation: ActivationOption;
  readonly activityRegularizer: Regularizer | undefined;
  private readonly penalty: ((values: Tensor) => Tensor) | undefined;
  private readonly resolved: ResolvedActivation;
  private readonly folded: Derived<{ kernel: Tensor; bias: Tensor }> = new Derived();

  constructor({ activation = 'linear', useBias = false, activityRegularizer, ...options }: ConvNormOptions) {
    this.conv = new Conv2d({ ...options, useBias });
    this.norm = new BatchNorm(options);
    this.activation = activation;
    this.activityRegularizer = activityRegularizer;
    this.penalty = resolveRegularizer(`${this.type}: activityRegularizer`, activityRegularizer);
    this.resolved = resolveActivation(this.type, activation);
  }

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    this.folded.release();
    return this.norm.build(this.conv.build(inputShape, seed), seed);
  }

  /**
   * activation(normalisation(x * kernel)).
   * @param x float32 `[batch, height, width, channels]`
   * @returns `[batch, outputHeight, outputWidth, filters]`
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    return this.callFused(x, context, this.resolved);
  }

  callFused(x: Tensor, context: Context, activation: ResolvedActivation, residual?: Tensor): Tensor {
    checkInput(this, x);
    if (!this.norm.followsBatch(context)) {
      const { kernel, bias } = this.fold();
      if (residual !== undefined && context.isHandedOver(residual, this)) residual.spend();
      return penalised(this.penalty, this.conv.convolve(x, kernel, bias, activation, residual), context);
    }
    this.folded.release(); // the coming step changes the values it was made from
    const z = this.conv.call(x, context);
    return penalised(this.penalty, this.norm.callFused(z, context, activation, residual), context);
  }

  /** The convolution's kernel and bias; the normalisation's scale, offset, mean and variance. */
  children(): [string, Parameter | State][] {
    return [...this.conv.children(), ...this.norm.children()];
  }

  /** (x * kernel + bias) · factor + term = x * (kernel · factor) + (bias · factor + term), for each filter. */
  private fold(): { kernel: Tensor; bias: Tensor } {
    const { conv, norm } = this;
    const cells = [conv.kernel, conv.bias, norm.scale, norm.offset, norm.mean, norm.variance];
    return this.folded.of(cells, () => {
      const { factor, term } = norm.affine();
      const bias = conv.bias && mul(conv.bias.value, factor);
      return { kernel: mul(built(conv, conv.kernel).value, factor), bias: bias === undefined ? term : add(bias, term) };
    });
  }

  describe(): LayerCall {
    const { type: layer, activation, activityRegularizer } = this;
    const options = [this.conv, this.norm].map((part) => part.describe().arguments[0]);
    return { layer, arguments: [Object.assign({}, ...options, { activation }, present({ activityRegularizer }))] };
  }
}

printsAsModel(ConvNorm, 'ConvNorm');

/**
 * A convolution followed by batch normalisation and an activation: `convNorm({ filters: 16, kernelSize: 3, padding: 'same', activation:
 * 'relu' })`. The normalisation and the activation are one kernel in training. At prediction time (and where `norm` is frozen) the
 * normalisation is folded into the filters; this is done once, and again after a parameter or a running average has changed.
 * @throws SinapseError when an option is out of range
 */
export function convNorm(options: ConvNormOptions): ConvNorm {
  checkOptions('convNorm', options, CONV_NORM);
  return new ConvNorm(options);
}
