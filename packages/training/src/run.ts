// The state of a training under way: its progress, its sums, and whether it should end. `fit` passes it to callbacks as their Session.

import type { AnyModel, Backend, Model, Named, Optimizer, OptimizerState, Parameter, RandomKey } from '@sinapse/core';
import { KeyCell, activeBackend, randomKey, scope, withBackend } from '@sinapse/core';
import { checkLength, checkNames } from './arguments.ts';
import type { BatchSource } from './batch.ts';
import { BatchSize } from './batch-size.ts';
import type { Data } from './broken-input.ts';
import { brokenInput } from './broken-input.ts';
import type { Callback, Session, StepInfo, StopReason } from './callback.ts';
import { captureCheckpoint, mapOptimizers, restoreCheckpoint } from './checkpoint/checkpoint.ts';
import { compareRuns } from './checkpoint/compare.ts';
import type { Checkpoint, Progress } from './checkpoint/contents.ts';
import type { EpochResult } from './epoch-result.ts';
import type { TrainingError } from './errors.ts';
import { DivergedError } from './errors.ts';
import type { FitOptions, StepFitOptions } from './fit-options.ts';
import { InFlight, madeBy, MOST_IN_FLIGHT } from './in-flight.ts';
import type { Json } from './json.ts';
import { checkJson } from './json.ts';
import type { Learner } from './learner.ts';
import { learnersOf } from './learner.ts';
import type { AnyMetrics, Measured } from './measure.ts';
import type { RunningSums } from './running.ts';
import { addBatch, copyOf, meansOf, NO_SUMS, resultsOf } from './running.ts';
import { Stopwatch } from './stopwatch.ts';

export class Run implements Session {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly callbacks: readonly Callback[];
  readonly backend: Backend;
  /** The parameters that the optimizer updates. They are fixed at the start, because the optimizer needs the same ones at every step. */
  readonly parameters: readonly Named<Parameter>[];
  /** That optimizer and its parameters; or several, each of a part of the model. */
  readonly learners: readonly Learner[];
  readonly epochs: number;
  readonly seed: number;
  readonly steps: number | undefined;
  readonly warnings: string[] = [];
  readonly history: EpochResult[] = [];
  epoch = 1;
  step = 0;
  globalStep = 0;
  stopReason: StopReason | undefined;
  /** Steps that are issued and counted, but whose losses are not read yet. */
  readonly inFlight: InFlight = new InFlight();
  /** The most steps in flight when the next step is issued. */
  readonly mostInFlight: number;
  private readonly metrics: AnyMetrics;
  private readonly signal: AbortSignal | undefined;
  private readonly batchSize: BatchSize = new BatchSize();
  private readonly fingerprint: Readonly<Record<string, Json>>;
  private readonly key: KeyCell;
  /** Sums over the steps whose losses are read. */
  private sums: RunningSums = NO_SUMS;
  /** The state of each learner's optimizer at the start, if it had no slots then. */
  private readonly unslotted: readonly (OptimizerState | undefined)[] = [];
  /** Measures the time of the epoch's steps, without the validation. */
  private clock = new Stopwatch();

  /** @throws TrainingError when the model has nothing to train, the data is empty, or the checkpoint belongs to another training */
  constructor(
    model: AnyModel,
    data: Pick<BatchSource<unknown, unknown>, 'length'>,
    options: FitOptions<never, never, never> | StepFitOptions<never, never>,
  ) {
    const { optimizer, epochs, seed = 0, callbacks = [], fingerprint = {}, resume, signal } = options;
    checkJson(fingerprint, 'fit: fingerprint');
    checkLength(data.length, 'data');
    checkLength(options.validation?.length, 'validation data');
    checkNames(callbacks);
    this.model = model as Model;
    this.metrics = (options.metrics ?? {}) as AnyMetrics;
    this.callbacks = [...callbacks.filter(({ last }) => last !== true), ...callbacks.filter(({ last }) => last === true)];
    this.backend = activeBackend();
    this.mostInFlight = this.backend.info.reading === 'waits' ? MOST_IN_FLIGHT : 0;
    this.learners = learnersOf(model, optimizer);
    ({ optimizer: this.optimizer, parameters: this.parameters } = this.learners[0]!);
    this.epochs = epochs;
    this.seed = seed;
    this.key = new KeyCell(seed);
    this.steps = data.length;
    this.signal = signal;
    this.fingerprint = fingerprint;
    if (resume !== undefined) this.resume(resume);
    if (this.mostInFlight > 0) this.unslotted = scope(() => this.learners.map((learner) => withoutSlots(learner.optimizer.state())));
  }

