import { checkOptions } from '@sinapse/core';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import { forEachNumber, numbersOf } from './errors-of-numbers.ts';

/**
 * The coefficient of determination R² = 1 - Σ(x - t)² / Σ(t - mean t)²: 1 for right predictions, 0 for those no better than the mean of the
 * targets. Of targets `[batch, columns]` the mean over the columns. Where all targets are equal it is 1 if they are met, else 0; of less than
 * two examples NaN.
 * @throws SinapseError when an option is given, for it has none; in use TrainingError when output and target have different shapes
 */
export function rSquared(options: Readonly<Record<never, never>> = {}): AccumulatedMetric {
  checkOptions('rSquared', options, {});
  return {
    batch: (output, target) => numbersOf('rSquared', output, target),
    // For each column: the examples, the mean of the targets, the sum of their squared deviations from it, the sum of squared errors.
    start: () => [],
    add(sums, values) {
      while (sums.length < 4 * values[0]!) sums.push(0);
      forEachNumber(values, (predicted, actual, column) => {
        const at = 4 * column;
        // Welford 1962: the deviations without loss of digits.
        const before = actual - sums[at + 1]!;
        sums[at + 1]! += before / ++sums[at]!;
        sums[at + 2]! += before * (actual - sums[at + 1]!);
        sums[at + 3]! += (predicted - actual) ** 2;
      });
    },
    result(sums) {
      let total = 0;
      for (let at = 0; at < sums.length; at += 4) total += ofColumn(sums[at]!, sums[at + 2]!, sums[at + 3]!);
      return total / (sums.length / 4);
    },
  };
}

function ofColumn(examples: number, deviation: number, error: number): number {
  if (examples < 2) return NaN;
  if (deviation === 0) return error === 0 ? 1 : 0;
  return 1 - error / deviation;
}
