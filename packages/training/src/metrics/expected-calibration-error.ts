import type { OptionChecks, Tensor } from '@sinapse/core';
import { argMax, cast, check, checkOptions, concat, equal, greater, max, maximum, sigmoid, softmax, sub } from '@sinapse/core';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { Answers, ScoreOptions } from './answers.ts';
import { SCORES, answersOf } from './answers.ts';

export interface CalibrationOptions extends ScoreOptions {
  /** The number of bins of equal width within [0, 1]. Default 15. */
  readonly bins?: number;
}

const CALIBRATION: OptionChecks<CalibrationOptions> = { ...SCORES, bins: check.integer(1, 10_000) };

/**
 * The expected calibration error: how far the confidence of the answers is from their accuracy, as the mean over bins of equal confidence,
 * weighted by their examples. Bin m of M holds the confidences within ((m - 1)/M, m/M]. Guo et al. 2017, equation 5.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes
 */
export function expectedCalibrationError(options: CalibrationOptions = {}): AccumulatedMetric {
  checkOptions('expectedCalibrationError', options, CALIBRATION);
  const { bins = 15, from = 'logits' } = options;
  return {
    batch(output, target) {
      const { confidence, right } = confidencesOf(answersOf('expectedCalibrationError', output, target), from);
      return concat([cast(confidence, 'float32'), cast(right, 'float32')]);
    },
    // For each bin: the examples, the sum of their confidences, the right answers.
    start: () => new Array<number>(3 * bins).fill(0),
    add(sums, values) {
      const examples = values.length / 2;
      for (let i = 0; i < examples; i++) {
        const confidence = values[i]!;
        const bin = 3 * binOf(confidence, bins);
        sums[bin]!++;
        sums[bin + 1]! += confidence;
        sums[bin + 2]! += values[i + examples]!;
      }
    },
    result(sums) {
      let [examples, error] = [0, 0];
      for (let bin = 0; bin < sums.length; bin += 3) {
        examples += sums[bin]!;
        error += Math.abs(sums[bin + 1]! - sums[bin + 2]!);
      }
      return error / examples;
    },
  };
}

/** The bin of a confidence: number m, from 0, holds those above m / bins, up to (m + 1) / bins. NaN goes to the first one and spoils its sum. */
export function binOf(confidence: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1) || 0);
}

/** The probability of each answer, and whether it is right. */
function confidencesOf({ classes, scores, actual }: Answers, from: 'logits' | 'probabilities'): { confidence: Tensor; right: Tensor } {
  if (classes === 1) {
    const yes = from === 'logits' ? sigmoid(scores) : scores;
    return { confidence: maximum(yes, sub(1, yes)), right: equal(cast(greater(yes, 0.5), 'float32'), actual) };
  }
  const probabilities = from === 'logits' ? softmax(scores) : scores;
  return { confidence: max(probabilities, { axis: -1 }), right: equal(cast(argMax(scores, { axis: -1 }), 'float32'), actual) };
}
