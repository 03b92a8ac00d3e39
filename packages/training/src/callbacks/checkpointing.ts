// Saves checkpoints during training, so that an interrupted training can go on.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Callback } from '../callback.ts';
import { isInterrupted } from '../callback.ts';
import type { Checkpoint } from '../checkpoint/contents.ts';

export interface CheckpointingOptions {
  /** Stores a checkpoint, e.g. `(checkpoint) => saveCheckpoint(path, checkpoint)` in Node. The next step waits for it. */
  readonly save: (checkpoint: Checkpoint) => void | Promise<void>;
  /** Also saves each time this many steps are done; an integer of at least 1. */
  readonly everySteps?: number;
}

const CHECKPOINTING: OptionChecks<CheckpointingOptions> = { save: check.required(check.callable), everySteps: check.count };

/**
 * A callback that saves a checkpoint before the first step, after each epoch, every few steps if asked to, and when the training is
 * aborted. Once a weight is NaN or infinite, nothing more is saved, and the last good checkpoint stays.
 * @throws SinapseError when an option is unknown, missing or out of range
 */
export function checkpointing(options: CheckpointingOptions): Callback {
  checkOptions('checkpointing', options, CHECKPOINTING);
  const { save, everySteps } = options;
  const savesAfter = (globalStep: number): boolean => everySteps !== undefined && globalStep % everySteps === 0;
  return {
    last: true,
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
      if (isInterrupted(reason)) await save(await session.checkpoint());
    },
  };
}