  private resume(checkpoint: Checkpoint): void {
    const warning = compareRuns(checkpoint, this.progress());
    restoreCheckpoint(checkpoint, this, this.backend);
    if (warning !== undefined) this.warnings.push(warning);
    this.history.push(...checkpoint.history);
    this.epoch = checkpoint.epoch;
    this.step = checkpoint.step;
    this.globalStep = checkpoint.globalStep;
    this.sums = copyOf(checkpoint.running);
    this.batchSize.resume(checkpoint.batchSize);
    this.clock = new Stopwatch(checkpoint.seconds);
  }

  /** The epoch and number of the next step, for messages. */
  get position(): string {
    return `epoch ${this.epoch}, step ${this.step + 1}`;
  }

  /**
   * The key of the next step's random numbers; it depends on the seed and the step alone. All steps share one KeyCell, which gets a new
   * value here.
   */
  stepKey(): RandomKey {
    this.key.assign(randomKey(this.seed).fold('step').fold(this.globalStep));
    return this.key;
  }

  startClock(): void {
    this.clock.start();
  }

  stopClock(): void {
    this.clock.stop();
  }

  /**
   * Checks the number of examples in the next batch.
   * @throws TrainingError when it differs from the batch size of the training that is resumed
   */
  checkBatchSize(examples: number): void {
    this.batchSize.check(examples, this.steps === undefined ? undefined : this.step + 1 === this.steps);
  }

  /**
   * Counts a step that was issued.
   * @param made how many steps the optimizer of each learner made in it
   */
  stepIssued(measured: Measured | Promise<Measured>, made: readonly number[], batch: Data): void {
    this.step++;
    this.globalStep++;
    this.inFlight.add(measured, made, batch);
  }

  /** Whether the training should end. */
  get ended(): boolean {
    return this.stopReason !== undefined || this.signal?.aborted === true;
  }

  /**
   * Waits for the oldest step in flight. If its loss is not finite, the counts are set back to before that step, as the model and the
   * optimizer are; the result is then undefined if the training is ending anyway.
   * @throws TrainingError when the loss is not finite and the training is not ending
   */
  async nextStep(): Promise<StepInfo | undefined> {
    const { measured: oldest, batch } = this.inFlight.oldest!;
    const measured = oldest instanceof Promise ? await oldest : oldest; // it stays in flight meanwhile, since a checkpoint may be taken
    if (!Number.isFinite(measured.loss)) {
      this.setBack(this.inFlight.made);
      this.inFlight.drop();
      if (this.ended) return undefined;
      throw this.lossError(measured.loss, batch);
    }
    this.inFlight.dropOldest();
    const later = this.inFlight.size;
    this.add(measured);
    return this.stepInfo(measured, this.step - later, this.globalStep - later);
  }

  /**
   * After a failure, waits for the steps in flight without calling callbacks, so that counts and sums fit the weights again. On a lost
   * device the counts stay as they are.
   */
  async settle(): Promise<void> {
    const issued = this.inFlight.made;
    const succeeded = await this.inFlight.succeeded().catch(() => undefined);
    this.inFlight.drop();
    if (succeeded === undefined) return;
    succeeded.forEach((measured) => this.add(measured));
    if (succeeded.length < issued.length) this.setBack(issued.slice(succeeded.length));
  }

  private add(measured: Measured): void {
    this.sums = addBatch(this.sums, measured, this.metrics);
  }

  /** The error for a next step whose loss, for this batch, is not finite. */
  lossError(loss: number, batch: Data): TrainingError {
    const cause = brokenInput(batch);
    const remedy = cause === undefined ? 'A smaller learning rate or clipped gradients may help' : `The data is at fault: ${cause}`;
    return new DivergedError(`${this.position}: the loss is ${loss}; the weights are those before this step. ${remedy}`);
  }

