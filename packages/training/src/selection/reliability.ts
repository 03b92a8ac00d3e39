// How well probabilities keep what they promise: of the predictions made with 80 % confidence, are 80 % right?

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check, checkOptions, checkValue } from '@sinapse/core';
import { isHostArray } from '../batch.ts';
import type { HostArray } from '../batch.ts';
import { binOf } from '../metrics/expected-calibration-error.ts';

export interface ReliabilityOptions {
  /** The number of bins of equal width. Default 15. */
  readonly bins?: number;
}

/** The predictions whose confidence, the probability of the predicted class, is above `from` and at most `to`. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean confidence; NaN of an empty bin, as is the accuracy. */
  readonly confidence: number;
  /** The share of right predictions. */
  readonly accuracy: number;
}

export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** The expected calibration error: the mean of |accuracy - confidence| over all predictions. */
  readonly expectedError: number;
  /** The maximum calibration error: the largest |accuracy - confidence| of a bin. */
  readonly maximumError: number;
  /** The mean of -log(probability of the right class). */
  readonly negativeLogLikelihood: number;
  readonly accuracy: number;
}

const OPTIONS: OptionChecks<ReliabilityOptions> = { bins: check.count };

/**
 * The data of a reliability diagram. Naeini, Cooper, Hauskrecht 2015; Guo, Pleiss, Sun, Weinberger 2017, "On calibration of modern neural
 * networks", section 2.
 * @param probabilities `[examples, classes]`
 * @param labels the right class of each example
 * @throws SinapseError when an argument is wrong or a label is no class
 */
export function reliability(probabilities: HostArray, labels: ArrayLike<number>, options: ReliabilityOptions = {}): Reliability {
  checkScores('reliability', 'probabilities', probabilities, labels);
  checkOptions('reliability', options, OPTIONS);
  const { bins: count = 15 } = options;
  const { data, shape } = probabilities;
  const [examples, classes] = shape as [number, number];
  const sums = Array.from({ length: count }, () => ({ count: 0, confidence: 0, right: 0 }));
  let loss = 0;
  for (let i = 0; i < examples; i++) {
    const row = Array.from(data.subarray(i * classes, (i + 1) * classes), Number);
    const confidence = Math.max(...row);
    const bin = sums[binOf(confidence, count)]!;
    bin.count++;
    bin.confidence += confidence;
    bin.right += Number(row.indexOf(confidence) === labels[i]);
    loss -= Math.log(row[labels[i]!]!);
  }
  const bins = sums.map((bin, i) => ({
    from: i / count,
    to: (i + 1) / count,
    count: bin.count,
    confidence: bin.confidence / bin.count,
    accuracy: bin.right / bin.count,
  }));
  const filled = bins.filter((bin) => bin.count > 0);
  const gap = ({ accuracy, confidence }: ReliabilityBin): number => Math.abs(accuracy - confidence);
  return {
    bins,
    expectedError: filled.reduce((sum, bin) => sum + (bin.count / examples) * gap(bin), 0),
    maximumError: Math.max(...filled.map(gap)),
    negativeLogLikelihood: loss / examples,
    accuracy: sums.reduce((sum, { right }) => sum + right, 0) / examples,
  };
}

/** @throws SinapseError unless scores are `[examples, classes]` with a class for each example */
export function checkScores(owner: string, name: string, scores: unknown, labels: unknown): void {
  checkValue(`${owner}: ${name}`, scores, {
    expected: 'an array with its shape [examples, classes], at least one example and two classes',
    accepts: (value) => isHostArray(value) && value.shape.length === 2 && value.shape[0]! > 0 && value.shape[1]! > 1,
  });
  const { data, shape } = scores as HostArray;
  const [examples, classes] = shape as [number, number];
  const wrong = Array.prototype.findIndex.call(data, (score: number) => !Number.isFinite(score));
  if (wrong >= 0)
    throw new SinapseError(`${owner}: ${name}: example ${Math.floor(wrong / classes)} has ${data[wrong]}, which is no finite number`);
  checkValue(`${owner}: labels`, labels, {
    expected: `a class from 0 to ${classes - 1} for each of the ${examples} examples`,
    accepts: (value) => {
      const list = Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<number>) : [];
      return list.length === examples && list.every((label) => Number.isInteger(label) && label >= 0 && label < classes);
    },
  });
}

/** The softmax of each row of logits, in float64. */
export function probabilitiesOf({ data, shape }: HostArray, temperature = 1): HostArray {
  const [examples, classes] = shape as [number, number];
  const probabilities = new Float64Array(data.length);
  for (let i = 0; i < examples; i++) {
    const row = Array.from(data.subarray(i * classes, (i + 1) * classes), (logit) => Number(logit) / temperature);
    const most = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    probabilities.set(
      powers.map((power) => power / sum),
      i * classes,
    );
  }
  return { data: probabilities, shape };
}

/** @throws SinapseError unless a model gives `[examples, classes]` */
export function checkClassScores(owner: string, { shape }: HostArray): void {
  if (shape.length !== 2 || shape[1]! < 2)
    throw new SinapseError(`${owner}: the model must give logits [batch, classes], got [${shape.join(',')}]`);
}
