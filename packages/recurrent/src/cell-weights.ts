// The weights of the usual cells: one for the input, one for the state, and a bias, each with the gates side by side.

import type { Check, Context, OptionChecks, RandomKey, Seed, Shape, Tensor } from '@sinapse/core';
import { Parameter, ShapeError, SinapseError, check, dropout, fillAt, formatShape, mul, randomKey } from '@sinapse/core';
import type { Initializer } from '@sinapse/layers';
import { initializers, makeParameter } from '@sinapse/layers';

export interface CellOptions {
  /** The length of the state and of the output; an integer >= 1. */
  readonly units: number;
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
  /** The initial weights of the input. Default `initializers.glorotUniform`. */
  readonly kernelInitializer?: Initializer;
  /** The initial weights of the state. Default `initializers.orthogonal()`. Saxe, McClelland, Ganguli 2014. */
  readonly recurrentInitializer?: Initializer;
  /** The initial bias. Default zeros (an LSTM's forget gate: ones). */
  readonly biasInitializer?: Initializer;
  /**
   * The rate at which the state's units are dropped in training before they meet their weights, within [0, 1): one mask for all steps of a sequence.
   * Gal, Ghahramani 2016, "A theoretically grounded application of dropout in recurrent neural networks". Default 0.
   */
  readonly recurrentDropout?: number;
}

/** The check of an initialiser. */
export const INITIALIZER: Check = {
  expected: 'an initialiser, e.g. initializers.heNormal',
  accepts: (value) => typeof value === 'function',
};

/** The checks of the options. */
export const CELL_OPTIONS: OptionChecks<CellOptions> = {
  units: check.required(check.count),
  useBias: check.flag,
  kernelInitializer: INITIALIZER,
  recurrentInitializer: INITIALIZER,
  biasInitializer: INITIALIZER,
  recurrentDropout: check.fraction,
};

/** The number of features of a step. @throws SinapseError unless a step is `[features]` */
export function featuresOf(cell: string, inputShape: Shape): number {
  if (inputShape.length === 1) return inputShape[0]!;
  throw new ShapeError(`${cell}: each step must be [features], got ${formatShape(inputShape)}`);
}

/** The weights of a cell. */
export interface CellParameters {
  /** `[features, gates · units]`. */
  readonly kernel: Parameter;
  /** `[size of the output, gates · units]`. */
  readonly recurrentKernel: Parameter;
  /** `[gates · units]`; undefined if `useBias` is false. */
  readonly bias: Parameter | undefined;
}

export interface CellSizes {
  readonly features: number;
  readonly gates: number;
  /** The length of the state that meets the weights, where it is not `units`. */
  readonly recurrent?: number;
  /** The initial bias, where no other is given. */
  readonly bias?: Initializer;
}

/** Makes the weights of a cell. */
export function makeWeights(
  { units, useBias = true, kernelInitializer, recurrentInitializer, biasInitializer }: CellOptions,
  { features, gates, recurrent = units, bias = initializers.zeros }: CellSizes,
  seed: Seed,
): CellParameters {
  const key = randomKey(seed);
  return {
    kernel: makeParameter([features, gates * units], kernelInitializer ?? initializers.glorotUniform, key.fold('kernel')),
    recurrentKernel: makeParameter([recurrent, gates * units], recurrentInitializer ?? initializers.orthogonal(), key.fold('recurrent')),
    bias: useBias ? makeParameter([gates * units], biasInitializer ?? bias, key.fold('bias')) : undefined,
  };
}

/** @throws SinapseError when the cell was not built yet */
export function made<T>(cell: string, value: T | undefined): T {
  if (value === undefined) throw new SinapseError(`${cell}: has no parameters yet; build the model first: model.build(inputShape)`);
  return value;
}

/** The parameters by name, for core's `walk`, without those that a cell does not have. */
export function madeParameters(cell: string, fields: Readonly<Record<string, Parameter | undefined>>): [string, Parameter][] {
  const found = Object.entries(fields).filter((entry): entry is [string, Parameter] => entry[1] !== undefined);
  return made(cell, found.length > 0 ? found : undefined);
}

/** Whether units of the state are dropped in this call. */
export function dropsState({ recurrentDropout = 0 }: CellOptions, { training }: Context): boolean {
  return training && recurrentDropout > 0;
}

/** What drops units of the state before they meet their weights: the same units in all steps of a sequence. */
export function stateDropout(rate: number, like: Tensor, shape: Shape, context: Context): (h: Tensor) => Tensor {
  if (!context.training || rate === 0) return (h) => h;
  const mask = dropMask(rate, like, shape, context.key.fold('recurrentDropout'));
  return (h) => mul(h, mask);
}

/** Zeros at the given rate, elsewhere 1 / (1 - rate). */
export function dropMask(rate: number, like: Tensor, shape: Shape, key: RandomKey): Tensor {
  return dropout(fillAt(like, shape, 1), rate, key);
}
