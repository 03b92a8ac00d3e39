// The training loop. Read it from top to bottom: everything that happens is here.

import type { AnyModel, Model, Tensor, Tree } from '@sinapse/core';
import { Context, add, constrain, penaltyOf, scope, valueAndGrad, withBackend } from '@sinapse/core';
import { checkFitArguments } from './arguments.ts';
import type { Batch, BatchOf, BatchSource, CheckedBatch, StepCheckedBatch } from './batch.ts';
import { checkBatch, checkStepBatch, toTensors } from './batch.ts';
import type { StopReason } from './callback.ts';
import type { Checkpoint } from './checkpoint/contents.ts';
import type { EpochResult } from './epoch-result.ts';
import { DivergedError } from './errors.ts';
import type { FitOptions, StepFitOptions } from './fit-options.ts';
import { checkClassWeights, weightedLoss, weightsOf } from './example-weights.ts';
import { hostTurns } from './host-turns.ts';
import { interruptible } from './interruptible.ts';
import { lossOfDevice } from './loss-of-device.ts';
import type { AnyLoss, AnyMetrics, Measured } from './measure.ts';
import { checkLabels, checkScalar, classesOf, readMeasures } from './measure.ts';
import { checkBatchCount, checkNotBeyond, measureAll } from './measure-all.ts';
import type { IssuedStep } from './own-step.ts';
import { ownStep } from './own-step.ts';
import { Run } from './run.ts';
import { tellOfGradients } from './tell-of-gradients.ts';
import type { StepData, StepSource, TrainStep } from './train-step.ts';
import { firstNonFinite } from './weights.ts';

export interface FitResult {
  /** The result of each epoch, those before a resumption included. */
  readonly history: readonly EpochResult[];
  readonly stopped: StopReason;
  /** Warnings of one line each, e.g. that the checkpoint came from another engine. */
  readonly warnings: readonly string[];
  /** Takes a checkpoint to continue from, with the weights at the time of the call. */
  readonly checkpoint: () => Promise<Checkpoint>;
}

/**
 * Trains a model: computes, for each batch, the loss and its gradients, and makes one step of the optimizer. The model changes in place.
 *
 * The penalties of parameters and of the model's parts (`penaltyOf` of core) are added to the loss; results tell the sum. After each step the
 * constraints of parameters are applied. The validation measures the loss alone.
 *
 * A loss that is NaN or infinite ends the training before its step changes the model or the optimizer. If the backend's `info.reading` is
 * `waits`, up to two more steps are issued before callbacks hear of a step; the results are the same bits.
 *
 * Inputs, outputs and targets may be trees of tensors: the loss of a model of two outputs takes both, `(output, target) => …`.
 *
 * `step` replaces what is done with a batch, for a model or an object of models; see `TrainStep`.
 * @throws SinapseError when an argument is wrong or an option unknown
 * @throws TrainingError when the data or a checkpoint is invalid, DivergedError when the loss or a weight is not finite
 * @throws BackendLostError when the device is lost, OutOfMemoryError when a step does not fit in memory; the last checkpoint can be resumed
 * @throws whatever the model, the data or a callback throws, unchanged
 */
