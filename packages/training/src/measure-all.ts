// One pass over data without training: what `evaluate` and the validation of `fit` share.

import type { Backend, Model, Tensor } from '@sinapse/core';
import { scope, withBackend } from '@sinapse/core';
import type { Batch, BatchSource } from './batch.ts';
import { checkBatch, toTensor } from './batch.ts';
import { callModel } from './call-model.ts';
import { TrainingError } from './errors.ts';
import { hostTurns } from './host-turns.ts';
import { interruptible } from './interruptible.ts';
import type { Loss, Metrics } from './measure.ts';
import { checkLabels, checkScalar, classesOf, readMeasures } from './measure.ts';
import type { RunningSums } from './running.ts';
import { addBatch, NO_SUMS } from './running.ts';

export interface MeasureOptions {
  readonly backend: Backend;
  readonly loss: Loss;
  readonly metrics: Metrics;
  readonly signal: AbortSignal | undefined;
  /** Whose data, for messages: `evaluate`, or `epoch 2, validation`. */
  readonly name: string;
  /** Sees each batch's output while it is alive; what it returns is awaited before the next batch. */
  readonly onBatch?: (output: Tensor, batch: Batch, classes: number | undefined) => Promise<void> | void;
}

/**
 * Sums over all batches; over those so far when the signal is aborted.
 * @throws TrainingError when there is no batch, when there are more or fewer than the source says, or when a batch is not what it should be
 */
export async function measureAll(model: Model, data: BatchSource, options: MeasureOptions): Promise<RunningSums> {
  const { backend, loss, metrics, signal, name, onBatch } = options;
  const hostTurn = hostTurns();
  let sums = NO_SUMS;
  let batches = 0;
  for await (const batch of interruptible(data.iterate({ epoch: 1, ...(signal && { signal }) }), signal)) {
    const at = `${name}: batch ${batches + 1}`;
    const examples = checkBatch(batch, at);
    const { measured, seen } = withBackend(backend, () =>
      scope(() => {
        const target = toTensor(batch.y);
        const output = callModel(model, toTensor(batch.x));
        const classes = classesOf(output, target);
        if (classes !== undefined) checkLabels(batch, classes, at);
        const value = loss(output, target);
        checkScalar(value, 'the loss');
        return { measured: readMeasures({ loss: value, output, target, examples }, metrics), seen: onBatch?.(output, batch, classes) };
      }),
    );
    const [numbers] = await Promise.all([measured, seen]);
    sums = addBatch(sums, numbers);
    batches++;
    checkNotBeyond(data.length, batches, name);
    await hostTurn();
  }
  if (!signal?.aborted) checkBatchCount(data.length, batches, name);
  return sums;
}

/** @throws TrainingError when there are more batches than the source said */
export function checkNotBeyond(expected: number | undefined, batches: number, name: string): void {
  if (expected !== undefined && batches > expected)
    throw new TrainingError(`${name}: the data goes on after the ${expected} batches that its length says`);
}

/** @throws TrainingError when there was no batch, or fewer than the source said */
export function checkBatchCount(expected: number | undefined, batches: number, name: string): void {
  if (batches === 0) throw new TrainingError(`${name}: the data is empty`);
  if (expected !== undefined && batches < expected)
    throw new TrainingError(`${name}: the data ended after ${batches} of ${expected} batches`);
}
