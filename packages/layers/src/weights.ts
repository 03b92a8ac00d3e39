// The kernel and bias of a layer, with the options that such layers share. Their names are those of Keras.

import type { Context, OptionChecks, Parameter, RandomKey, Shape, Tensor } from '@sinapse/core';
import { check } from '@sinapse/core';
import { makeParameter } from './build.ts';
import type { Constraint } from './constraint-option.ts';
import { CONSTRAINT, resolveConstraint } from './constraint-option.ts';
import { zeros } from './initializers/distributions.ts';
import type { Initializer } from './initializers/initializer.ts';
import { INITIALIZER } from './initializers/initializer.ts';
import { glorotUniform } from './initializers/variance-scaling.ts';
import type { Regularizer } from './regularizer-option.ts';
import { REGULARIZER, penalised, resolveRegularizer } from './regularizer-option.ts';

/** Options of a layer with a kernel and a bias. */
export interface WeightOptions {
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
  /** The initial kernel. Default `initializers.glorotUniform`. */
  readonly kernelInitializer?: Initializer;
  /** The initial bias. Default `initializers.zeros`. */
  readonly biasInitializer?: Initializer;
  /** The penalty on the kernel that `fit` adds to the loss, e.g. `{ l2: 1e-4 }`. Default none. */
  readonly kernelRegularizer?: Regularizer;
  /** The penalty on the bias. Default none. */
  readonly biasRegularizer?: Regularizer;
  /** The penalty on the layer's result, divided by the examples of the batch. Default none. */
  readonly activityRegularizer?: Regularizer;
  /** What `fit` makes of the kernel after each step, e.g. `'nonNegative'` or `{ name: 'maxNorm', limit: 3 }`. Default nothing. */
  readonly kernelConstraint?: Constraint;
  /** What `fit` makes of the bias after each step. Default nothing. */
  readonly biasConstraint?: Constraint;
}

/** The checks of the options. */
export const WEIGHTS: OptionChecks<WeightOptions> = {
  useBias: check.flag,
  kernelInitializer: INITIALIZER,
  biasInitializer: INITIALIZER,
  kernelRegularizer: REGULARIZER,
  biasRegularizer: REGULARIZER,
  activityRegularizer: REGULARIZER,
  kernelConstraint: CONSTRAINT,
  biasConstraint: CONSTRAINT,
};

/** What training does for a parameter beside the optimizer's step. */
export interface Rules {
  readonly penalty: ((values: Tensor) => Tensor) | undefined;
  readonly constraint: ((values: Tensor) => Tensor) | undefined;
}

/** The options `…Regularizer` and `…Constraint` of one parameter, checked. */
export function rulesOf(layer: string, parameter: string, regularizer: Regularizer | undefined, constraint: Constraint | undefined): Rules {
  return {
    penalty: resolveRegularizer(`${layer}: ${parameter}Regularizer`, regularizer),
    constraint: resolveConstraint(`${layer}: ${parameter}Constraint`, constraint),
  };
}

/** Makes a parameter of which training is to keep the rules. */
export function makeRuled({ penalty, constraint }: Rules, ...given: Parameters<typeof makeParameter>): Parameter {
  const parameter = makeParameter(...given);
  parameter.penalty = penalty;
  parameter.constraint = constraint;
  return parameter;
}

/** Makes the kernel and the bias of a layer. */
export class Weights {
  readonly useBias: boolean;
  private readonly options: WeightOptions;
  private readonly kernelRules: Rules;
  private readonly biasRules: Rules;
  private readonly activityPenalty: ((values: Tensor) => Tensor) | undefined;

  /**
   * @param layer its type, for messages
   * @throws SinapseError when a regulariser or a constraint is not known or out of range
   */
  constructor(layer: string, options: WeightOptions) {
    this.useBias = options.useBias ?? true;
    this.options = options;
    this.kernelRules = rulesOf(layer, 'kernel', options.kernelRegularizer, options.kernelConstraint);
    this.biasRules = rulesOf(layer, 'bias', options.biasRegularizer, options.biasConstraint);
    this.activityPenalty = resolveRegularizer(`${layer}: activityRegularizer`, options.activityRegularizer);
  }

  /** @param key of the layer */
  makeKernel(shape: Shape, key: RandomKey, groups = 1): Parameter {
    return makeRuled(this.kernelRules, shape, this.options.kernelInitializer ?? glorotUniform, key.fold('kernel'), groups);
  }

  /** @returns undefined if the layer has no bias */
  makeBias(units: number, key: RandomKey): Parameter | undefined {
    if (!this.useBias) return undefined;
    return makeRuled(this.biasRules, [units], this.options.biasInitializer ?? zeros, key.fold('bias'));
  }

  /** Returns the layer's result. In training, tells the context the penalty on it. */
  penalised(y: Tensor, context: Context | undefined): Tensor {
    return penalised(this.activityPenalty, y, context);
  }

  /** The options as a layer describes them: without initialisers, as a model file has the weights, and without those that are not set. */
  describe(): Partial<WeightOptions> {
    const { kernelRegularizer, biasRegularizer, activityRegularizer, kernelConstraint, biasConstraint } = this.options;
    const rules = present({ kernelRegularizer, biasRegularizer, activityRegularizer, kernelConstraint, biasConstraint });
    return { useBias: this.useBias, ...rules };
  }
}

/** The members that are not undefined. */
export function present<T extends object>(options: T): { [P in keyof T]?: Exclude<T[P], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [P in keyof T]?: Exclude<T[P], undefined>;
  };
}
