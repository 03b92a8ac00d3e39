// Takes a checkpoint of a running training and restores it into a fresh one, which then continues as if it had never stopped.

import type { Backend, Check, Model, Named, Optimizer, Parameter, Tensor } from '@sinapse/core';
import { checkValue, scope, quote } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import type { Callback } from '../callback.ts';
import { TrainingError } from '../errors.ts';
import type { Learner } from '../learner.ts';
import { arrayToTensor, assignWeights, checkWeights, firstNonFinite, readArray, readWeights } from '../weights.ts';
import { CHECKPOINT, hasMembers, NO_OPTIMIZER } from './contents.ts';
import type { CallbackState, Checkpoint, OptimizerArrays, Progress } from './contents.ts';

/** The parts of a training that have tensors. */
export interface Trained {
  readonly model: Model;
  readonly optimizer: Optimizer;
  /** The parameters that the optimizer updates, in the optimizer's order. */
  readonly parameters: readonly Named<Parameter>[];
  readonly callbacks: readonly Callback[];
  /** If parts of the model have optimizers of their own: these, in place of `optimizer` and `parameters`. */
  readonly learners?: readonly Learner[];
}

const TRAINED: Check = {
  expected: 'an object, { model, optimizer, parameters, callbacks }',
  accepts: hasMembers('model', 'optimizer', 'parameters', 'callbacks'),
};

/**
 * Takes a checkpoint with the values at the time of the call. The promise resolves when all are read.
 * @throws TrainingError when a parameter holds a NaN or an infinity
 */
export async function captureCheckpoint(trained: Trained, progress: Progress): Promise<Checkpoint> {
  checkValue('captureCheckpoint: the training', trained, TRAINED);
  checkValue('captureCheckpoint: the progress', progress, { expected: 'the progress of a training', accepts: hasMembers('epoch', 'step') });
  const { model, callbacks } = trained;
  const learners = learnersIn(trained);
  // Issues every read before it waits for the first, so that all values are of the same moment.
  const states = callbacks.flatMap((callback) =>
    callback.capture === undefined ? [] : [[callback.name!, readCallback(callback.capture())] as const],
  );
  const [broken, weights, optimizers, callbackStates] = await Promise.all([
    firstNonFinite(model),
    readWeights(model),
    Promise.all(learners.map((learner) => readOptimizer(learner))),
    readAll(states),
  ]);
  if (broken !== undefined) {
    throw new TrainingError(
      `epoch ${progress.epoch}, step ${progress.step}: the weights of ${broken} are not finite any more; no checkpoint was made, earlier ones are intact`,
    );
  }
  const empty: Checkpoint = { ...progress, weights, optimizer: NO_OPTIMIZER, callbacks: callbackStates };
  return mapOptimizers(empty, learners, (_, i) => optimizers[i]!);
}

function learnersIn({ learners, optimizer, parameters }: Trained): readonly Learner[] {
  return learners ?? [{ name: '', optimizer, parameters }];
}

/** What a checkpoint has for the optimizer of a learner. */
function arraysOf({ optimizer, optimizers }: Checkpoint, { name }: Learner): OptimizerArrays | undefined {
  return name === '' ? optimizer : optimizers?.get(name);
}

/** Changes what a checkpoint has for the optimizer of each learner. */
export function mapOptimizers(
  checkpoint: Checkpoint,
  learners: readonly Learner[],
  change: (arrays: OptimizerArrays, i: number) => OptimizerArrays,
): Checkpoint {
  const changed = learners.map((learner, i) => [learner.name, change(arraysOf(checkpoint, learner) ?? NO_OPTIMIZER, i)] as const);
  const [first] = changed;
  if (first?.[0] === '') return { ...checkpoint, optimizer: first[1] };
  return { ...checkpoint, optimizers: new Map(changed) };
}

async function readOptimizer({ optimizer, parameters }: Learner): Promise<OptimizerArrays> {
  const { step, reads } = scope(() => {
    const state = optimizer.state();
    const slots = Object.entries(state.slots).map(([slot, tensors]) => {
      // A slot may have no tensors before the first step.
      if (tensors.length > 0 && tensors.length !== parameters.length) {
        throw new TrainingError(
          `checkpoint: the optimizer's slot ${quote(slot)} has ${tensors.length} tensors for ${parameters.length} parameters`,
        );
      }
      return [slot, readAll(tensors.map((tensor, i) => [parameters[i]!.path, readArray(tensor)] as const))] as const;
    });
    return { step: state.step, reads: slots };
  });
  return { step, slots: await readAll(reads) };
}

async function readCallback({ values, arrays }: CallbackState<Tensor>): Promise<CallbackState<NamedArray>> {
  return { values, arrays: await readAll([...arrays].map(([name, tensor]) => [name, readArray(tensor)] as const)) };
}

async function readAll<T>(entries: readonly (readonly [string, Promise<T>])[]): Promise<Map<string, T>> {
  return new Map(await Promise.all(entries.map(async ([name, read]) => [name, await read] as const)));
}

/**
 * Gives a checkpoint's values to a fresh model, optimizer and callbacks. Model and optimizer change only if everything fits.
 * @throws TrainingError when the arrays do not fit this model and optimizer
 */
export function restoreCheckpoint(checkpoint: Checkpoint, trained: Trained, backend: Backend): void {
  checkValue('restoreCheckpoint: the checkpoint', checkpoint, CHECKPOINT);
  checkValue('restoreCheckpoint: the training', trained, TRAINED);
  const { model, callbacks } = trained;
  const cells = checkWeights(model, checkpoint.weights);
  restoreOptimizers(checkpoint, learnersIn(trained), backend);
  assignWeights(cells, checkpoint.weights);
  for (const callback of callbacks) {
    const state = callback.name === undefined ? undefined : checkpoint.callbacks.get(callback.name);
    if (state !== undefined) callback.restore?.(state);
  }
}

function restoreOptimizers(checkpoint: Checkpoint, learners: readonly Learner[], backend: Backend): void {
  const [then, now] = [[...(checkpoint.optimizers?.keys() ?? [''])], learners.map(({ name }) => name)].map((names) =>
    names.sort().join(', '),
  );
  if (then !== now)
    throw new TrainingError(
      `resume: the checkpoint has the optimizers of ${then || 'the whole model'}, fit those of ${now || 'the whole model'}`,
    );
  for (const learner of learners) restoreOptimizer(arraysOf(checkpoint, learner)!, learner, backend);
}

function restoreOptimizer({ step, slots }: OptimizerArrays, { optimizer, parameters }: Learner, backend: Backend): void {
  scope(() => {
    const tensors = Object.fromEntries(
      [...slots].map(([slot, arrays]) => {
        if (arrays.size === 0) return [slot, []] as const;
        if (arrays.size !== parameters.length)
          throw new TrainingError(
            `resume: the optimizer's slot ${quote(slot)} has ${arrays.size} arrays for ${parameters.length} parameters`,
          );
        const list = parameters.map(({ path }) => {
          const array = arrays.get(path);
          if (array === undefined) throw new TrainingError(`resume: the optimizer's slot ${quote(slot)} has no array for ${quote(path)}`);
          return arrayToTensor(backend, path, array);
        });
        return [slot, list] as const;
      }),
    );
    optimizer.restore({ step, slots: tensors });
  });
}
