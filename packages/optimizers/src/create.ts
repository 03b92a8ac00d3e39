// The list of optimizers, and how to make one by its name, for command lines, files and forms.

import type { Optimizer } from '@sinapse/core';
import { knownName } from '@sinapse/core';
import { ADADELTA_LEARNING_RATE, adaDelta } from './ada-delta.ts';
import { ADAGRAD_LEARNING_RATE, adaGrad } from './ada-grad.ts';
import { ADAM_LEARNING_RATE, adam, adamW } from './adam.ts';
import { ADAMAX_LEARNING_RATE, adamax } from './adamax.ts';
import { LAMB_LEARNING_RATE, lamb } from './lamb.ts';
import { LION_LEARNING_RATE, lion } from './lion.ts';
import { MUON_LEARNING_RATE, muon } from './muon.ts';
import { NADAM_LEARNING_RATE, nadam } from './nadam.ts';
import { QUICKPROP_LEARNING_RATE, quickprop } from './quickprop.ts';
import { RADAM_LEARNING_RATE, radam } from './radam.ts';
import { RMSPROP_LEARNING_RATE, rmsProp } from './rms-prop.ts';
import { SGD_LEARNING_RATE, sgd, momentum, nesterov } from './sgd.ts';

export type { AdaDeltaOptions } from './ada-delta.ts';
export type { AdaGradOptions } from './ada-grad.ts';
export type { AdamOptions } from './adam.ts';
export type { AdamaxOptions } from './adamax.ts';
export type { LambOptions } from './lamb.ts';
export type { LionOptions } from './lion.ts';
export type { MuonOptions } from './muon.ts';
export type { NadamOptions } from './nadam.ts';
export type { QuickpropOptions } from './quickprop.ts';
export type { RAdamOptions } from './radam.ts';
export type { RmsPropOptions } from './rms-prop.ts';
export type { MomentumOptions, SgdOptions } from './sgd.ts';
export { adaDelta, adaGrad, adam, adamW, adamax, lamb, lion, momentum, muon, nadam, nesterov, quickprop, radam, rmsProp, sgd };

/** An optimizer of the list. */
export interface NamedOptimizer extends Optimizer {
  readonly name: string;
}

interface Entry {
  readonly create: (options: object) => NamedOptimizer;
  /** Unless another is given. */
  readonly learningRate: number;
}

export type OptimizerName =
  | 'sgd'
  | 'momentum'
  | 'nesterov'
  | 'adaGrad'
  | 'adaDelta'
  | 'rmsProp'
  | 'adam'
  | 'adamW'
  | 'adamax'
  | 'nadam'
  | 'radam'
  | 'lion'
  | 'lamb'
  | 'muon'
  | 'quickprop';

const optimizers: Readonly<Record<OptimizerName, Entry>> = {
  sgd: { create: sgd, learningRate: SGD_LEARNING_RATE },
  momentum: { create: momentum, learningRate: SGD_LEARNING_RATE },
  nesterov: { create: nesterov, learningRate: SGD_LEARNING_RATE },
  adaGrad: { create: adaGrad, learningRate: ADAGRAD_LEARNING_RATE },
  adaDelta: { create: adaDelta, learningRate: ADADELTA_LEARNING_RATE },
  rmsProp: { create: rmsProp, learningRate: RMSPROP_LEARNING_RATE },
  adam: { create: adam, learningRate: ADAM_LEARNING_RATE },
  adamW: { create: adamW, learningRate: ADAM_LEARNING_RATE },
  adamax: { create: adamax, learningRate: ADAMAX_LEARNING_RATE },
  nadam: { create: nadam, learningRate: NADAM_LEARNING_RATE },
  radam: { create: radam, learningRate: RADAM_LEARNING_RATE },
  lion: { create: lion, learningRate: LION_LEARNING_RATE },
  lamb: { create: lamb, learningRate: LAMB_LEARNING_RATE },
  muon: { create: muon, learningRate: MUON_LEARNING_RATE },
  quickprop: { create: quickprop, learningRate: QUICKPROP_LEARNING_RATE },
};

/** The names that `createOptimizer` knows. */
export const optimizerNames: readonly OptimizerName[] = Object.keys(optimizers) as OptimizerName[];

/**
 * Makes an optimizer by its name: `createOptimizer('adam', { learningRate: 0.01 })`.
 * @param options as for the optimizer's own function; names and values are checked, so they may come from outside
 * @throws SinapseError when the name or an option is unknown, or an option is out of range
 */
export function createOptimizer(name: string, options: Readonly<Record<string, unknown>> = {}): NamedOptimizer {
  return optimizers[knownName('optimizer', name, optimizerNames)].create(options);
}

/**
 * The default learning rate of an optimizer, with which a schedule for it may begin.
 * @throws SinapseError when the name is unknown
 */
export function defaultLearningRate(name: string): number {
  return optimizers[knownName('optimizer', name, optimizerNames)].learningRate;
}
