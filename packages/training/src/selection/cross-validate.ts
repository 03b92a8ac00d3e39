// Cross-validation: trains one model for each fold and measures it on the examples that the fold holds out.

import type { Model, OptionChecks, Optimizer, RandomKey, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, randomKey } from '@sinapse/core';
import { FIT } from '../arguments.ts';
import type { BatchOf, BatchSource } from '../batch.ts';
import type { Callback } from '../callback.ts';
import type { EpochResult } from '../epoch-result.ts';
import type { Evaluation } from '../evaluate.ts';
import { evaluate } from '../evaluate.ts';
import type { FitOptions } from '../fit-options.ts';
import { fit } from '../fit.ts';
import type { ExampleTable } from './examples.ts';
import { EXAMPLES } from './examples.ts';
import type { GivenExamples } from './given-examples.ts';
import { gatherExamples } from './given-examples.ts';
import type { Fold } from './folds.ts';
import { kFold } from './folds.ts';
import type { Spread } from './spread.ts';
import { spreadOf } from './spread.ts';

/** How the model of each fold is trained. */
export interface FoldTraining<Out = Tensor, Target = Tensor, In = Tensor> extends Pick<
  FitOptions<Out, Target, In>,
  'loss' | 'epochs' | 'metrics' | 'classWeights' | 'signal'
> {
  /** Makes the optimizer of a fold: each has its own. */
  readonly optimizer: (fold: number) => Optimizer;
  /** The number of examples in a batch. Default 32. */
  readonly batchSize?: number;
  /** Makes the callbacks of a fold. None by default. */
  readonly callbacks?: (fold: number) => readonly Callback[];
  /** The seed of folds, of the order of examples, and of the steps. Default 0. */
  readonly seed?: number;
}

export interface CrossValidateOptions<Out = Tensor, Target = Tensor, In = Tensor> extends FoldTraining<Out, Target, In> {
  /** The number of folds, or folds of your own. Default 5. */
  readonly folds?: number | readonly GivenFold[];
  /** Whether each fold has its share of every class; the targets must be class numbers. Default false. */
  readonly stratify?: boolean;
  /** Whether to measure each model on its training examples, too. Default false. */
  readonly measureTraining?: boolean;
  /** Called with each trained model; it is not kept otherwise. */
  readonly onFold?: (model: Model<In, Out>, result: FoldResult) => void | Promise<void>;
}

