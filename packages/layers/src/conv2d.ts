// The layer of 2-D convolution: filters slide over an image.

import type { LayerCall, OptionChecks, Padding, PairLike, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, ShapeError, SinapseError, check, checkOptions, conv2d as convolve, formatShape, randomKey } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { ACTIVATION, resolveActivation } from './activation-option.ts';
import { built, builtParameters, checkInput, checkInputShape, outputShapeOf } from './build.ts';
import type { FusingLayer } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { WeightOptions } from './weights.ts';
import { WEIGHTS, Weights } from './weights.ts';

export interface Conv2dLayerOptions extends WeightOptions {
  /** The number of output channels; an integer >= 1. */
  readonly filters: number;
  /** Height and width of a filter; one number for both. */
  readonly kernelSize: PairLike;
  /** Pixels from one window to the next. Default 1. */
  readonly strides?: PairLike;
  /** Zeros around the image: `valid` (none), `same`, a number for all sides, or [[top, bottom], [left, right]]. Default `valid`. */
  readonly padding?: Padding;
  /** Pixels from one tap of a filter to the next. Default 1. */
  readonly dilation?: PairLike;
  /** The number of groups of channels that are convolved separately. Default 1. */
  readonly groups?: number;
  /** The activation after the bias. Default `linear`. */
  readonly activation?: ActivationOption;
}

/** The checks of the options. */
export const CONV2D: OptionChecks<Conv2dLayerOptions> = {
  filters: check.required(check.count),
  kernelSize: check.required(check.pair),
  strides: check.pair,
  padding: check.padding,
  dilation: check.pair,
  groups: check.count,
  activation: ACTIVATION,
  ...WEIGHTS,
};

export class Conv2d implements FusingLayer {
  readonly type = 'conv2d';
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: PairLike;
  readonly padding: Padding;
  readonly dilation: PairLike;
  readonly groups: number;
  readonly activation: ActivationOption;
  readonly useBias: boolean;
  /** `[height, width, channels / groups, filters]`; undefined until built. */
  kernel: Parameter | undefined;
  /** `[filters]`; undefined until built, and if `useBias` is false. */
  bias: Parameter | undefined;
  private readonly weights: Weights;
  private readonly resolved: ResolvedActivation;

  constructor(options: Conv2dLayerOptions) {
    const { filters, kernelSize, strides = 1, padding = 'valid', dilation = 1, groups = 1, activation = 'linear', ...weights } = options;
    this.filters = filters;
    this.kernelSize = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    this.strides = strides;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    this.activation = activation;
    this.weights = new Weights(this.type, weights);
    this.useBias = this.weights.useBias;
    this.resolved = resolveActivation(this.type, activation);
  }

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    if (inputShape.length !== 3)
      throw new ShapeError(`conv2d: each example must be [height, width, channels], got ${formatShape(inputShape)}`);
    const channels = inputShape[2]!;
    if (channels % this.groups !== 0 || this.filters % this.groups !== 0) {
      throw new SinapseError(`conv2d: ${this.groups} groups must divide the ${channels} input channels and the ${this.filters} filters`);
    }
    const key = randomKey(seed);
    const shape = [...this.kernelSize, channels / this.groups, this.filters];
    this.kernel = this.weights.makeKernel(shape, key, this.groups);
    this.bias = this.weights.makeBias(this.filters, key);
    return outputShapeOf(this, inputShape);
  }

  /**
   * activation(x * kernel + bias), where * is cross-correlation: the kernel is not flipped.
   * @param x float32 `[batch, height, width, channels]`
   * @returns `[batch, outputHeight, outputWidth, filters]`
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    return this.callFused(x, context, this.resolved);
  }

  callFused(x: Tensor, context: Context, activation: ResolvedActivation, residual?: Tensor): Tensor {
    checkInput(this, x);
    if (residual !== undefined && context.isHandedOver(residual, this)) residual.spend();
    return this.convolve(x, built(this, this.kernel).value, this.bias?.value, activation, residual);
  }

  /** Convolves with the layer's strides, padding, dilation and groups, but with the given kernel, bias and activation. */
  convolve(x: Tensor, kernel: Tensor, bias: Tensor | undefined, { fused, after }: ResolvedActivation, residual?: Tensor): Tensor {
    const { strides, padding, dilation, groups } = this;
    const { activation, alpha } = fused;
    return after(convolve(x, kernel, { strides, padding, dilation, groups, activation, alpha, bias, residual }));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { kernel: this.kernel, bias: this.bias });
  }

  describe(): LayerCall {
    const { type: layer, filters, kernelSize, strides, padding, dilation, groups, activation, weights } = this;
    return { layer, arguments: [{ filters, kernelSize, strides, padding, dilation, groups, activation, ...weights.describe() }] };
  }
}

printsAsModel(Conv2d, 'Conv2d');

/**
 * 2-D convolution over images: `conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' })`.
 * @throws SinapseError when an option is out of range
 */
export function conv2d(options: Conv2dLayerOptions): Conv2d {
  checkOptions('conv2d', options, CONV2D);
  return new Conv2d(options);
}
