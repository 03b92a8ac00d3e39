// Under- and overfitting as curves: what the size of the data, or a parameter, does to the loss on training examples and on held-out ones.

import type { Model, OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue, shown } from '@sinapse/core';
import type { BatchOf } from '../batch.ts';
import type { CrossValidateOptions, CrossValidation, FoldResult, FoldTraining } from './cross-validate.ts';
import { FOLD_TRAINING, crossValidate, newModels, spreadsOf, trainFold } from './cross-validate.ts';
import { EXAMPLES } from './examples.ts';
import type { GivenExamples } from './given-examples.ts';
import { gatherExamples } from './given-examples.ts';
import { kFold } from './folds.ts';

/** Means and deviations over the folds. */
export type Measures = Pick<CrossValidation, 'loss' | 'accuracy' | 'metrics'>;

export interface CurvePoint {
  /** On the examples that the models were trained on, after the training. */
  readonly train: Measures;
  /** On the examples that were held out. */
  readonly test: Measures;
}

export interface LearningCurvePoint extends CurvePoint {
  /** The number of training examples: the mean over the folds. */
  readonly examples: number;
}

export interface LearningCurveOptions<Out = Tensor, Target = Tensor, In = Tensor> extends FoldTraining<Out, Target, In> {
  /** The shares of the training examples, within (0, 1], in any order. Default 0.1, 0.33, 0.55, 0.78 and 1. */
  readonly shares?: readonly number[];
  /** The number of folds. Default 5. */
  readonly folds?: number;
  /** Whether each fold has its share of every class. Default false. */
  readonly stratify?: boolean;
}

const OPTIONS: OptionChecks<LearningCurveOptions<never, never, never>> = {
  ...FOLD_TRAINING,
  shares: {
    expected: 'a list of numbers within (0, 1]',
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((share) => typeof share === 'number' && share > 0 && share <= 1),
  },
  folds: { expected: 'an integer >= 2', accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 2 },
  stratify: check.flag,
};

/**
 * How the loss falls with more examples. If it is high on both curves, the model is too small; if they lie apart, more examples will help. Smaller
 * parts of a fold's examples are parts of the larger ones. Perlich, Provost, Simonoff 2003.
 * @param makeModel makes the model of a fold, built
 * @param data all examples, as for `crossValidate`
 * @returns a point for each share, in the order of the shares
 * @throws SinapseError when an argument is wrong; TrainingError when the data is invalid; whatever `fit` and `evaluate` throw
 */
export async function learningCurve<In = Tensor, Out = Tensor, Target = Tensor>(
  makeModel: (fold: number) => Model<In, Out>,
  data: GivenExamples<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
  options: LearningCurveOptions<Out, Target, In>,
): Promise<LearningCurvePoint[]> {
  checkValue('learningCurve: makeModel', makeModel, { ...check.callable, expected: 'a function that makes a built model' });
  checkValue('learningCurve: the data', data, EXAMPLES);
  checkOptions('learningCurve', options, OPTIONS);
  const { shares = [0.1, 0.33, 0.55, 0.78, 1], folds = 5, stratify = false, seed = 0 } = options;
  const table = await gatherExamples('learningCurve', data);
  const splits = kFold(table.count, { folds, seed, ...(stratify && { labels: table.labels('learningCurve: stratify needs') }) });
  const points: LearningCurvePoint[] = [];
  const newModel = newModels('learningCurve', makeModel);
  for (const share of shares) {
    const results: FoldResult[] = [];
    for (const [fold, { train, test }] of splits.entries()) {
      const part = train.slice(0, Math.max(1, Math.round(share * train.length)));
      results.push(await trainFold(newModel(fold), table, { train: part, test }, fold, { ...options, measureTraining: true }));
    }
    points.push({ examples: results.reduce((sum, { rows }) => sum + rows.train.length, 0) / folds, ...pointOf(results) });
  }
  return points;
}

export interface ValidationCurvePoint<Value> extends CurvePoint {
  readonly value: Value;
}

/** What is cross-validated for a value of the parameter. */
export interface Candidate<In = Tensor, Out = Tensor, Target = Tensor> extends Omit<
  CrossValidateOptions<Out, Target, In>,
  'measureTraining'
> {
  readonly makeModel: (fold: number) => Model<In, Out>;
}

/**
 * How the loss depends on a parameter, such as the number of units or the weight decay. Where both curves are high the model underfits, where they
 * lie apart it overfits; the best value is where the held-out loss is lowest.
 * @param values of the parameter
 * @param candidateOf the model and its training for a value: the options of `crossValidate`, and `makeModel`
 * @param data all examples, as for `crossValidate`
 * @returns a point for each value, in their order
 * @throws SinapseError when an argument is wrong; whatever `crossValidate` throws
 */
export async function validationCurve<Value, In = Tensor, Out = Tensor, Target = Tensor>(
  values: readonly Value[],
  candidateOf: (value: Value) => Candidate<In, Out, Target>,
  data: GivenExamples<NoInfer<BatchOf<In>>, NoInfer<BatchOf<Target>>>,
): Promise<ValidationCurvePoint<Value>[]> {
  if (!Array.isArray(values) || values.length === 0)
    throw new SinapseError(`validationCurve: values: expected a list of at least one, got ${shown(values)}`);
  checkValue('validationCurve: candidateOf', candidateOf, { ...check.callable, expected: 'a function that gives makeModel and options' });
  checkValue('validationCurve: the data', data, EXAMPLES);
  const points: ValidationCurvePoint<Value>[] = [];
  for (const value of values) {
    const candidate: unknown = candidateOf(value);
    if (typeof candidate !== 'object' || candidate === null)
      throw new SinapseError(`validationCurve: candidateOf: expected { makeModel, optimizer, loss, epochs, … }, got ${shown(candidate)}`);
    const { makeModel, ...options } = candidate as Candidate<In, Out, Target>;
    const { folds } = await crossValidate<In, Out, Target>(makeModel, data, { ...options, measureTraining: true });
    points.push({ value, ...pointOf(folds) });
  }
  return points;
}

function pointOf(results: readonly FoldResult[]): CurvePoint {
  return { train: spreadsOf(results.map(({ train }) => train!)), test: spreadsOf(results.map(({ test }) => test)) };
}
