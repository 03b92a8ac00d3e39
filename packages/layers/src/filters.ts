// What layers with sliding filters share in one, two and three dimensions: their options, their kernel and bias, and how they are called.

import type { Dimensions, LayerCall, OptionChecks, Padding, Parameter, PerAxis, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, check, randomKey } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { ACTIVATION, resolveActivation } from './activation-option.ts';
import { built, builtParameters, channelsOf, checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import type { Regularizer } from './regularizer-option.ts';
import type { WeightOptions } from './weights.ts';
import { WEIGHTS, Weights } from './weights.ts';

/** The options of a layer with sliding filters. One number stands for all directions. */
export interface FilterOptions<D extends Dimensions, P = Padding<D>> extends WeightOptions {
  /** The number of output channels; an integer >= 1. */
  readonly filters: number;
  /** The lengths of a filter. */
  readonly kernelSize: PerAxis<D>;
  /** Elements from one window to the next. Default 1. */
  readonly strides?: PerAxis<D>;
  /** Zeros around the input: `valid` (none), `same`, a number for all sides, or the sides: [[top, bottom], [left, right]] of images. Default `valid`. */
  readonly padding?: P;
  /** Elements from one tap of a filter to the next. Default 1. */
  readonly dilation?: PerAxis<D>;
  /** The number of groups of channels that are convolved separately. Default 1. */
  readonly groups?: number;
  /** The activation after the bias. Default `linear`. */
  readonly activation?: ActivationOption;
}

/** The checks of the options in a space. */
export function filterChecks(dimensions: Dimensions): OptionChecks<FilterOptions<Dimensions>> {
  const perAxis = check.perAxis(dimensions);
  return {
    filters: check.required(check.count),
    kernelSize: check.required(perAxis),
    strides: perAxis,
    padding: check.paddingOf(dimensions),
    dilation: perAxis,
    groups: check.count,
    activation: ACTIVATION,
    ...WEIGHTS,
  };
}

export abstract class Filters<D extends Dimensions, P = Padding<D>> implements Layer {
  abstract readonly type: string;
  readonly filters: number;
  /** One length for each spatial axis. */
  readonly kernelSize: readonly number[];
  readonly strides: PerAxis<D>;
  readonly padding: P;
  readonly dilation: PerAxis<D>;
  readonly groups: number;
  readonly activation: ActivationOption;
  readonly useBias: boolean;
  readonly activityRegularizer: Regularizer | undefined;
  /** `[…kernelSize, channels / groups, filters]`; undefined until built. */
  kernel: Parameter | undefined;
  /** `[filters]`; undefined until built, and if `useBias` is false. */
  bias: Parameter | undefined;
  protected readonly resolved: ResolvedActivation;
  private readonly dimensions: D;
  protected readonly weights: Weights;

  /** @param type of the layer, for messages */
  constructor(type: string, dimensions: D, options: FilterOptions<D, P>) {
    const one: PerAxis<D> = 1;
    const { filters, kernelSize, strides = one, padding = 'valid' as P, dilation = one, groups = 1, activation = 'linear' } = options;
    this.dimensions = dimensions;
    this.filters = filters;
    this.kernelSize = typeof kernelSize === 'number' ? Array.from({ length: dimensions }, () => kernelSize) : kernelSize;
    this.strides = strides;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    this.activation = activation;
    this.weights = new Weights(type, options);
    this.useBias = this.weights.useBias;
    this.activityRegularizer = options.activityRegularizer;
    this.resolved = resolveActivation(type, activation);
  }

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    const channels = channelsOf(this, this.dimensions, inputShape);
    const { filters, groups } = this;
    if (channels % groups !== 0 || filters % groups !== 0)
      throw new SinapseError(`${this.type}: ${groups} groups must divide the ${channels} input channels and the ${filters} filters`);
    const key = randomKey(seed);
    this.kernel = this.weights.makeKernel([...this.kernelSize, ...this.connections(channels)], key, groups);
    this.bias = this.weights.makeBias(filters, key);
    return outputShapeOf(this, inputShape);
  }

  call(x: Tensor, context: Context = new Context()): Tensor {
    checkInput(this, x);
    return this.weights.penalised(this.convolve(x, built(this, this.kernel).value, this.bias?.value, this.resolved), context);
  }

  /** Computes with the layer's strides, padding, dilation and groups, but with the given kernel, bias and activation. */
  abstract convolve(x: Tensor, kernel: Tensor, bias: Tensor | undefined, activation: ResolvedActivation): Tensor;

  children(): [string, Parameter][] {
    return builtParameters(this, { kernel: this.kernel, bias: this.bias });
  }

  describe(): LayerCall {
    const { type: layer, filters, kernelSize: size, strides, padding, dilation, groups, activation, weights } = this;
    const kernelSize = size.length === 1 ? size[0] : size;
    return { layer, arguments: [{ filters, kernelSize, strides, padding, dilation, groups, activation, ...weights.describe() }] };
  }

  /** The last two lengths of the kernel. */
  protected abstract connections(channels: number): readonly [number, number];
}
