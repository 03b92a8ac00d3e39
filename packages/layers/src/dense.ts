// The fully connected layer: every unit is connected to every input.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, linear, randomKey } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { ACTIVATION, resolveActivation } from './activation-option.ts';
import { built, builtParameters, checkInput, checkInputShape, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { WeightOptions } from './weights.ts';
import { WEIGHTS, Weights } from './weights.ts';

export interface DenseOptions extends WeightOptions {
  /** The number of outputs; an integer >= 1. */
  readonly units: number;
  /** The activation after the bias. Default `linear`. */
  readonly activation?: ActivationOption;
}

const DENSE: OptionChecks<DenseOptions> = {
  units: check.required(check.count),
  activation: ACTIVATION,
  ...WEIGHTS,
};

export class Dense implements Layer {
  readonly type = 'dense';
  readonly units: number;
  readonly activation: ActivationOption;
  readonly useBias: boolean;
  /** `[inputs, units]`; undefined until built. */
  kernel: Parameter | undefined;
  /** `[units]`; undefined until built, and if `useBias` is false. */
  bias: Parameter | undefined;
  private readonly weights: Weights;
  private readonly resolved: ResolvedActivation;

  constructor({ units, activation = 'linear', ...weights }: DenseOptions) {
    this.units = units;
    this.activation = activation;
    this.weights = new Weights(this.type, weights);
    this.useBias = this.weights.useBias;
    this.resolved = resolveActivation(this.type, activation);
  }

  /** @param inputShape `[…, inputs]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const inputs = inputShape.at(-1);
    if (inputs === undefined)
      throw new ShapeError('dense: each example must be [inputs] (or […, inputs]), got a single number; reshape it to [1]');
    const key = randomKey(seed);
    this.kernel = this.weights.makeKernel([inputs, this.units], key);
    this.bias = this.weights.makeBias(this.units, key);
    return outputShapeOf(this, inputShape);
  }

  /**
   * activation(x kernel + bias).
   * @param x float32 `[batch, …, inputs]`
   * @returns `[batch, …, units]`
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    const { fused, after } = this.resolved;
    return this.weights.penalised(after(linear(x, built(this, this.kernel).value, this.bias?.value, fused)), context);
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { kernel: this.kernel, bias: this.bias });
  }

  describe(): LayerCall {
    const { type: layer, units, activation, weights } = this;
    return { layer, arguments: [{ units, activation, ...weights.describe() }] };
  }
}

printsAsModel(Dense, 'Dense');

/**
 * A fully connected layer: `dense({ units: 10 })`. It works along the last axis; to connect all values of an image, put `flatten()` before
 * it.
 * @throws SinapseError when an option is out of range
 */
export function dense(options: DenseOptions): Dense {
  checkOptions('dense', options, DENSE);
  return new Dense(options);
}
