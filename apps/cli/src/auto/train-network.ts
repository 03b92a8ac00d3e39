// Trains one network: with early stopping, within a time, kept in checkpoints from which it goes on.

import { checkpointing, earlyStopping, fit } from '@sinapse/training';
import type { BatchSource, Callback, EpochResult } from '@sinapse/training';
import { optimizerOf } from '../train/schedule.ts';
import type { AutoFolder } from './auto-folder.ts';
import type { ChosenSettings } from './auto-settings.ts';
import type { Network } from './network.ts';
import type { Problem } from './problem.ts';

export interface NetworkTraining {
  readonly network: Network;
  readonly settings: Pick<ChosenSettings, 'epochs' | 'batchSize' | 'optimizer' | 'learningRate' | 'schedule' | 'patience' | 'augment'>;
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** When it must end, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly callbacks: readonly Callback[];
  /** The folder and the name of the file of its checkpoints; without them, a training that is broken off begins anew. */
  readonly kept?: { readonly folder: AutoFolder; readonly file: string };
}

export interface TrainedNetwork {
  readonly history: readonly EpochResult[];
  /** `aborted` when the signal came, `time` at the deadline, `early`, or `finished`. */
  readonly stopped: string;
}

/** A loss that falls by less is no improvement. */
const LEAST_GAIN = 1e-4;

/** Trains a network, and gives it the weights of its best epoch. */
export async function trainNetwork(problem: Problem, training: NetworkTraining): Promise<TrainedNetwork> {
  const { network, settings, train, validation, seed, signal, kept, callbacks } = training;
  const { epochs, batchSize, optimizer, learningRate, schedule, augment, patience } = settings;
  const resume = await kept?.folder.checkpoint(kept.file);
  const save = kept && checkpointing({ save: (checkpoint) => kept.folder.saveCheckpoint(kept.file, checkpoint) });
  return fit(network.model, problem.batches(train, { batchSize, shuffle: seed, augment }), {
    optimizer: optimizerOf(settings, epochs * Math.ceil(train.length / batchSize)),
    loss: network.loss,
    epochs,
    seed,
    validation: evaluationBatches(problem, validation),
    callbacks: [earlyStopping({ patience, minDelta: LEAST_GAIN }), ...callbacks, until(training.deadline), ...(save ? [save] : [])],
    signal,
    fingerprint: { 'the content of the data': problem.content, settings: { optimizer, learningRate, schedule, augment } },
    ...(resume && { resume }),
  });
}

/** Ends the training when the time is over; the network then gets the weights of its best epoch. */
function until(deadline: number): Callback {
  const check = (session: { stop(reason: string): void }): void => {
    if (performance.now() >= deadline) session.stop('time');
  };
  return { onStep: (_, session) => check(session), onEpoch: (_, session) => check(session) };
}

/** Examples in their order, in batches that do not depend on the training. */
export function evaluationBatches(problem: Problem, indices: Int32Array): BatchSource {
  return problem.batches(indices, { batchSize: 256 });
}
