// Runs a step that the caller wrote, and makes sure that it is done whole or not at all.

import type { Context, Optimizer, OptimizerState, Parameter, State, Tensor } from '@sinapse/core';
import { add, constrain, isFinite, isTensor, penaltyOf, reshape, shown, suggestion, valueAndGrad, walk, where } from '@sinapse/core';
import type { StepCheckedBatch } from './batch.ts';
import { toTensors } from './batch.ts';
import type { Data } from './broken-input.ts';
import { TrainingError } from './errors.ts';
import type { Learner } from './learner.ts';
import type { AnyMetrics, Measured } from './measure.ts';
import { checkScalar, readMeasures } from './measure.ts';
import type { Run } from './run.ts';
import { tellOfGradients } from './tell-of-gradients.ts';
import type { StepGradients, StepResult, StepTools, TrainStep } from './train-step.ts';

/** What a step issued: its measures, and how many steps each learner's optimizer made. */
export interface IssuedStep {
  readonly measured: Measured | Promise<Measured>;
  readonly made: readonly number[];
  /** What callbacks do after the updates. */
  readonly after: readonly (() => void)[];
}

/**
 * Issues a step of the caller's in the scope around it. States noted in the context are left to be committed.
 * @throws TrainingError when a loss is not finite and reading is immediate
 */
export function ownStep(
  run: Run,
  batch: StepCheckedBatch,
  context: Context,
  step: TrainStep<never, never>,
  metrics: AnyMetrics,
): IssuedStep {
  const { learners, backend } = run;
  const waits = backend.info.reading === 'waits';
  const before = new Before(run);
  const made = learners.map(() => 0);
  const losses: Tensor[] = [];
  const after: (() => void)[] = [];

  const gradients: StepTools['gradients'] = (loss, part) => {
    const parameters = learnerOf(learners, part).parameters.map(({ cell }) => cell);
    const { value, gradients: list } = valueAndGrad(() => {
      const ofData = loss();
      checkScalar(ofData, 'the loss');
      const penalty = penaltyOf(parameters, context);
      return penalty === undefined ? ofData : add(ofData, penalty);
    }, parameters);
    return { loss: value, gradients: list };
  };
  const update: StepTools['update'] = (given, part) => {
    const learner = learnerOf(learners, part);
    checkGradients(given, learner);
    const parameters = learner.parameters.map(({ cell }) => cell);
    losses.push(given.loss);
    made[learners.indexOf(learner)]!++;
    after.push(...tellOfGradients(run, learner.parameters, given.gradients));
    if (waits) {
      const skip = run.inFlight.skip(given.loss);
      learner.optimizer.step(parameters, given.gradients, { skip });
      constrain(parameters, skip);
    } else {
      checkFinite(run, given.loss, batch);
      learner.optimizer.step(parameters, given.gradients);
      constrain(parameters);
    }
  };
  const minimize: StepTools['minimize'] = (loss, part) => {
    const found = gradients(loss, part);
    update(found, part);
    return found.loss;
  };

  try {
    const tensors = { x: toTensors(batch.x), y: batch.y === undefined ? undefined : toTensors(batch.y), examples: batch.examples };
    const tools: StepTools = { model: run.model, context, key: context.key, gradients, update, minimize };
    const { loss, metrics: scalars = {}, output, target } = resultOf(step(tensors as never, tools as never));
    const measures = { ...(output !== undefined && target !== undefined && metrics), ...functionsOf(scalars) };
    const told = waits ? firstBroken([...losses, loss]) : loss;
    if (waits) {
      const skip = run.inFlight.skip(loss);
      before.keepWhere(skip, losses.length === 1 && losses[0] === loss);
      context.keepWhere(skip);
    }
    const measured = readMeasures({ loss: told, output: output ?? [], target: target ?? [], examples: batch.examples }, measures);
    if (!(measured instanceof Promise) && !Number.isFinite(measured.loss)) throw run.lossError(measured.loss, batch);
    return { measured, made, after };
  } catch (error) {
    before.restore();
    throw error;
  }
}

