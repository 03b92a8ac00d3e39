// Snapshots: the models that a training passes through, e.g. at the end of each cycle of its learning rate, for an ensemble.

import type { Model, OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, scope, walk } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import type { Callback } from '../callback.ts';
import { JsonObject } from '../json.ts';
import { loadWeights } from '../load-weights.ts';

export interface SnapshotOptions {
  /** A model is kept after every so many epochs. Default 1. */
  readonly every?: number;
  /** How many models are kept at most, the last ones. All by default. */
  readonly last?: number;
}

/** A callback with the models that it kept. */
export interface Snapshots extends Callback {
  /** In the order of their epochs. */
  readonly models: readonly Model[];
}

const OPTIONS: OptionChecks<SnapshotOptions> = { every: check.count, last: check.count };

/**
 * A callback that keeps models with the weights at the end of every so many epochs: with a learning rate that restarts as often,
 * `ensemble(kept.models)` is a snapshot ensemble, several models for the training of one. Huang and others 2017, "Snapshot ensembles: train 1, get
 * M for free".
 * @param makeModel makes a model like the one that is trained, built
 * @throws SinapseError when an argument is wrong; in training, when the model made has other parameters
 */
export function snapshots(makeModel: () => Model, options: SnapshotOptions = {}): Snapshots {
  checkValue('snapshots: makeModel', makeModel, { ...check.callable, expected: 'a function that makes a built model' });
  checkOptions('snapshots', options, OPTIONS);
  const { every = 1, last = Infinity } = options;
  const models: Model[] = [];
  const keep = (model: Model) => {
    models.push(model);
    for (const old of models.splice(0, Math.max(0, models.length - last))) dispose(old);
  };
  let restored: readonly Model[] | undefined;

  return {
    name: 'snapshots',
    models,
    onStart() {
      for (const model of models.splice(0)) if (restored?.includes(model) !== true) dispose(model);
      models.push(...(restored ?? []));
      restored = undefined;
    },
    onEpoch({ epoch }, { model }) {
      if (epoch % every === 0) keep(copyOf(model, makeModel()));
    },
    capture() {
      const arrays = new Map<string, Tensor>();
      for (const [i, model] of models.entries()) for (const { path, cell } of walk(model)) arrays.set(`${i}/${path}`, cell.tensor);
      return { values: { count: models.length }, arrays };
    },
    restore({ values, arrays }) {
      const count = new JsonObject(values, 'checkpoint: snapshots').integer('count', 0);
      restored = Array.from({ length: count }, (_, i) => {
        const model = makeModel();
        loadWeights(model, arraysBelow(arrays, `${i}/`));
        return model;
      });
    },
  };
}

function arraysBelow(arrays: ReadonlyMap<string, NamedArray>, prefix: string): Map<string, NamedArray> {
  return new Map([...arrays].filter(([path]) => path.startsWith(prefix)).map(([path, array]) => [path.slice(prefix.length), array]));
}

/** Gives a model the weights of another. */
function copyOf(from: object, to: Model): Model {
  const [given, taken] = [walk(from), walk(to)];
  if (given.length !== taken.length || given.some(({ path }, i) => path !== taken[i]!.path))
    throw new SinapseError('snapshots: makeModel makes a model with other parameters than the one that is trained');
  scope(() => given.forEach(({ cell }, i) => taken[i]!.cell.assign(cell.value)));
  return to;
}

function dispose(model: object): void {
  for (const { cell } of walk(model)) cell.dispose();
}
