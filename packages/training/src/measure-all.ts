// One pass over data without training, for `evaluate` and for the validation in `fit`.

import type { AnyModel, Backend, Tensor, Tree } from '@sinapse/core';
import { scope, withBackend } from '@sinapse/core';
import type { Batch, BatchSource } from './batch.ts';
import { checkBatch, toTensors } from './batch.ts';
import { callModel } from './call-model.ts';
import { TrainingError } from './errors.ts';
import { weightedLoss, weightsOf } from './example-weights.ts';
import { hostTurns } from './host-turns.ts';
import { MOST_IN_FLIGHT } from './in-flight.ts';
import { interruptible } from './interruptible.ts';
import { lossOfDevice } from './loss-of-device.ts';
import type { AnyLoss, AnyMetrics, Measured } from './measure.ts';
import { checkLabels, checkScalar, classesOf, readMeasures } from './measure.ts';
import type { RunningSums } from './running.ts';
import { addBatch, NO_SUMS } from './running.ts';

export interface MeasureOptions {
  readonly backend: Backend;
  readonly loss: AnyLoss;
  readonly metrics: AnyMetrics;
  readonly signal: AbortSignal | undefined;
  /** The beginning of messages: `evaluate`, or `epoch 2, validation`. */
  readonly name: string;
  /**
   * Called with each batch's output, which is disposed of after the call. Its promise is awaited; if reading waits, up to two more batches
   * are issued before that.
   */
  readonly onBatch?: (output: Tree<Tensor>, batch: Batch<unknown>, classes: number | undefined) => Promise<void> | void;
}

/**
 * Returns the sums over all batches, or over those measured so far when the signal is aborted.
 * @throws TrainingError when there is no batch, more or fewer batches than the source says, or an invalid batch
 */
export async function measureAll(model: AnyModel, data: BatchSource<unknown, unknown>, options: MeasureOptions): Promise<RunningSums> {
  const { backend, loss, metrics, signal, name, onBatch } = options;
  const hostTurn = hostTurns();
  const mostInFlight = backend.info.reading === 'waits' ? MOST_IN_FLIGHT : 0;
  const inFlight: Promise<[Measured, void]>[] = [];
  let sums = NO_SUMS;
  let batches = 0;
  const addUntil = async (left: number): Promise<void> => {
    while (inFlight.length > left) {
      const [measured] = await inFlight.shift()!;
      sums = addBatch(sums, measured, metrics);
    }
  };
  const source = data.iterate({ epoch: 1, ...(signal && { signal }) });
  for await (const batch of interruptible(source, signal, lossOfDevice(backend))) {
    const at = `${name}: batch ${batches + 1}`;
    const checked = checkBatch(batch, at);
    const ready = checked instanceof Promise ? await checked : checked;
    const { examples } = ready;
    const { measured, seen } = withBackend(backend, () =>
      scope(() => {
        const target = toTensors(ready.y);
        const output = callModel(model, toTensors(ready.x));
        const classes = classesOf(output, target);
        if (classes !== undefined) checkLabels(ready, classes, at);
        loss.checkTargets?.(output, target, ready.y, at);
        const weights = weightsOf(ready, undefined, at);
        const value = weightedLoss(loss, output, target, weights);
        checkScalar(value, 'the loss');
        const measured = readMeasures({ loss: value, output, target, examples, weight: weights?.sum }, metrics);
        return { measured, seen: onBatch?.(output, ready, classes) };
      }),
    );
    const numbers = Promise.all([measured, seen]);
    numbers.catch(() => {}); // an earlier error may end the loop before this promise is awaited
    inFlight.push(numbers);
    await addUntil(mostInFlight);
    batches++;
    checkNotBeyond(data.length, batches, name);
    await hostTurn();
  }
  await addUntil(0);
  if (!signal?.aborted) checkBatchCount(data.length, batches, name);
  return sums;
}

/** @throws TrainingError when there are more batches than the source says */
export function checkNotBeyond(expected: number | undefined, batches: number, name: string): void {
  if (expected !== undefined && batches > expected)
    throw new TrainingError(`${name}: the data goes on after the ${expected} batches that its length says`);
}

/** @throws TrainingError when there is no batch, or fewer than the source says */
export function checkBatchCount(expected: number | undefined, batches: number, name: string): void {
  if (batches === 0) throw new TrainingError(`${name}: the data is empty`);
  if (expected !== undefined && batches < expected)
    throw new TrainingError(`${name}: the data ended after ${batches} of ${expected} batches`);
}
