// Saves checkpoints while a model is trained, so that it can go on after whatever happens.

import { check } from '@sinapse/core';
import type { Callback } from '../callback.ts';
import type { Checkpoint } from '../checkpoint/contents.ts';
import { checkArgument } from '../errors.ts';

export interface CheckpointingOptions {
  /** Puts it somewhere, e.g. `(checkpoint) => saveCheckpoint(path, checkpoint)` in Node. The next step waits for it. */
  readonly save: (checkpoint: Checkpoint) => void | Promise<void>;
  /** Saves after so many steps too. */
  readonly everySteps?: number;
}

/**
 * A callback that saves a checkpoint before the first step, after each epoch, every few steps if asked to, and when the training is aborted.
 * Nothing is saved once a weight is not finite any more: the last good checkpoint stays, and there is one from the beginning.
 * @throws TrainingError when `everySteps` is out of its range
 */
export function checkpointing({ save, everySteps }: CheckpointingOptions): Callback {
  if (everySteps !== undefined) checkArgument('checkpointing: everySteps', everySteps, check.count);
  const savesAfter = (globalStep: number): boolean => everySteps !== undefined && globalStep % everySteps === 0;
  return {
    pausesAfter: savesAfter,
    async onStart(session) {
      if (session.globalStep === 0) await save(await session.checkpoint());
    },
    async onStep({ globalStep }, session) {
      if (savesAfter(globalStep)) await save(await session.checkpoint());
    },
    async onEpoch(_, session) {
      await save(await session.checkpoint());
    },
    async onStop(reason, session) {
      if (reason === 'aborted') await save(await session.checkpoint());
    },
  };
}
