import type { OptionChecks, Tensor } from '@sinapse/core';
import {
  add,
  cast,
  check,
  checkOptions,
  expandDims,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  range,
  sub,
  sum,
  takeAlong,
} from '@sinapse/core';
import { TrainingError } from '../errors.ts';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import type { ScoreOptions } from './answers.ts';
import { SCORES, answersOf } from './answers.ts';

/** `from` makes no difference: probabilities have the order of the logits. */
export interface TopKOptions extends ScoreOptions {
  /** How many answers count: an integer >= 1. Default 5. */
  readonly k?: number;
}

const TOP_K: OptionChecks<TopKOptions> = { ...SCORES, k: check.count };

/**
 * The share of examples whose class is among the `k` with the largest scores. Of equal scores, those of lower class numbers come first. A
 * score that is not a number comes before all others, so that it never counts as right.
 * @throws SinapseError when an option is unknown or out of range; in use TrainingError when the targets are no classes, or the model has no
 *   more than k of them
 */
export function topKAccuracy(options: TopKOptions = {}): AccumulatedMetric {
  checkOptions('topKAccuracy', options, TOP_K);
  const { k = 5 } = options;
  return {
    batch(output, target) {
      const { classes, scores, actual } = answersOf('topKAccuracy', output, target);
      if (classes <= k) throw new TrainingError(`topKAccuracy: among ${k} of ${classes} classes every answer is right; k must be smaller`);
      return cast(less(ranksOf(classes, scores, actual), k), 'float32');
    },
    start: () => [0, 0],
    add(sums, values) {
      for (let i = 0; i < values.length; i++) sums[0]! += values[i]!;
      sums[1]! += values.length;
    },
    result: ([right, examples]) => right! / examples!,
  };
}

/** How many classes come before the true one: `[examples]`. */
function ranksOf(classes: number, scores: Tensor, actual: Tensor): Tensor {
  const label = expandDims(actual, -1);
  const own = takeAlong(scores, cast(label, 'int32'));
  const number = cast(range(classes), 'float32');
  const earlier = logicalAnd(less(number, label), logicalNot(less(scores, own)));
  const later = logicalAnd(less(label, number), logicalNot(lessEqual(scores, own)));
  const broken = sub(1, cast(lessEqual(own, own), 'float32')).mul(classes); // 1 · classes where the own score is NaN
  return add(sum(add(cast(earlier, 'float32'), cast(later, 'float32')), { axis: -1 }), broken.flatten());
}
