// Says what an error of the packages means. It runs in the worker.

import { BackendError, BackendLostError, OutOfMemoryError, SinapseError } from '@sinapse/core';
import { TrainingError } from '@sinapse/training';
import type { Failure } from './failure.ts';

/** Refuses what someone gave, with the reason as data. */
export class Refusal extends SinapseError {
  override name = 'Refusal';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail || failure.kind);
    this.failure = failure;
  }
}

const MEGABYTE = 2 ** 20;

/** The failure that an error means. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure;
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof BackendLostError) return { kind: 'deviceLost', detail };
  if (error instanceof OutOfMemoryError) return { kind: 'outOfMemory', megabytes: Math.ceil(error.asked / MEGABYTE), detail };
  if (error instanceof BackendError && /does not compile|shader/i.test(detail)) return { kind: 'shader', detail };
  if (error instanceof TrainingError && /not finite|the loss is (NaN|-?Infinity)/.test(detail)) return { kind: 'diverged', detail };
  return { kind: 'unexpected', detail };
}