/** A fold of one's own: the numbers of the examples to train on, and of those held out. */
export interface GivenFold {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

export interface FoldResult {
  /** The number of the fold, from 0. */
  readonly fold: number;
  readonly rows: Fold;
  /** Measured on the held-out examples. */
  readonly test: Evaluation;
  /** Measured on the training examples after the training, if asked for. */
  readonly train?: Evaluation;
  readonly history: readonly EpochResult[];
}

/** The results of all folds, and their means with standard deviations over the folds. */
export interface CrossValidation {
  readonly folds: readonly FoldResult[];
  readonly loss: Spread;
  /** NaN if the targets are not class numbers. */
  readonly accuracy: Spread;
  readonly metrics: Readonly<Record<string, Spread>>;
}

/** The checks of the options that say how a fold's model is trained. */
export const FOLD_TRAINING: OptionChecks<FoldTraining<never, never, never>> = {
  optimizer: check.required({ ...check.callable, expected: 'a function that makes one for each fold, e.g. () => adam()' }),
  loss: FIT.loss,
  epochs: FIT.epochs,
  metrics: FIT.metrics,
  classWeights: FIT.classWeights,
  signal: FIT.signal,
  batchSize: check.count,
  callbacks: { ...check.callable, expected: 'a function that makes them for each fold, e.g. () => [earlyStopping()]' },
  seed: FIT.seed,
};

const OPTIONS: OptionChecks<CrossValidateOptions<never, never, never>> = {
  ...FOLD_TRAINING,
  folds: { expected: 'an integer >= 2 or a list of { train, test }', accepts: (value) => isFolds(value) },
  stratify: check.flag,
  measureTraining: check.flag,
  onFold: check.callable,
};

function isFolds(value: unknown): boolean {
  if (!Array.isArray(value)) return Number.isSafeInteger(value) && (value as number) >= 2;
  return value.length > 0 && value.every((fold: Partial<GivenFold> | null) => isRows(fold?.train) && isRows(fold?.test));
}

function isRows(value: unknown): boolean {
  return ArrayBuffer.isView(value) || Array.isArray(value);
}

/**
 * Estimates how good a kind of model is on new data: for each of `folds` folds it trains a new model on the other folds and measures it on this
 * one. Stone 1974; stratified, Kohavi 1995.
 * @param makeModel makes the model of a fold, a new one, built; the fold's number may be the seed of its weights
 * @param data all examples, in memory: `{ x, y }` with arrays `[examples, …]`, or a source of batches, which is read once
 * @throws SinapseError when an argument is wrong, or there are more folds than examples, or than examples of a class
 * @throws TrainingError when the data is invalid; whatever `fit` and `evaluate` throw
 */
export async function crossValidate<In = Tensor, Out = Tensor, Target = Tensor>(
  makeModel: (fold: number) => Model<In, Out>,
  data: GivenExamples<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
  options: CrossValidateOptions<Out, Target, In>,
): Promise<CrossValidation> {
  checkValue('crossValidate: makeModel', makeModel, { ...check.callable, expected: 'a function that makes a built model' });
  checkValue('crossValidate: the data', data, EXAMPLES);
  checkOptions('crossValidate', options, OPTIONS);
  const { folds = 5, stratify = false, seed = 0, onFold } = options;
  const table = await gatherExamples('crossValidate', data);
  const labels = stratify ? table.labels('crossValidate: stratify needs') : undefined;
  const splits = typeof folds === 'number' ? kFold(table.count, { folds, seed, ...(labels && { labels }) }) : folds;
  splits.forEach((rows, fold) => checkFold(`crossValidate: folds[${fold}]`, rows, table.count));
  const results: FoldResult[] = [];
  const newModel = newModels('crossValidate', makeModel);
  for (const [fold, { train, test }] of splits.entries()) {
    const model = newModel(fold);
    results.push(await trainFold(model, table, { train: Int32Array.from(train), test: Int32Array.from(test) }, fold, options));
    await onFold?.(model, results.at(-1)!);
  }
  const tests = results.map(({ test }) => test);
  return { folds: results, ...spreadsOf(tests) };
}

/** Makes models by a function of the caller's. @throws SinapseError when it gives a model again: the next fold would go on with the weights of the one before */
export function newModels<M extends object>(owner: string, makeModel: (fold: number) => M): (fold: number) => M {
  const made = new WeakSet();
  return (fold) => {
    const model = makeModel(fold);
    if (made.has(model))
      throw new SinapseError(`${owner}: makeModel gave the same model twice; it must make a new one for each fold: () => sequential([…])`);
    if (typeof model === 'object' && model !== null) made.add(model);
    return model;
  };
}

/** @throws SinapseError unless both parts of a fold have examples, and only such as there are */
function checkFold(at: string, rows: GivenFold, count: number): void {
  for (const part of ['train', 'test'] as const) {
    if (rows[part].length === 0) throw new SinapseError(`${at}: ${part} has no examples`);
    const wrong = Array.from(rows[part]).find((row) => !(row >= 0 && row < count && Number.isInteger(row)));
    if (wrong !== undefined)
      throw new SinapseError(`${at}: ${part}: example ${wrong} is not among the ${count} examples, 0 to ${count - 1}`);
  }
}

/** Trains the model of one fold and measures it. */
export async function trainFold<In, Out, Target>(
  model: Model<In, Out>,
  table: ExampleTable,
  rows: Fold,
  fold: number,
  options: FoldTraining<Out, Target, In> & { readonly measureTraining?: boolean },
): Promise<FoldResult> {
  const { optimizer, loss, epochs, metrics, classWeights, signal, batchSize = 32, callbacks, seed = 0, measureTraining = false } = options;
  type Source = BatchSource<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>;
  const source = (part: Int32Array, key?: RandomKey): Source => table.batches(part, batchSize, key) as unknown as Source;
  const measured = { loss, ...(metrics && { metrics }), ...(signal && { signal }) };
  const { history } = await fit<In, Out, Target>(model, source(rows.train, randomKey(seed).fold('shuffle').fold(fold)), {
    ...measured,
    optimizer: optimizer(fold),
    epochs,
    seed,
    validation: source(rows.test),
    ...(classWeights && { classWeights }),
    ...(callbacks && { callbacks: callbacks(fold) }),
  });
  signal?.throwIfAborted();
  const test = await evaluate<In, Out, Target>(model, source(rows.test), measured);
  const train = measureTraining ? await evaluate<In, Out, Target>(model, source(rows.train), measured) : undefined;
  return { fold, rows, test, history, ...(train && { train }) };
}

/** The means and deviations of several evaluations. */
export function spreadsOf(evaluations: readonly Evaluation[]): Pick<CrossValidation, 'loss' | 'accuracy' | 'metrics'> {
  const names = Object.keys(evaluations[0]?.metrics ?? {});
  return {
    loss: spreadOf(evaluations.map(({ loss }) => loss)),
    accuracy: spreadOf(evaluations.map(({ accuracy }) => accuracy)),
    metrics: Object.fromEntries(names.map((name) => [name, spreadOf(evaluations.map(({ metrics }) => metrics[name]!))])),
  };
}
