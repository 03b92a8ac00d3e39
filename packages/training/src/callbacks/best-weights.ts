// Keeps the weights of the best epoch, and gives them back to the model at the end.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { check, checkOptions, scope, walk } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import type { Callback } from '../callback.ts';
import { isInterrupted } from '../callback.ts';
import type { CallbackState } from '../checkpoint/contents.ts';
import { JsonObject } from '../json.ts';
import { arrayToTensor, checkWeights, fitting } from '../weights.ts';
import type { Monitor } from './monitor.ts';
import { Best, MONITOR } from './monitor.ts';

export interface BestWeightsOptions {
  /** The number to watch. Default `valLoss`. */
  readonly monitor?: Monitor;
  /** How much better than the best so far an epoch must be to count as better. Default 0. */
  readonly minDelta?: number;
  /** The name under which checkpoints keep the weights. Two of these callbacks need different names. Default `bestWeights`. */
  readonly name?: string;
}

const BEST_WEIGHTS: OptionChecks<BestWeightsOptions> = {
  monitor: MONITOR,
  minDelta: check.notNegative,
  name: { expected: 'a name', accepts: (value) => typeof value === 'string' && value !== '' },
};

/**
 * A callback that remembers the weights of the best epoch. The model gets them back when the training finishes or a callback stops it.
 * After an abort or a failure it keeps its last weights, so that training can go on from there. A checkpoint contains the best weights.
 * @throws SinapseError when an option is unknown or out of range
 */
export function bestWeights(options: BestWeightsOptions = {}): Callback {
  checkOptions('bestWeights', options, BEST_WEIGHTS);
  const { monitor = 'valLoss', minDelta = 0, name = 'bestWeights' } = options;
  let best = new Best(name, monitor, minDelta);
  let kept = new Map<string, Tensor>();
  /** The epoch whose weights are kept; 0 if there is none. */
  let epoch = 0;
  let restored: CallbackState<NamedArray> | undefined;

  const forget = () => {
    for (const tensor of kept.values()) tensor.dispose();
    kept = new Map();
    epoch = 0;
  };
  /** Keeps the current tensors. Training gives the cells new tensors and does not change these. */
  const keep = (model: object) => {
    forget();
    kept = scope(() => new Map(walk(model).map(({ path, cell }) => [path, cell.value.keep()])));
    epoch = best.epoch;
  };

  const takeBack = (model: object, { values, arrays }: CallbackState<NamedArray>) => {
    epoch = new JsonObject(values, `checkpoint: ${name}`).integer('epoch', 0);
    if (epoch === 0) return;
    const cells = checkWeights(model, arrays);
    kept = scope(
      () =>
        new Map(cells.map(({ path, cell }) => [path, arrayToTensor(cell.value.backend, path, fitting(arrays.get(path)!, cell)).keep()])),
    );
  };

  return {
    name,
    onStart(session) {
      forget();
      if (restored !== undefined) takeBack(session.model, restored);
      restored = undefined;
      best = new Best(name, monitor, minDelta);
      for (const result of session.history) best.isBetter(result);
      if (best.epoch === epoch) return;
      // If the checkpoint was taken at the end of the best epoch, before this callback saw the epoch, the model has the best weights.
      // Otherwise they are lost, and the best of the coming epochs is kept.
      if (session.step === 0 && best.epoch === session.history.length) keep(session.model);
      else best = new Best(name, monitor, minDelta);
    },
    onEpoch(result, session) {
      if (best.isBetter(result)) keep(session.model);
    },
    onStop(reason, session) {
      if (!isInterrupted(reason) && reason !== 'failed') {
        for (const { path, cell } of walk(session.model)) {
          const value = kept.get(path);
          if (value !== undefined) cell.assign(value);
        }
      }
      // After an abort, a checkpoint may still be taken, so the weights stay.
      if (!isInterrupted(reason)) forget();
    },
    capture: () => ({ values: { epoch }, arrays: kept }),
    restore(state) {
      restored = state;
    },
  };
}
