// The training loop: read it from top to bottom, everything that happens is here.

import type { Model, Tensor } from '@sinapse/core';
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
 * A loss that is NaN or infinite ends the training before the step is taken: model and optimizer are as they were.
 * @throws TrainingError when an option, the data or a checkpoint is not what it should be, or the loss or a weight is not finite
 * @throws whatever the model, the data or a callback throws, as it is
 */
export async function fit(model: Model, data: BatchSource, options: FitOptions): Promise<FitResult> {
  checkFitArguments(model, data, options);
  const { loss, metrics = {}, validation, callbacks = [], signal } = options;
  const run = new Run(model, data, options);
  const hostTurn = hostTurns();
  const ended = () => run.stopReason !== undefined || signal?.aborted === true;

  try {
    for (const callback of callbacks) await callback.onStart?.(run);

    while (run.epoch <= run.epochs && !ended()) {
      run.startClock();
      const batches = data.iterate({ epoch: run.epoch, skip: run.step, ...(signal && { signal }) });
      for await (const batch of interruptible(batches, signal)) {
        checkNotBeyond(run.steps, run.step + 1, `epoch ${run.epoch}`);
        const measured = await trainStep(run, batch, loss, metrics);
        const info = run.stepInfo(measured);
        for (const callback of callbacks) await callback.onStep?.(info, run);
        await hostTurn();
        if (ended()) break;
      }
      run.stopClock();
      if (ended()) break;
      checkBatchCount(run.steps, run.step, `epoch ${run.epoch}`);
      await checkParameters(run);

      const name = `epoch ${run.epoch}, validation`;
      const validated = validation && (await measureAll(model, validation, { backend: run.backend, loss, metrics, signal, name }));
      if (ended()) break; // in the middle of it, perhaps: a resumed training validates again

      const result = run.epochDone(validated);
      for (const callback of callbacks) await callback.onEpoch?.(result, run);
    }
  } catch (error) {
    await tellOfFailure(run);
    throw error;
  }
  const stopped = run.stopReason ?? (run.epoch > run.epochs ? 'finished' : 'aborted');
  for (const callback of callbacks) await callback.onStop?.(stopped, run);
  return { history: run.history, stopped, warnings: run.warnings, checkpoint: () => run.checkpoint() };
}

/**
 * One step. Where the backend reads at once, all of it is one scope. Where it does not, the scope ends with the way back, and the update waits
 * for the loss, which is there as soon as the forward pass is done, while the device is still on its way back.
 */
async function trainStep(run: Run, batch: Batch, loss: Loss, metrics: Metrics): Promise<Measured> {
  const { model, optimizer, backend } = run;
  const parameters = run.parameters.map(({ cell }) => cell);
  const examples = checkBatch(batch, run.place);
  run.checkBatchSize(examples);
  const context = new Context({ training: true, seed: run.stepKey() });

  const forwardAndBackward = (): { gradients: Tensor[]; reading: Measured | Promise<Measured> } => {
    const [x, target] = [toTensor(batch.x), toTensor(batch.y)];
    let reading!: Measured | Promise<Measured>;
    const { gradients } = valueAndGrad(() => {
      const output = model.call(x, context);
      const classes = classesOf(output, target);
      if (classes !== undefined) checkLabels(batch, classes, run.place);
      const value = loss(output, target);
      checkScalar(value, 'the loss');
      reading = readMeasures({ loss: value, output, target, examples }, metrics);
      return value;
    }, parameters);
    return { gradients, reading };
  };
  const update = (measured: Measured, gradients: readonly Tensor[]): Measured => {
    if (!Number.isFinite(measured.loss)) {
      throw new TrainingError(
        `${run.place}: the loss is ${measured.loss}; the weights are those before this step. A smaller learning rate or clipped gradients may help`,
      );
    }
    optimizer.step(parameters, gradients);
    context.commit();
    run.stepDone(measured); // before anyone else has a turn: weights and count belong together in a checkpoint
    return measured;
  };
  const scoped = <T>(callback: () => T): T => withBackend(backend, () => scope(callback));

  try {
    const pass = scoped(() => {
      const { gradients, reading } = forwardAndBackward();
      return reading instanceof Promise ? { gradients, reading } : update(reading, gradients);
    });
    if (!('reading' in pass)) return pass;
    try {
      const measured = await pass.reading;
      return scoped(() => update(measured, pass.gradients));
    } finally {
      for (const gradient of pass.gradients) gradient.dispose();
    }
  } finally {
    context.discard();
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
