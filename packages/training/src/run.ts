// The state of a training under way: its progress, its sums, and whether it should end. `fit` passes it to callbacks as their Session.

import type { AnyModel, Backend, Model, Named, Optimizer, OptimizerState, Parameter, RandomKey } from '@sinapse/core';
import { KeyCell, activeBackend, parametersOf, randomKey, scope } from '@sinapse/core';
import type { BatchSource } from './batch.ts';
import { BatchSize } from './batch-size.ts';
import type { Callback, Session, StepInfo, StopReason } from './callback.ts';
import { captureCheckpoint, restoreCheckpoint } from './checkpoint/checkpoint.ts';
import { compareRuns } from './checkpoint/compare.ts';
import type { Checkpoint, Progress } from './checkpoint/contents.ts';
import type { EpochResult } from './epoch-result.ts';
import { DivergedError, TrainingError } from './errors.ts';
import type { FitOptions } from './fit-options.ts';
import { InFlight, MOST_IN_FLIGHT } from './in-flight.ts';
import type { Json } from './json.ts';
import { checkJson } from './json.ts';
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
  /** The optimizer's state at the start, if it had no slots then. */
  private readonly unslotted: OptimizerState | undefined;
  /** Measures the time of the epoch's steps, without the validation. */
  private clock = new Stopwatch();

  /** @throws TrainingError when the model has nothing to train, the data is empty, or the checkpoint belongs to another training */
  constructor(model: AnyModel, data: BatchSource<unknown, unknown>, options: FitOptions<never, never, never>) {
    const { optimizer, epochs, seed = 0, callbacks = [], fingerprint = {}, resume, signal } = options;
    checkJson(fingerprint, 'fit: fingerprint');
    checkLength(data.length, 'data');
    checkLength(options.validation?.length, 'validation data');
    checkNames(callbacks);
    this.model = model as Model;
    this.optimizer = optimizer;
    this.metrics = (options.metrics ?? {}) as AnyMetrics;
    this.callbacks = [...callbacks.filter(({ last }) => last !== true), ...callbacks.filter(({ last }) => last === true)];
    this.backend = activeBackend();
    this.mostInFlight = this.backend.info.reading === 'waits' ? MOST_IN_FLIGHT : 0;
    this.parameters = parametersOf(model).filter(({ cell }) => cell.trainable);
    if (this.parameters.length === 0)
      throw new TrainingError('fit: the model has no trainable parameters; if it makes them when it is built, build it first');
    this.epochs = epochs;
    this.seed = seed;
    this.key = new KeyCell(seed);
    this.steps = data.length;
    this.signal = signal;
    this.fingerprint = fingerprint;
    if (resume !== undefined) this.resume(resume);
    if (this.mostInFlight > 0) this.unslotted = scope(() => withoutSlots(optimizer.state()));
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

  /** Counts a step that was issued. */
  stepIssued(measured: Measured | Promise<Measured>): void {
    this.step++;
    this.globalStep++;
    this.inFlight.add(measured);
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
    const { oldest } = this.inFlight;
    const measured = oldest instanceof Promise ? await oldest : oldest!; // it stays in flight meanwhile, since a checkpoint may be taken
    if (!Number.isFinite(measured.loss)) {
      this.setBack(this.inFlight.size);
      this.inFlight.drop();
      if (this.ended) return undefined;
      throw this.lossError(measured.loss);
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
    const issued = this.inFlight.size;
    const succeeded = await this.inFlight.succeeded().catch(() => undefined);
    this.inFlight.drop();
    if (succeeded === undefined) return;
    succeeded.forEach((measured) => this.add(measured));
    if (succeeded.length < issued) this.setBack(issued - succeeded.length);
  }

  private add(measured: Measured): void {
    this.sums = addBatch(this.sums, measured, this.metrics);
  }

  /** The error for a next step whose loss is not finite. */
  lossError(loss: number): TrainingError {
    return new DivergedError(
      `${this.position}: the loss is ${loss}; the weights are those before this step. A smaller learning rate or clipped gradients may help`,
    );
  }

  /** Takes back the counts of the last steps, which the device skipped. */
  private setBack(steps: number): void {
    this.step -= steps;
    this.globalStep -= steps;
    scope(() => {
      const state = this.optimizer.state();
      const step = state.step - steps;
      this.optimizer.restore(step === this.unslotted?.step ? this.unslotted : { ...state, step });
    });
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
    const issued = this.inFlight.size;
    const sums = copyOf(this.sums);
    // Steps issued from now on change neither of the two results.
    const [checkpoint, succeeded] = await Promise.all([captureCheckpoint(this, this.progress()), this.inFlight.succeeded()]);
    const skipped = issued - succeeded.length;
    return {
      ...checkpoint,
      step: checkpoint.step - skipped,
      globalStep: checkpoint.globalStep - skipped,
      running: succeeded.reduce<RunningSums>((running, measured) => addBatch(running, measured, this.metrics), sums),
      optimizer: { ...checkpoint.optimizer, step: checkpoint.optimizer.step - skipped },
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

function checkLength(length: number | undefined, name: string): void {
  if (length === 0) throw new TrainingError(`fit: the ${name} is empty`);
}

/** Checks that callbacks with a state have different names, under which checkpoints keep the states. */
function checkNames(callbacks: readonly Callback[]): void {
  const names = new Set<string>();
  for (const callback of callbacks) {
    const { name } = callback;
    if (callback.capture === undefined) continue;
    if (name === undefined) throw new TrainingError('fit: a callback with a state to capture needs a name');
    if (names.has(name)) throw new TrainingError(`fit: two callbacks have the name ${name}`);
    names.add(name);
  }
}
