// A part of a model and the optimizer that trains it. `fit` has one learner for the whole model, or one for each optimizer that it was given by
// name.

import type { Named, Optimizer, Parameter } from '@sinapse/core';
import { parametersOf, suggestion } from '@sinapse/core';
import { TrainingError } from './errors.ts';

export interface Learner {
  /** The name of the part; empty for the whole model. */
  readonly name: string;
  readonly optimizer: Optimizer;
  /** The trainable parameters, by their paths in the whole model. They are fixed at the start, because the optimizer needs the same ones at every step. */
  readonly parameters: readonly Named<Parameter>[];
}

/** An optimizer for the model, or one for each named part. */
export type Optimizers = Optimizer | Readonly<Partial<Record<string, Optimizer>>>;

export function isOptimizer(value: unknown): value is Optimizer {
  return typeof value === 'object' && value !== null && 'step' in value && typeof value.step === 'function';
}

/** @throws TrainingError when a part is unknown, has nothing to train, or shares its optimizer with another */
export function learnersOf(model: object, optimizers: Optimizers): readonly Learner[] {
  const all = parametersOf(model).filter(({ cell }) => cell.trainable);
  if (isOptimizer(optimizers)) {
    if (all.length === 0)
      throw new TrainingError('fit: the model has no trainable parameters; if it makes them when it is built, build it first');
    return [{ name: '', optimizer: optimizers, parameters: all }];
  }
  const members = model as Readonly<Record<string, unknown>>;
  const named = Object.entries(optimizers).filter((entry): entry is [string, Optimizer] => entry[1] !== undefined);
  const learners = named.map(([name, optimizer]) => {
    const part = Object.hasOwn(model, name) ? members[name] : undefined;
    if (typeof part !== 'object' || part === null)
      throw new TrainingError(`fit: optimizer: the model has no part ${name}; ${suggestion(name, Object.keys(model))}`);
    const own = new Set(parametersOf(part).map(({ cell }) => cell));
    const parameters = all.filter(({ cell }) => own.has(cell));
    if (parameters.length === 0)
      throw new TrainingError(`fit: ${name} has no trainable parameters; if it makes them when it is built, build it first`);
    return { name, optimizer, parameters };
  });
  if (learners.length === 0) throw new TrainingError('fit: optimizer: expected an optimizer, or one for each part by name, got {}');
  if (new Set(learners.map(({ optimizer }) => optimizer)).size < learners.length)
    throw new TrainingError('fit: one optimizer is given for two parts; make one for each');
  return learners;
}
