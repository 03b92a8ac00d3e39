// The training loop: read it from top to bottom, everything that happens is here.

import type { Model } from '@sinapse/core';
import { Context, scope, valueAndGrad, withBackend } from '@sinapse/core';
import { checkFitArguments } from './arguments.ts';
import type { Batch, BatchSource } from './batch.ts';
import { checkBatch, toTensor } from './batch.ts';
import type { StopReason } from './callback.ts';
import type { Checkpoint } from './checkpoint/contents.ts';
import type { EpochResult } from './epoch-result.ts';
import { TrainingError } from './errors.ts';
import type { FitOptions } from './fit-options.ts';
import { hostTurns } from './host-turns.ts';
import { interruptible } from './interruptible.ts';
import { lossOfDevice } from './loss-of-device.ts';
import type { Loss, Measured, Metrics } from './measure.ts';
import { checkLabels, checkScalar, classesOf, readMeasures } from './measure.ts';
import { checkBatchCount, checkNotBeyond, measureAll } from './measure-all.ts';
import { Run } from './run.ts';
import { firstNonFinite } from './weights.ts';

export interface FitResult {
  /** One entry for each epoch, those before a resumption included. */
  readonly history: readonly EpochResult[];
  readonly stopped: StopReason;
  /** What the caller should know, one line each. */
  readonly warnings: readonly string[];
  /** Everything needed to go on from here; of the weights as they are when it is called. */
  readonly checkpoint: () => Promise<Checkpoint>;
}

/**
 * Trains a model: for each batch the loss, its gradients, one step of the optimizer. The model changes in place.
 *
 * A loss that is NaN or infinite ends the training before the step is taken: model and optimizer are as they were. Where the backend's reading
 * waits (`info.reading`), callbacks hear of a step when up to two more are issued; the results are the same bits.
 * @throws TrainingError when an option, the data or a checkpoint is not what it should be, or the loss or a weight is not finite
 * @throws BackendLostError when the device is lost, OutOfMemoryError when there is no memory for a step; the last checkpoint can be resumed
 * @throws whatever the model, the data or a callback throws, as it is
 */
export async function fit(model: Model, data: BatchSource, options: FitOptions): Promise<FitResult> {
  checkFitArguments(model, data, options);
  const { loss, metrics = {}, validation, callbacks = [], signal } = options;
  const run = new Run(model, data, options);
  const hostTurn = hostTurns();
  const pauses = () => callbacks.some((callback) => callback.pausesAfter?.(run.globalStep) === true);

  try {
    for (const callback of callbacks) await callback.onStart?.(run);

    while (run.epoch <= run.epochs && !run.ended) {
      run.startClock();
      const batches = data.iterate({ epoch: run.epoch, skip: run.step, ...(signal && { signal }) });
      for await (const batch of interruptible(batches, signal, lossOfDevice(run.backend))) {
        checkNotBeyond(run.steps, run.step + 1, `epoch ${run.epoch}`);
        trainStep(run, batch, loss, metrics);
        await tellOfSteps(run, pauses() ? 0 : run.mostInFlight);
        await hostTurn();
        if (run.ended) break;
      }
      await tellOfSteps(run, 0);
      run.stopClock();
      if (run.ended) break;
      checkBatchCount(run.steps, run.step, `epoch ${run.epoch}`);
      await checkParameters(run);

      const name = `epoch ${run.epoch}, validation`;
      const validated = validation && (await measureAll(model, validation, { backend: run.backend, loss, metrics, signal, name }));
      if (run.ended) break; // in the middle of it, perhaps: a resumed training validates again

      const result = run.epochDone(validated);
      for (const callback of callbacks) await callback.onEpoch?.(result, run);
    }
  } catch (error) {
    // Steps in flight were issued before what failed: what they have to say comes first.
    const first = await tellOfSteps(run, 0).then(
      () => error,
      (earlier: unknown) => earlier,
    );
    await tellOfFailure(run);
    throw first;
  } finally {
    run.inFlight.close();
  }
  const stopped = run.stopReason ?? (run.epoch > run.epochs ? 'finished' : 'aborted');
  for (const callback of callbacks) await callback.onStop?.(stopped, run);
  return { history: run.history, stopped, warnings: run.warnings, checkpoint: () => run.checkpoint() };
}

/**
 * Issues one step, all of it in one scope. Where reading is immediate, the update waits for the loss. Where reading waits, the update does not: the
 * device itself skips it if the loss, or that of an earlier step, is not finite.
 */
function trainStep(run: Run, batch: Batch, loss: Loss, metrics: Metrics): void {
  const { model, optimizer, backend } = run;
  const parameters = run.parameters.map(({ cell }) => cell);
  const examples = checkBatch(batch, run.place);
  run.checkBatchSize(examples);
  const context = new Context({ training: true, seed: run.stepKey() });

  const step = (): void => {
    const [x, target] = [toTensor(batch.x), toTensor(batch.y)];
    let measured!: Measured | Promise<Measured>;
    const { value, gradients } = valueAndGrad(() => {
      const output = model.call(x, context);
      const classes = classesOf(output, target);
      if (classes !== undefined) checkLabels(batch, classes, run.place);
      const value = loss(output, target);
      checkScalar(value, 'the loss');
      measured = readMeasures({ loss: value, output, target, examples }, metrics);
      return value;
    }, parameters);
    if (measured instanceof Promise) {
      const skip = run.inFlight.skip(value);
      context.keepWhere(skip);
      optimizer.step(parameters, gradients, { skip });
    } else {
      if (!Number.isFinite(measured.loss)) throw run.lossError(measured.loss);
      optimizer.step(parameters, gradients);
    }
    context.commit();
    run.stepIssued(measured); // before anyone else has a turn: weights and count belong together in a checkpoint
  };
  try {
    withBackend(backend, () => scope(step));
  } finally {
    context.discard();
  }
}

/** Tells the callbacks of steps, in their order, until so many are left in flight. */
async function tellOfSteps(run: Run, left: number): Promise<void> {
  try {
    while (run.inFlight.size > left) {
      const info = await run.nextStep();
      if (info === undefined) return;
      for (const callback of run.callbacks) await callback.onStep?.(info, run);
    }
  } catch (error) {
    await run.settle();
    throw error;
  }
}

/** A gradient may overflow where the loss does not, and the loss would show it only with the next batch. */
async function checkParameters(run: Run): Promise<void> {
  const path = await firstNonFinite(run.model);
  if (path !== undefined)
    throw new TrainingError(
      `epoch ${run.epoch}: the weights of ${path} are not finite any more; earlier checkpoints are intact. A smaller learning rate or clipped gradients may help`,
    );
}

/** Tells the callbacks of a failure; the error that caused it matters more than any of theirs. */
async function tellOfFailure(run: Run): Promise<void> {
  for (const callback of run.callbacks) {
    try {
      await callback.onStop?.('failed', run);
    } catch {
      // See above.
    }
  }
}