  /**
   * Takes back the counts of the last steps, which the device skipped.
   * @param skipped for each, how many steps each learner's optimizer made in it
   */
  private setBack(skipped: readonly (readonly number[])[]): void {
    this.step -= skipped.length;
    this.globalStep -= skipped.length;
    const setBack = ({ optimizer }: Learner, i: number): void => {
      const state = optimizer.state();
      const step = state.step - madeBy(i, skipped);
      const start = this.unslotted[i];
      optimizer.restore(step === start?.step ? start : { ...state, step });
    };
    withBackend(this.backend, () => scope(() => this.learners.forEach(setBack)));
  }

  private stepInfo({ loss }: Measured, step: number, globalStep: number): StepInfo {
    const { loss: meanLoss, accuracy, metrics } = meansOf(this.sums);
    return {
      epoch: this.epoch,
      step,
      ...(this.steps !== undefined && { steps: this.steps }),
      globalStep,
      loss,
      examples: this.sums.examples,
      meanLoss,
      ...(accuracy !== undefined && { meanAccuracy: accuracy }),
      ...(metrics !== undefined && { meanMetrics: metrics }),
      seconds: this.clock.seconds,
    };
  }

  /** Ends the epoch and begins the next. */
  epochDone(validation: RunningSums | undefined): EpochResult {
    const { loss, accuracy } = meansOf(this.sums);
    const metrics = resultsOf(this.sums, this.metrics) as Record<string, number> | undefined;
    const { examples } = this.sums;
    const val = validation && { ...meansOf(validation), metrics: resultsOf(validation, this.metrics) as typeof metrics };
    const { seconds } = this.clock;
    const result: EpochResult = {
      epoch: this.epoch,
      loss,
      ...(accuracy !== undefined && { accuracy }),
      ...(metrics !== undefined && { metrics }),
      ...(val && { valLoss: val.loss }),
      ...(val?.accuracy !== undefined && { valAccuracy: val.accuracy }),
      ...(val?.metrics !== undefined && { valMetrics: val.metrics }),
      seconds,
      examples,
      examplesPerSecond: examples / seconds,
    };
    this.history.push(result);
    this.epoch++;
    this.step = 0;
    this.sums = NO_SUMS;
    this.clock = new Stopwatch();
    return result;
  }

  stop(reason: StopReason): void {
    this.stopReason ??= reason;
  }

  async checkpoint(): Promise<Checkpoint> {
    const issued = this.inFlight.made;
    const sums = copyOf(this.sums);
    // Steps issued from now on change neither of the two results.
    const { captured } = withBackend(this.backend, () => ({ captured: captureCheckpoint(this, this.progress()) }));
    const [checkpoint, succeeded] = await Promise.all([captured, this.inFlight.succeeded()]);
    const skipped = issued.slice(succeeded.length);
    return {
      ...mapOptimizers(checkpoint, this.learners, ({ step, slots }, i) => {
        const done = step - madeBy(i, skipped);
        const atStart = done === this.unslotted[i]?.step;
        return { step: done, slots: atStart ? new Map([...slots.keys()].map((slot) => [slot, new Map()])) : slots };
      }),
      step: checkpoint.step - skipped.length,
      globalStep: checkpoint.globalStep - skipped.length,
      running: succeeded.reduce<RunningSums>((running, measured) => addBatch(running, measured, this.metrics), sums),
    };
  }

  private progress(): Progress {
    return {
      engine: `${this.backend.name} (${this.backend.info.engine})`,
      seed: this.seed,
      ...(this.steps !== undefined && { steps: this.steps }),
      ...(this.batchSize.uniform !== undefined && { batchSize: this.batchSize.uniform }),
      fingerprint: this.fingerprint,
      epoch: this.epoch,
      step: this.step,
      globalStep: this.globalStep,
      running: this.sums,
      seconds: this.clock.seconds,
      history: [...this.history],
    };
  }
}

function withoutSlots(state: OptimizerState): OptimizerState | undefined {
  return Object.values(state.slots).every((tensors) => tensors.length === 0) ? state : undefined;
}
