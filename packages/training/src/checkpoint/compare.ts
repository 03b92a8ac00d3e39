// Checks that a checkpoint belongs to this training: a training must not continue with other data or settings.

import { TrainingError } from '../errors.ts';
import type { Json } from '../json.ts';
import { formatJson, sameJson } from '../json.ts';
import type { Progress } from './contents.ts';

/**
 * Compares a checkpoint's training with this one. Returns a warning if this one can continue but will not compute the same bits.
 * @throws TrainingError when the seed, the number of batches or the fingerprint differ; the message names the first difference
 */
export function compareRuns(then: Progress, now: Progress): string | undefined {
  if (then.seed !== now.seed) throw differs('the seed', then.seed, now.seed);
  if (then.steps !== now.steps) throw differs('the number of batches in an epoch', then.steps ?? 'unknown', now.steps ?? 'unknown');
  for (const name of new Set([...Object.keys(then.fingerprint), ...Object.keys(now.fingerprint)])) {
    const [before, after] = [member(then.fingerprint, name), member(now.fingerprint, name)];
    if (!sameJson(before, after)) throw differs(name, formatJson(before), formatJson(after));
  }
  if (then.engine === now.engine) return undefined;
  return `the checkpoint was made on ${then.engine}, this is ${now.engine}: the training goes on, but not with the same bits`;
}

/** The error for resuming with a setting that differs from the checkpoint's. */
export function differs(what: string, before: string | number, after: string | number): TrainingError {
  return new TrainingError(`resume: ${what} was ${before}, it is ${after} now; go on with the same settings, or start anew`);
}

/** Reads an own member only: a file's fingerprint may use any name, such as `toString`. */
function member(record: Readonly<Record<string, Json>>, name: string): Json | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
