// The fully connected layer: every unit is connected to every input.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, linear, randomKey } from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { ACTIVATION, resolveActivation } from './activation-option.ts';
import { built, builtParameters, checkInput, checkInputShape, makeParameter, outputShapeOf } from './build.ts';
import { zeros } from './initializers/distributions.ts';
import type { Initializer } from './initializers/initializer.ts';
import { INITIALIZER } from './initializers/initializer.ts';
import { glorotUniform } from './initializers/variance-scaling.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface DenseOptions {
  /** The number of outputs; an integer >= 1. */
  readonly units: number;
  /** The activation after the bias. Default `linear`. */
  readonly activation?: ActivationOption;
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
  /** The initial kernel. Default `initializers.glorotUniform`. */
  readonly kernelInitializer?: Initializer;
  /** The initial bias. Default `initializers.zeros`. */
  readonly biasInitializer?: Initializer;
}

const DENSE: OptionChecks<DenseOptions> = {
  units: check.required(check.count),
  activation: ACTIVATION,
  useBias: check.flag,
  kernelInitializer: INITIALIZER,
  biasInitializer: INITIALIZER,
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
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private readonly resolved: ResolvedActivation;

  constructor({ units, activation = 'linear', useBias = true, kernelInitializer = glorotUniform, biasInitializer = zeros }: DenseOptions) {
    this.units = units;
    this.activation = activation;
    this.useBias = useBias;
    this.kernelInitializer = kernelInitializer;
    this.biasInitializer = biasInitializer;
    this.resolved = resolveActivation(this.type, activation);
  }

  /** @param inputShape `[…, inputs]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const inputs = inputShape.at(-1);
    if (inputs === undefined)
      throw new ShapeError('dense: each example must be [inputs] (or […, inputs]), got a single number; reshape it to [1]');
    const key = randomKey(seed);
    this.kernel = makeParameter([inputs, this.units], this.kernelInitializer, key.fold('kernel'));
    this.bias = this.useBias ? makeParameter([this.units], this.biasInitializer, key.fold('bias')) : undefined;
    return outputShapeOf(this, inputShape);
  }

  /**
   * activation(x kernel + bias).
   * @param x float32 `[batch, …, inputs]`
   * @returns `[batch, …, units]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const { fused, after } = this.resolved;
    return after(linear(x, built(this, this.kernel).value, this.bias?.value, fused));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { kernel: this.kernel, bias: this.bias });
  }

  describe(): LayerCall {
    const { type: layer, units, activation, useBias } = this;
    return { layer, arguments: [{ units, activation, useBias }] };
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
