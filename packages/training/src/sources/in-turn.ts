// Batches one after another from something that gives them in turn: what generators and streams have in common as sources.

import type { Check } from '@sinapse/core';
import { check } from '@sinapse/core';
import { TrainingError } from '../errors.ts';
import type { StepData, StepSource } from '../train-step.ts';

export interface InTurnOptions {
  /**
   * The number of batches in an epoch, an integer of at least 1: needed where the data has no end. What is called for each epoch gives its first so
   * many; what can be read only once goes on where the epoch before has ended. Default: all that there are.
   */
  readonly stepsPerEpoch?: number;
}

export const STEPS: Check = check.count;

/** Reads batches in turn. `close` is called when no more are wanted before the end. */
export interface Reader<B> {
  next(): Promise<IteratorResult<B, unknown>> | IteratorResult<B, unknown>;
  close(): unknown;
  /** Lets go of the data between two epochs. */
  pause?(): void;
}

/** A source that opens its data afresh for each epoch. */
export function reopened<B extends StepData>(open: (epoch: number) => Reader<B>, steps: number | undefined): StepSource<B> {
  return {
    length: steps,
    async *iterate({ epoch, skip = 0 }) {
      const reader = open(epoch);
      let ended = false;
      try {
        for (let step = 0; step !== steps; step++) {
          const { done, value } = await reader.next();
          if ((ended = done === true)) return;
          if (step >= skip) yield value;
        }
      } finally {
        if (!ended) await reader.close();
      }
    },
  };
}

/** A source over data that can be read only once: each epoch goes on where the one before has ended. */
export function continued<B extends StepData>(owner: string, open: () => Reader<B>, steps: number | undefined): StepSource<B> {
  let read = 0;
  let ended = false;
  return {
    length: steps,
    async *iterate({ epoch, skip = 0 }) {
      const first = (epoch - 1) * (steps ?? 0) + skip;
      if (steps === undefined && (ended || epoch > 1))
        throw new TrainingError(`${owner}: the data is used up after one epoch; give a function that opens it anew, or stepsPerEpoch`);
      if (read > first)
        throw new TrainingError(
          `${owner}: batch ${first + 1} is wanted, but ${read} were read already; give a function that opens the data anew`,
        );
      const reader = open();
      let kept = false;
      try {
        for (;;) {
          if (steps !== undefined && read >= epoch * steps) return void (kept = true);
          const { done, value } = await reader.next();
          if (done === true) return void (ended = kept = true);
          if (read++ >= first) yield value;
        }
      } catch (error) {
        kept = true; // the data has ended itself by its error
        throw error;
      } finally {
        if (kept) reader.pause?.();
        else {
          ended = true;
          await reader.close();
        }
      }
    },
  };
}
