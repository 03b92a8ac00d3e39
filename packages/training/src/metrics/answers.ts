// The classes that a model answers and those that are right, whichever form its outputs and targets have.

import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  abs,
  add,
  argMax,
  cast,
  check,
  concat,
  expandDims,
  flatten,
  formatShape,
  full,
  greater,
  isTensor,
  less,
  reshape,
  sameShape,
  sub,
  sum,
  where,
  zerosLike,
} from '@sinapse/core';
import { TrainingError } from '../errors.ts';

export interface ScoreOptions {
  /** What the model gives: `logits`, as before a softmax or a sigmoid, or `probabilities`. Default `logits`. */
  readonly from?: 'logits' | 'probabilities';
}

export const SCORES: OptionChecks<ScoreOptions> = { from: check.oneOf(['logits', 'probabilities']) };

/** Outputs and targets in one of the forms that classification has. */
export interface Answers {
  /** The number of classes; 1 for questions of yes or no. */
  readonly classes: number;
  /** `[examples, classes]`; `[examples]` for yes or no. */
  readonly scores: Tensor;
  /** The true class of each example, float32 `[examples]`; 1 for yes, 0 for no. */
  readonly actual: Tensor;
}

/**
 * Recognises class numbers `[batch, ...]` beside scores `[batch, ..., classes]`, one-hot rows of the scores' shape, and targets 0 or 1 of
 * yes-or-no questions, `[batch]` or `[batch, 1]`, beside one score for each. Further axes are further examples.
 * @param owner the metric, for the message
 * @throws TrainingError when the target has none of these forms
 */
export function answersOf(owner: string, output: Tensor, target: Tensor): Answers {
  checkSingle(owner, output, target);
  const classes = output.shape.at(-1) ?? 1;
  const integers = target.dtype === 'int32' || target.dtype === 'uint8';
  const numbered = integers && output.shape.length === target.shape.length + 1 && sameShape(output.shape.slice(0, -1), target.shape);
  if (numbered && classes > 1) return { classes, scores: reshape(output, [-1, classes]), actual: cast(flatten(target), 'float32') };
  if (output.shape.length > 1 && classes > 1 && sameShape(output.shape, target.shape)) {
    const rows = reshape(cast(target, 'float32'), [-1, classes]);
    // A row that does not add up to 1 says no class: it becomes NaN, which is an error on the host, or at least no result.
    const total = sum(rows, { axis: -1 });
    const odd = where(less(abs(sub(total, 1)), 1e-3), zerosLike(total), NaN);
    const actual = add(cast(argMax(rows, { axis: -1 }), 'float32'), odd);
    return { classes, scores: add(reshape(output, [-1, classes]), expandDims(odd, -1)), actual };
  }
  const yesOrNo = output.size === target.size && (classes === 1 || output.shape.length === 1);
  if (yesOrNo && sameShape(withoutOne(output), withoutOne(target)))
    return { classes: 1, scores: flatten(output), actual: cast(flatten(target), 'float32') };
  throw new TrainingError(
    `${owner}: the targets must be class numbers [batch], one-hot rows, or 0 and 1 for a model of one score; the model gives ${described(output)}, the target is ${described(target)}`,
  );
}

/** The number of classes, the true ones and the answered ones: float32 `[1 + 2 examples]`. */
export function answeredClasses(owner: string, output: Tensor, target: Tensor, { from = 'logits' }: ScoreOptions): Tensor {
  const { classes, scores, actual } = answersOf(owner, output, target);
  const predicted = classes === 1 ? greater(scores, from === 'logits' ? 0 : 0.5) : argMax(scores, { axis: -1 });
  return concat([full([1], classes), actual, cast(predicted, 'float32')]);
}

/**
 * Calls `each` with the true and the answered class of every example.
 * @throws TrainingError when the target of a yes-or-no question is neither 0 nor 1
 */
export function forEachAnswer(owner: string, values: ArrayLike<number>, each: (actual: number, predicted: number) => void): void {
  const examples = (values.length - 1) / 2;
  for (let i = 1; i <= examples; i++) {
    const actual = values[i]!;
    checkActual(owner, actual, values[0]!);
    each(actual, values[i + examples]!);
  }
}

/** @throws TrainingError when the target of a yes-or-no question is neither 0 nor 1, or a row was no one-hot row */
export function checkActual(owner: string, actual: number, classes: number): void {
  if (Number.isNaN(actual) && classes > 1)
    throw new TrainingError(
      `${owner}: one-hot rows must add up to 1; where an example has several answers of yes or no, give each an example of its own: reshape output and target to [-1]`,
    );
  if (classes === 1 && actual !== 0 && actual !== 1)
    throw new TrainingError(
      `${owner}: the targets of a model of one score must be 0 or 1, got ${actual}; for other numbers there is meanSquaredError`,
    );
}

/** @throws TrainingError when the model does not know the class that an option asks for */
export function checkClass(owner: string, only: number | undefined, classes: number): void {
  if (only === undefined || (classes === 1 ? only === 1 : only < classes)) return;
  const known = classes === 1 ? 'gives one score, whose only class is 1' : `tells ${classes} classes apart, 0 to ${classes - 1}`;
  throw new TrainingError(`${owner}: there is no class ${only}: the model ${known}`);
}

/** @throws TrainingError when the model has several outputs or targets */
export function checkSingle(owner: string, output: unknown, target: unknown): void {
  if (isTensor(output) && isTensor(target)) return;
  throw new TrainingError(
    `${owner}: takes one output and one target; of several, choose: { ...metric, batch: (output, target) => metric.batch(output.label, target.label) }`,
  );
}

export function described({ dtype, shape }: Tensor): string {
  return `${dtype} ${formatShape(shape)}`;
}

/** A shape without a last axis of length 1. */
export function withoutOne({ shape }: Tensor): readonly number[] {
  return shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
}
