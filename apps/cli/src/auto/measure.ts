// What a trained model says of examples that it has not seen, and what the simplest guess would say.

import type { Model } from '@sinapse/core';
import { SinapseError } from '@sinapse/core';
import { predict } from '@sinapse/training';
import { conformalRadius, predictionInterval, shareInterval } from '@sinapse/training/selection';
import type { Problem } from './problem.ts';
import { evaluationBatches } from './train-network.ts';
import { answerOf } from '../report/measures.ts';

/** What was said of one example. */
interface Prediction {
  /** The file or row. */
  readonly source: string;
  /** The number of the class, or the value. */
  readonly target: number;
  /** Of each class; for a regression absent. */
  readonly probabilities?: readonly number[];
  /** Of a regression. */
  readonly value?: number;
}

export interface Measured {
  readonly predictions: readonly Prediction[];
  /** By name: accuracy and log loss; or root mean squared error, mean absolute error and R². */
  readonly metrics: Readonly<Record<string, number>>;
  /** The accuracy's interval, by Wilson; for a regression absent. */
  readonly interval?: { readonly low: number; readonly high: number };
}

/** What the simplest guess reaches: always the most frequent class of the training examples, or always their mean. */
export interface Baseline {
  readonly guess: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Measures a model on some examples; a classifier gives logits. */
export async function measure(problem: Problem, model: Model, indices: Int32Array): Promise<Measured> {
  const { data, shape } = await predict(model, evaluationBatches(problem, indices));
  if (!data.every(Number.isFinite))
    throw new SinapseError('the trained model gives numbers that are not finite; try a smaller --learning-rate');
  if (problem.task === 'regression') return measureValues(problem, data, indices);
  const classes = shape[1]!;
  const predictions = Array.from(indices, (index, i) => ({
    source: problem.sourceOf(index),
    target: problem.targets[index]!,
    probabilities: softmax(data.subarray(i * classes, (i + 1) * classes)),
  }));
  const right = predictions.filter(({ probabilities, target }) => answerOf(probabilities) === target).length;
  const logLoss = predictions.reduce((sum, { probabilities, target }) => sum - Math.log(Math.max(probabilities[target]!, 1e-12)), 0);
  const count = predictions.length;
  return { predictions, metrics: { accuracy: right / count, logLoss: logLoss / count }, interval: shareInterval(right, count) };
}

function measureValues(problem: Problem, data: ArrayLike<number>, indices: Int32Array): Measured {
  const { scale, offset } = problem as { readonly scale: number; readonly offset: number };
  const predictions = Array.from(indices, (index, i) => ({
    source: problem.sourceOf(index),
    target: problem.targets[index]!,
    value: data[i]! * scale + offset,
  }));
  return { predictions, metrics: errorsOf(predictions.map(({ target, value }) => [target, value] as const)) };
}

function errorsOf(pairs: readonly (readonly [target: number, value: number])[]): Record<string, number> {
  const mean = (of: (pair: readonly [number, number]) => number): number => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const centre = mean(([target]) => target);
  const squared = mean(([target, value]) => (target - value) ** 2);
  const spread = mean(([target]) => (target - centre) ** 2);
  const absolute = mean(([target, value]) => Math.abs(target - value));
  return { rootMeanSquaredError: Math.sqrt(squared), meanAbsoluteError: absolute, ...(spread > 0 && { rSquared: 1 - squared / spread }) };
}

/**
 * How far from the model's value the true one lies in 95 of 100 cases, from the errors on examples that it was not trained on: without an assumption on
 * their distribution if there are enough of them, otherwise as if they were normal.
 */
export function radiusOf({ predictions }: Measured): number {
  const errors = predictions.map(({ target, value }) => target - value!);
  const radius = conformalRadius(errors);
  if (Number.isFinite(radius)) return radius;
  const squared = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
  return predictionInterval([0], squared)[0]!.high;
}

export function baselineOf(problem: Problem): Baseline {
  const { train, test } = problem.parts;
  const { targets } = problem;
  if (problem.task === 'regression') {
    const mean = train.reduce((sum, index) => sum + targets[index]!, 0) / train.length;
    return { guess: String(Number(mean.toPrecision(4))), metrics: errorsOf(Array.from(test, (index) => [targets[index]!, mean] as const)) };
  }
  const counts = countsOf(problem, train);
  const most = answerOf(counts);
  const right = test.filter((index) => targets[index] === most).length;
  return { guess: problem.classNames[most]!, metrics: { accuracy: right / test.length } };
}

/** How many of some examples each class has. */
export function countsOf({ classNames, targets }: Problem, indices: Iterable<number>): number[] {
  const counts = classNames.map(() => 0);
  for (const index of indices) counts[targets[index]!]!++;
  return counts;
}

export function softmax(logits: ArrayLike<number>): number[] {
  const highest = Array.from(logits).reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Array.from(logits, (logit) => Math.exp(logit - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
