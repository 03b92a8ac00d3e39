// What the layers of separable convolution share: each channel is convolved for itself, then the channels are mixed at each place.

import type { ConvOptions, Dimensions, LayerCall, OptionChecks, Padding, Parameter, PerAxis, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, check, randomKey } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { resolveActivation } from './activation-option.ts';
import { built, builtParameters, channelsOf, checkInput, outputShapeOf } from './build.ts';
import type { FilterOptions } from './filters.ts';
import { filterChecks } from './filters.ts';
import type { FusingLayer } from './layer.ts';
import type { Regularizer } from './regularizer-option.ts';
import { Weights } from './weights.ts';

/** The options. Initialiser, regulariser and constraint of the kernel are for both kernels. */
export interface SeparableConvOptions<D extends Dimensions> extends Omit<FilterOptions<D>, 'groups'> {
  /** The number of depthwise filters of each channel. Default 1. */
  readonly depthMultiplier?: number;
}

/** The checks of the options in a space. */
export function separableConvChecks(dimensions: Dimensions): OptionChecks<SeparableConvOptions<Dimensions>> {
  const { groups: _, ...checks } = filterChecks(dimensions);
  return { ...checks, depthMultiplier: check.count };
}

export abstract class SeparableConv<D extends Dimensions> implements FusingLayer {
  abstract readonly type: string;
  readonly filters: number;
  /** One length for each spatial axis. */
  readonly kernelSize: readonly number[];
  readonly depthMultiplier: number;
  readonly strides: PerAxis<D>;
  readonly padding: Padding<D>;
  readonly dilation: PerAxis<D>;
  readonly activation: ActivationOption;
  readonly useBias: boolean;
  readonly activityRegularizer: Regularizer | undefined;
  /** `[…kernelSize, 1, channels · depthMultiplier]`; undefined until built. */
  depthwiseKernel: Parameter | undefined;
  /** `[…1, channels · depthMultiplier, filters]`; undefined until built. */
  pointwiseKernel: Parameter | undefined;
  /** `[filters]`; undefined until built, and if `useBias` is false. */
  bias: Parameter | undefined;
  protected abstract readonly op: (x: Tensor, filter: Tensor, options: ConvOptions<D>) => Tensor;
  private readonly dimensions: D;
  private readonly weights: Weights;
  private readonly resolved: ResolvedActivation;

  /** @param type of the layer, for messages */
  constructor(type: string, dimensions: D, options: SeparableConvOptions<D>) {
    const one: PerAxis<D> = 1;
    const { filters, kernelSize, depthMultiplier = 1, strides = one, padding = 'valid', dilation = one, activation = 'linear' } = options;
    this.dimensions = dimensions;
    this.filters = filters;
    this.kernelSize = typeof kernelSize === 'number' ? Array.from({ length: dimensions }, () => kernelSize) : kernelSize;
    this.depthMultiplier = depthMultiplier;
    this.strides = strides;
    this.padding = padding;
    this.dilation = dilation;
    this.activation = activation;
    this.weights = new Weights(type, options);
    this.useBias = this.weights.useBias;
    this.activityRegularizer = options.activityRegularizer;
    this.resolved = resolveActivation(type, activation);
  }

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    const channels = channelsOf(this, this.dimensions, inputShape);
    const inner = channels * this.depthMultiplier;
    const key = randomKey(seed);
    const place = this.kernelSize.map(() => 1);
    this.depthwiseKernel = this.weights.makeKernel([...this.kernelSize, 1, inner], key.fold('depthwise'), channels);
    this.pointwiseKernel = this.weights.makeKernel([...place, inner, this.filters], key.fold('pointwise'));
    this.bias = this.weights.makeBias(this.filters, key);
    return outputShapeOf(this, inputShape);
  }

  /**
   * activation((x * depthwiseKernel) * pointwiseKernel + bias).
   * @param x float32 `[batch, …axes, channels]`
   * @returns `[batch, …outputLengths, filters]`
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    return this.callFused(x, context, this.resolved);
  }

  callFused(x: Tensor, context: Context, { fused, after }: ResolvedActivation, residual?: Tensor): Tensor {
    checkInput(this, x);
    const { strides, padding, dilation, depthMultiplier, op } = this;
    const depthwise = built(this, this.depthwiseKernel).value;
    const pointwise = built(this, this.pointwiseKernel).value;
    if (residual !== undefined && context.isHandedOver(residual, this)) residual.spend();
    const inner = op(x, depthwise, { strides, padding, dilation, groups: depthwise.shape.at(-1)! / depthMultiplier });
    return this.weights.penalised(after(op(inner, pointwise, { ...fused, bias: this.bias?.value, residual })), context);
  }

  children(): [string, Parameter][] {
    const { depthwiseKernel, pointwiseKernel, bias } = this;
    return builtParameters(this, { depthwiseKernel, pointwiseKernel, bias });
  }

  describe(): LayerCall {
    const { type: layer, filters, kernelSize: size, depthMultiplier, strides, padding, dilation, activation, weights } = this;
    const kernelSize = size.length === 1 ? size[0] : size;
    const options = { filters, kernelSize, depthMultiplier, strides, padding, dilation, activation, ...weights.describe() };
    return { layer, arguments: [options] };
  }
}
