// Predicted numbers beside the true ones, for regression.

import type { Tensor } from '@sinapse/core';
import { cast, checkOptions, concat, flatten, full, sameShape } from '@sinapse/core';
import { TrainingError } from '../errors.ts';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import { checkSingle, described, withoutOne } from './answers.ts';

/**
 * The number of columns, the predictions and the targets: float32 `[1 + 2 values]`. The columns are the values along the last axis of
 * `[batch, ..., columns]`; `[batch]` is one column.
 * @throws TrainingError when output and target have different shapes, but for a last axis of length 1
 */
export function numbersOf(owner: string, output: Tensor, target: Tensor): Tensor {
  checkSingle(owner, output, target);
  if (!sameShape(withoutOne(output), withoutOne(target)))
    throw new TrainingError(
      `${owner}: the target must be numbers of the output's shape; the model gives ${described(output)}, the target is ${described(target)}`,
    );
  const columns = output.shape.length > 1 ? output.shape.at(-1)! : 1;
  return concat([full([1], columns), cast(flatten(output), 'float32'), cast(flatten(target), 'float32')]);
}

/** Calls `each` with every prediction, its target and its column. */
export function forEachNumber(values: ArrayLike<number>, each: (predicted: number, actual: number, column: number) => void): void {
  const columns = values[0]!;
  const count = (values.length - 1) / 2;
  for (let i = 0; i < count; i++) each(values[1 + i]!, values[1 + count + i]!, i % columns);
}

/** A function of the mean of a cost over all numbers. */
export function meanOfErrors(
  owner: string,
  options: object,
  costOf: (error: number) => number,
  result: (mean: number) => number = (mean) => mean,
): AccumulatedMetric {
  checkOptions(owner, options, {});
  return {
    batch: (output, target) => numbersOf(owner, output, target),
    start: () => [0, 0],
    add(sums, values) {
      forEachNumber(values, (predicted, actual) => {
        sums[0]! += costOf(predicted - actual);
        sums[1]!++;
      });
    },
    result: ([sum, count]) => result(sum! / count!),
  };
}
