// Keeps the weights of the best epoch, and gives them back to the model at the end.

import type { Tensor } from '@sinapse/core';
import { scope, walk } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import type { Callback } from '../callback.ts';
import type { CallbackState } from '../checkpoint/contents.ts';
import { JsonObject } from '../json.ts';
import { arrayToTensor, checkWeights } from '../weights.ts';
import type { Monitor } from './monitor.ts';
import { Best } from './monitor.ts';

export interface BestWeightsOptions {
  /** `valLoss` unless given. */
  readonly monitor?: Monitor;
  /** By how much an epoch must beat the best to be better. 0 unless given. */
  readonly minDelta?: number;
  /** Under which name checkpoints keep the weights; needed where two of these are used. `bestWeights` unless given. */
  readonly name?: string;
}

/**
 * A callback that remembers the weights of the best epoch. When the training has run its course or a callback stopped it, the model gets
 * them back; not when it is aborted or fails: it can then go on from where it was. A checkpoint carries them.
 */
export function bestWeights(options: BestWeightsOptions = {}): Callback {
  const { monitor = 'valLoss', minDelta = 0, name = 'bestWeights' } = options;
  let best = new Best(name, monitor, minDelta);
  let kept = new Map<string, Tensor>();
  /** The epoch whose weights are kept, 0 for none. */
  let epoch = 0;
  let restored: CallbackState<NamedArray> | undefined;

  const forget = () => {
    for (const tensor of kept.values()) tensor.dispose();
    kept = new Map();
    epoch = 0;
  };
  /** A snapshot: the cells swap their tensors, these stay what they are. */
  const keep = (model: object) => {
    forget();
    kept = scope(() => new Map(walk(model).map(({ path, cell }) => [path, cell.value.keep()])));
    epoch = best.epoch;
  };

  const takeBack = (model: object, { values, arrays }: CallbackState<NamedArray>) => {
    epoch = new JsonObject(values, `checkpoint: ${name}`).integer('epoch', 0);
    if (epoch === 0) return;
    const cells = checkWeights(model, arrays);
    kept = scope(() => new Map(cells.map(({ path, cell }) => [path, arrayToTensor(cell.value.backend, arrays.get(path)!).keep()])));
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
      // The checkpoint may have been taken at the end of the best epoch, before this callback saw it. Otherwise the weights are lost, and
      // the best is that of the epochs to come.
      if (session.step === 0 && best.epoch === session.history.length) keep(session.model);
      else best = new Best(name, monitor, minDelta);
    },
    onEpoch(result, session) {
      if (best.isBetter(result)) keep(session.model);
    },
    onStop(reason, session) {
      if (reason !== 'aborted' && reason !== 'failed') {
        for (const { path, cell } of walk(session.model)) {
          const value = kept.get(path);
          if (value !== undefined) cell.assign(value);
        }
      }
      // An aborted training may still be asked for a checkpoint.
      if (reason !== 'aborted') forget();
    },
    capture: () => ({ values: { epoch }, arrays: kept }),
    restore(state) {
      restored = state;
    },
  };
}
