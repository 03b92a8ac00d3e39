// Gives a model whose weights were replaced the running statistics that belong to them.

import type { AnyModel, OptionChecks } from '@sinapse/core';
import { Context, activeBackend, check, checkOptions, checkValue, inference, randomKey, scope, withBackend } from '@sinapse/core';
import { MODEL, SOURCE } from './arguments.ts';
import type { BatchSource } from './batch.ts';
import { checkInputs, toTensors } from './batch.ts';
import { hostTurns } from './host-turns.ts';

export interface RefreshOptions {
  /** How often to go through the data, an integer >= 1. Default 1. */
  readonly epochs?: number;
  /** The seed of layers that draw random numbers in training. Default 0. */
  readonly seed?: number;
  /** Ends it after the running batch when it is aborted. */
  readonly signal?: AbortSignal;
}

const OPTIONS: OptionChecks<RefreshOptions> = {
  epochs: check.count,
  seed: check.seed,
  signal: { expected: 'an AbortSignal', accepts: (value) => typeof value === 'object' && value !== null && 'aborted' in value },
};

/**
 * Calls the model on every batch as in training, so that the running statistics of batch normalisation and other states follow, and changes no
 * parameters. Needed for averaged weights (Izmailov et al. 2018, section 3.2). Running statistics forget what they held as slowly as in training:
 * with a momentum of 0.99, after some hundred batches.
 * @throws SinapseError when an argument is wrong, TrainingError when a batch is
 */
export async function refreshStatistics(model: AnyModel, data: BatchSource<unknown, unknown>, options: RefreshOptions = {}): Promise<void> {
  checkValue('refreshStatistics: the model', model, MODEL);
  checkValue('refreshStatistics: the data', data, SOURCE);
  checkOptions('refreshStatistics', options, OPTIONS);
  const { epochs = 1, seed = 0, signal } = options;
  const backend = activeBackend();
  const hostTurn = hostTurns();
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for await (const { x } of data.iterate({ epoch, ...(signal && { signal }) })) {
      if (signal?.aborted === true) return;
      checkInputs(x, `refreshStatistics: batch ${step + 1}`);
      const context = new Context({ training: true, seed: randomKey(seed).fold('step').fold(step) });
      try {
        withBackend(backend, () =>
          scope(() => {
            inference(() => void model.call(toTensors(x as never) as never, context));
            context.commit();
          }),
        );
      } finally {
        context.discard();
      }
      step++;
      await hostTurn();
    }
  }
}