/** The learner of a part. The name may be left out if there is one learner. */
function learnerOf(learners: readonly Learner[], part: string | undefined): Learner {
  const names = learners.map(({ name }) => name);
  if (part === undefined && learners.length === 1) return learners[0]!;
  if (part === undefined) throw new TrainingError(`the step must name the part to train: ${names.join(' or ')}`);
  const found = learners.find(({ name }) => name === part);
  if (found === undefined && learners.length === 1 && learners[0]!.name === '')
    throw new TrainingError(
      `the step trains ${shown(part)}, but fit has one optimizer for the whole model; give one for each part: optimizer: { ${String(part)}: adam(), … }`,
    );
  if (found === undefined)
    throw new TrainingError(`the step trains ${shown(part)}, for which fit has no optimizer; ${suggestion(String(part), names)}`);
  return found;
}

function checkGradients(given: StepGradients, { parameters }: Learner): void {
  if (typeof given !== 'object' || given === null || !isTensor(given.loss) || !Array.isArray(given.gradients))
    throw new TrainingError(`the step's update takes { loss, gradients }, as gradients(…) gives them, got ${shown(given)}`);
  checkScalar(given.loss, 'the loss');
  if (given.gradients.length !== parameters.length)
    throw new TrainingError(`the step's update has ${given.gradients.length} gradients for ${parameters.length} parameters`);
}

/** Reads a loss at once. */
function checkFinite(run: Run, loss: Tensor, batch: Data): void {
  const value = Number(loss.dataSync()[0]);
  if (!Number.isFinite(value)) throw run.lossError(value, batch);
}

function resultOf(result: unknown): StepResult {
  if (result instanceof Promise) result.catch(() => {}); // the error below is the one to hear of
  const given = isTensor(result) ? { loss: result } : (result as StepResult | undefined | null);
  if (typeof given !== 'object' || given === null || !isTensor(given.loss))
    throw new TrainingError(`the step must return its loss, a tensor, or { loss, metrics }, got ${shown(result)}`);
  checkScalar(given.loss, 'the loss');
  return given;
}

function functionsOf(scalars: Readonly<Record<string, Tensor>>): AnyMetrics {
  return Object.fromEntries(Object.entries(scalars).map(([name, scalar]) => [name, () => scalar]));
}

/** The first loss that is not finite, or the last one: what the host reads tells whether the device skips the step. */
function firstBroken(losses: readonly Tensor[]): Tensor {
  const scalars = losses.map((loss) => reshape(loss, []));
  return scalars.slice(0, -1).reduceRight((later, loss) => where(isFinite(loss), later, loss), scalars.at(-1)!);
}

/** All that a step may change, as it was before. Its tensors belong to the scope of the step. */
class Before {
  private readonly cells: readonly { readonly cell: Parameter | State; readonly tensor: Tensor; readonly value: Tensor }[];
  private readonly optimizers: readonly { readonly optimizer: Optimizer; readonly state: OptimizerState }[];
  private readonly trained: readonly Parameter[];

  constructor({ model, learners }: Run) {
    this.trained = learners.flatMap(({ parameters }) => parameters.map(({ cell }) => cell));
    this.cells = walk(model).map(({ cell }) => ({ cell, tensor: cell.tensor, value: cell.value }));
    this.optimizers = learners.map(({ optimizer }) => ({ optimizer, state: optimizer.state() }));
  }

  restore(): void {
    for (const { cell, tensor, value } of this.cells) if (cell.tensor !== tensor) cell.assign(value);
    for (const { optimizer, state } of this.optimizers) optimizer.restore(state);
  }

  /**
   * Makes the device restore all that the step changed if a bool scalar is true: an earlier update did not know the later losses.
   * @param updatesKnow whether the update knew all losses, so that it skipped itself
   */
  keepWhere(skip: Tensor, updatesKnow: boolean): void {
    const skipped = new Set<object>(updatesKnow ? this.trained : []);
    for (const { cell, tensor, value } of this.cells)
      if (cell.tensor !== tensor && !skipped.has(cell)) cell.assign(where(skip, value, cell.value));
    if (updatesKnow) return;
    for (const { optimizer, state } of this.optimizers) {
      const now = optimizer.state();
      if (now.step === state.step) continue;
      const slots = Object.entries(now.slots).map(([name, tensors]) => {
        const earlier = state.slots[name] ?? [];
        return [name, earlier.length === tensors.length ? tensors.map((tensor, i) => where(skip, earlier[i]!, tensor)) : tensors] as const;
      });
      optimizer.restore({ step: now.step, slots: Object.fromEntries(slots) });
    }
  }
}