export async function fit<In = Tensor, Out = Tensor, Target = Tensor>(
  model: Model<In, Out>,
  data: BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
  options: FitOptions<Out, Target, In>,
): Promise<FitResult>;
export async function fit<M extends object, B extends StepData>(
  model: M,
  data: StepSource<B>,
  options: StepFitOptions<NoInfer<M>, NoInfer<B>>,
): Promise<FitResult>;
export async function fit(model: object, source: object, given: object): Promise<FitResult> {
  const data = source as BatchSource<unknown, unknown>;
  const options = given as FitOptions<never, never, never> & Partial<StepFitOptions<never, never>>;
  checkFitArguments(model, data, options);
  const { step, classWeights, validation, signal } = options;
  const [loss, metrics] = [options.loss as AnyLoss, (options.metrics ?? {}) as AnyMetrics];
  const run = new Run(model as AnyModel, data, options);
  const { callbacks } = run;
  const hostTurn = hostTurns();
  const pauses = () => callbacks.some((callback) => callback.pausesAfter?.(run.globalStep) === true);

  try {
    for (const callback of callbacks) await callback.onStart?.(run);

    while (run.epoch <= run.epochs && !run.ended) {
      run.startClock();
      const batches = data.iterate({ epoch: run.epoch, skip: run.step, ...(signal && { signal }) });
      for await (const batch of interruptible(batches, signal, lossOfDevice(run.backend))) {
        checkNotBeyond(run.steps, run.step + 1, `epoch ${run.epoch}`);
        await trainOn(batch, run, step, { loss, metrics, classWeights });
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
      const validated =
        validation && (await measureAll(model as AnyModel, validation, { backend: run.backend, loss, metrics, signal, name }));
      if (run.ended) break; // the validation may be incomplete: a resumed training repeats it

      const result = run.epochDone(validated);
      for (const callback of callbacks) await callback.onEpoch?.(result, run);
    }
  } catch (error) {
    // Steps in flight were issued before the failure, so an error of theirs takes precedence.
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

/** Checks a batch and issues its step: the caller's, or that of the loss. */
async function trainOn(
  batch: Batch<unknown>,
  run: Run,
  step: TrainStep<never, never> | undefined,
  supervision: Supervision,
): Promise<void> {
  if (step !== undefined) {
    const checked = checkStepBatch(batch, run.position);
    trainStep(run, checked, (context) => ownStep(run, checked, context, step, supervision.metrics));
  } else {
    const checked = await checkBatch(batch, run.position);
    trainStep(run, checked, (context) => supervisedStep(run, checked, context, supervision));
  }
}

/** Issues one step in one scope, and writes the states that it notes in its context. */
function trainStep(run: Run, batch: StepCheckedBatch, issue: (context: Context) => IssuedStep): void {
  run.checkBatchSize(batch.examples);
  const context = new Context({ training: true, seed: run.stepKey() });
  const step = (): void => {
    const { measured, made, after } = issue(context);
    context.commit();
    run.stepIssued(measured, made, batch); // in the same turn as the update, so that a checkpoint has weights and count of one step
    for (const call of after) call();
  };
  try {
    withBackend(run.backend, () => scope(step));
  } finally {
    context.discard();
  }
}

/**
 * The step of a loss of output and target. If reading is immediate, the loss is checked before the update. If reading waits, the update is
 * issued at once, and the device skips it if the loss of this or an earlier step is not finite.
 */
function supervisedStep(run: Run, batch: CheckedBatch, context: Context, { loss, metrics, classWeights }: Supervision): IssuedStep {
  const { model, optimizer } = run;
  const parameters = run.parameters.map(({ cell }) => cell);
  const { examples } = batch;
  const [x, target] = [toTensors(batch.x), toTensors(batch.y)];
  const weights = weightsOf(batch, classWeights, run.position);
  let measured!: Measured | Promise<Measured>;
  const { value, gradients } = valueAndGrad(() => {
    const output = (model as AnyModel).call(x as never, context) as Tree<Tensor>;
    const classes = classesOf(output, target);
    if (classes !== undefined) checkLabels(batch, classes, run.position);
    checkClassWeights(classWeights, output, target, classes, run.position);
    loss.checkTargets?.(output, target, batch.y, run.position);
    const ofData = weightedLoss(loss, output, target, weights);
    checkScalar(ofData, 'the loss');
    const penalty = penaltyOf(parameters, context);
    const value = penalty === undefined ? ofData : add(ofData, penalty);
    measured = readMeasures({ loss: value, output, target, examples, weight: weights?.sum }, metrics);
    return value;
  }, parameters);
  const after = tellOfGradients(run, run.parameters, gradients);
  if (measured instanceof Promise) {
    const skip = run.inFlight.skip(value);
    context.keepWhere(skip);
    optimizer.step(parameters, gradients, { skip });
    constrain(parameters, skip);
  } else {
    if (!Number.isFinite(measured.loss)) throw run.lossError(measured.loss, batch);
    optimizer.step(parameters, gradients);
    constrain(parameters);
  }
  return { measured, made: ONE, after };
}

/** What the usual step measures an output by. */
interface Supervision {
  readonly loss: AnyLoss;
  readonly metrics: AnyMetrics;
  readonly classWeights: readonly number[] | undefined;
}

/** The optimizer makes one step. */
const ONE: readonly number[] = [1];

/** Calls `onStep` for the steps in flight, oldest first, until only `left` of them remain. */
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

/** Checks that all weights are finite. A gradient can overflow while its loss is finite; only the loss of the next batch would show it. */
async function checkParameters(run: Run): Promise<void> {
  const path = await firstNonFinite(run.model);
  if (path !== undefined)
    throw new DivergedError(
      `epoch ${run.epoch}: the weights of ${path} are not finite any more; earlier checkpoints are intact. A smaller learning rate or clipped gradients may help`,
    );
}

/** Calls `onStop` after a failure. Errors of the callbacks are dropped: the error that caused the failure matters more. */
async function tellOfFailure(run: Run): Promise<void> {
  for (const callback of run.callbacks) {
    try {
      await callback.onStop?.('failed', run);
    } catch {
      // Dropped, as said above.
    }
  }
}
