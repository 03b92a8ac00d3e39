// The leaky relu whose slope below 0 is learned.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, formatShape, fused, greater, mul, normalizeAxes, randomKey, where } from '@sinapse/core';
import { built, builtParameters, checkInput, checkInputShape, outputShapeOf } from './build.ts';
import type { Constraint } from './constraint-option.ts';
import { CONSTRAINT } from './constraint-option.ts';
import { constant } from './initializers/distributions.ts';
import type { Initializer } from './initializers/initializer.ts';
import { INITIALIZER } from './initializers/initializer.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';
import type { Regularizer } from './regularizer-option.ts';
import { REGULARIZER } from './regularizer-option.ts';
import type { Rules } from './weights.ts';
import { makeRuled, present, rulesOf } from './weights.ts';

export interface PreluOptions {
  /** The axes along which all elements have one slope; axis 0 is the batch. Default: all but the last, so that each channel has a slope. */
  readonly sharedAxes?: readonly number[];
  /** The initial slopes. Default `initializers.constant(0.25)`. */
  readonly alphaInitializer?: Initializer;
  /** The penalty on the slopes. Default none. */
  readonly alphaRegularizer?: Regularizer;
  /** What `fit` makes of the slopes after each step. Default nothing. */
  readonly alphaConstraint?: Constraint;
}

const PRELU: OptionChecks<PreluOptions> = {
  sharedAxes: { expected: 'a list of axes', accepts: (value) => Array.isArray(value) && check.axes.accepts(value) },
  alphaInitializer: INITIALIZER,
  alphaRegularizer: REGULARIZER,
  alphaConstraint: CONSTRAINT,
};

const leaky = fused((x: Tensor, alpha: Tensor) => where(greater(x, 0), x, mul(x, alpha)));

export class Prelu implements Layer {
  readonly type = 'prelu';
  readonly sharedAxes: readonly number[] | undefined;
  /** The slopes: the shape of an example, with 1 for the shared axes. Undefined until built. */
  alpha: Parameter | undefined;
  private readonly options: PreluOptions;
  private readonly rules: Rules;

  constructor(options: PreluOptions) {
    this.sharedAxes = options.sharedAxes;
    this.options = options;
    this.rules = rulesOf(this.type, 'alpha', options.alphaRegularizer, options.alphaConstraint);
  }

  /** @param inputShape `[…, channels]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    if (inputShape.length === 0) throw new ShapeError('prelu: each example must be […, channels], got a single number');
    const rank = inputShape.length + 1;
    const shared = this.sharedAxes === undefined ? undefined : normalizeAxes(this.type, this.sharedAxes, rank);
    const isShared = (axis: number): boolean => (shared === undefined ? axis < rank - 1 : shared.includes(axis));
    const shape = inputShape.map((length, i) => (isShared(i + 1) ? 1 : length));
    this.alpha = makeRuled(this.rules, shape, this.options.alphaInitializer ?? constant(0.25), randomKey(seed).fold('alpha'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * x above 0, alpha x below.
   * @param x float32 `[batch, …, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const alpha = built(this, this.alpha);
    const fits = x.rank === alpha.shape.length + 1 && alpha.shape.every((length, i) => length === 1 || length === x.shape[i + 1]);
    if (!fits)
      throw new ShapeError(
        `prelu: built with slopes ${formatShape(alpha.shape)}, which do not fit an example ${formatShape(x.shape.slice(1))}`,
      );
    return leaky(x, alpha.value);
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { alpha: this.alpha });
  }

  describe(): LayerCall {
    const { sharedAxes, alphaRegularizer, alphaConstraint } = this.options;
    return { layer: this.type, arguments: [present({ sharedAxes, alphaRegularizer, alphaConstraint })] };
  }
}

printsAsModel(Prelu, 'Prelu');

/**
 * The parametric relu: `prelu()` learns a slope for each channel. He, Zhang, Ren, Sun 2015 ("Delving deep into rectifiers"), equation 1.
 * @throws SinapseError when an option is unknown or out of range
 */
export function prelu(options: PreluOptions = {}): Prelu {
  checkOptions('prelu', options, PRELU);
  return new Prelu(options);
}
