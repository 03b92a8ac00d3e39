// The layer of depthwise convolution: every channel has filters of its own.

import type { LayerCall, OptionChecks, Padding, PairLike, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, check, checkOptions, conv2d as convolve, randomKey } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { resolveActivation } from './activation-option.ts';
import { built, builtParameters, channelsOf, checkInput, outputShapeOf } from './build.ts';
import type { FilterOptions } from './filters.ts';
import { filterChecks } from './filters.ts';
import type { FusingLayer } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { Regularizer } from './regularizer-option.ts';
import { Weights } from './weights.ts';

export interface DepthwiseConv2dOptions extends Omit<FilterOptions<2>, 'filters' | 'groups'> {
  /** The number of filters of each channel. Default 1. */
  readonly depthMultiplier?: number;
}

/** The checks of options that are those of a convolution but for the numbers of filters and groups. */
const { filters: _, groups: __, ...CHECKS } = filterChecks(2);

const DEPTHWISE_CONV2D: OptionChecks<DepthwiseConv2dOptions> = { ...CHECKS, depthMultiplier: check.count };

export class DepthwiseConv2d implements FusingLayer {
  readonly type = 'depthwiseConv2d';
  readonly kernelSize: readonly [number, number];
  readonly depthMultiplier: number;
  readonly strides: PairLike;
  readonly padding: Padding;
  readonly dilation: PairLike;
  readonly activation: ActivationOption;
  readonly useBias: boolean;
  readonly activityRegularizer: Regularizer | undefined;
  /** `[height, width, 1, channels · depthMultiplier]`; undefined until built. */
  kernel: Parameter | undefined;
  /** `[channels · depthMultiplier]`; undefined until built, and if `useBias` is false. */
  bias: Parameter | undefined;
  private readonly weights: Weights;
  private readonly resolved: ResolvedActivation;

  constructor(options: DepthwiseConv2dOptions) {
    const { kernelSize, depthMultiplier = 1, strides = 1, padding = 'valid', dilation = 1, activation = 'linear' } = options;
    this.kernelSize = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    this.depthMultiplier = depthMultiplier;
    this.strides = strides;
    this.padding = padding;
    this.dilation = dilation;
    this.activation = activation;
    this.weights = new Weights(this.type, options);
    this.useBias = this.weights.useBias;
    this.activityRegularizer = options.activityRegularizer;
    this.resolved = resolveActivation(this.type, activation);
  }

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    const channels = channelsOf(this, 2, inputShape);
    const filters = channels * this.depthMultiplier;
    const key = randomKey(seed);
    this.kernel = this.weights.makeKernel([...this.kernelSize, 1, filters], key, channels);
    this.bias = this.weights.makeBias(filters, key);
    return outputShapeOf(this, inputShape);
  }

  /**
   * activation(x * kernel + bias), channel by channel.
   * @param x float32 `[batch, height, width, channels]`
   * @returns `[batch, outputHeight, outputWidth, channels · depthMultiplier]`; a channel's results lie side by side
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    return this.callFused(x, context, this.resolved);
  }

  callFused(x: Tensor, context: Context, { fused, after }: ResolvedActivation, residual?: Tensor): Tensor {
    checkInput(this, x);
    const kernel = built(this, this.kernel).value;
    if (residual !== undefined && context.isHandedOver(residual, this)) residual.spend();
    const { strides, padding, dilation, depthMultiplier } = this;
    const groups = kernel.shape[3]! / depthMultiplier;
    const y = after(convolve(x, kernel, { strides, padding, dilation, groups, ...fused, bias: this.bias?.value, residual }));
    return this.weights.penalised(y, context);
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { kernel: this.kernel, bias: this.bias });
  }

  describe(): LayerCall {
    const { type: layer, kernelSize, depthMultiplier, strides, padding, dilation, activation, weights } = this;
    return { layer, arguments: [{ kernelSize, depthMultiplier, strides, padding, dilation, activation, ...weights.describe() }] };
  }
}

printsAsModel(DepthwiseConv2d, 'DepthwiseConv2d');

/**
 * Depthwise convolution over images: `depthwiseConv2d({ kernelSize: 3, padding: 'same' })`. Channels do not mix; a `conv2d` with `kernelSize` 1 after
 * it mixes them. Howard et al. 2017 (MobileNets).
 * @throws SinapseError when an option is out of range
 */
export function depthwiseConv2d(options: DepthwiseConv2dOptions): DepthwiseConv2d {
  checkOptions('depthwiseConv2d', options, DEPTHWISE_CONV2D);
  return new DepthwiseConv2d(options);
}
