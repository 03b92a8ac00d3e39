// How sure a figure is: intervals of predictions, of shares and of any statistic.

import type { OptionChecks } from '@sinapse/core';
import { RandomStream, SinapseError, check, checkOptions, checkValue, inverseNormal, randomKey } from '@sinapse/core';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface LevelOptions {
  /** The share of cases in which the interval should hold the true value, within (0, 1). Default 0.95. */
  readonly level?: number;
}

const LEVEL = { expected: 'a number within (0, 1)', accepts: (value: unknown) => typeof value === 'number' && value > 0 && value < 1 };
const LEVELS: OptionChecks<LevelOptions> = { level: LEVEL };
const NUMBERS = {
  expected: 'a list of at least one finite number',
  accepts: (value: unknown) =>
    ((Array.isArray(value) && value.every((each) => typeof each === 'number')) ||
      (ArrayBuffer.isView(value) && !(value instanceof DataView))) &&
    (value as unknown as ArrayLike<number>).length > 0 &&
    Array.from(value as unknown as ArrayLike<number>).every(Number.isFinite),
};

/** The quantile z with P(|Z| <= z) = level of a standard normal Z: 1.96 for 0.95. */
function twoSided(level: number): number {
  return inverseNormal((1 + level) / 2);
}

/**
 * The interval around each prediction of a regression in which the true value lies with probability `level`, if errors are normal with mean 0:
 * y ± z √MSE, where the mean squared error is that on validation data.
 * @param predictions any number of them
 * @param meanSquaredError on examples that the model was not trained on; > 0, or 0 for a model without errors
 * @throws SinapseError when an argument is wrong
 */
export function predictionInterval(predictions: ArrayLike<number>, meanSquaredError: number, options: LevelOptions = {}): Interval[] {
  checkValue('predictionInterval: predictions', predictions, NUMBERS);
  checkValue('predictionInterval: meanSquaredError', meanSquaredError, check.notNegative);
  checkOptions('predictionInterval', options, LEVELS);
  const radius = twoSided(options.level ?? 0.95) * Math.sqrt(meanSquaredError);
  return Array.from(predictions, (y) => ({ low: y - radius, high: y + radius }));
}

/**
 * The radius r for which y ± r holds the true value with probability `level` at least, whatever the distribution of the errors: the ⌈(n + 1)
 * level⌉-th smallest error on validation data. Infinite if there are too few. Lei, G'Sell, Rinaldo, Tibshirani, Wasserman 2018, "Distribution-free
 * predictive inference for regression", algorithm 2.
 * @param errors of predictions for examples that the model was not trained on, of either sign
 * @throws SinapseError when an argument is wrong
 */
export function conformalRadius(errors: ArrayLike<number>, options: LevelOptions = {}): number {
  checkValue('conformalRadius: errors', errors, NUMBERS);
  checkOptions('conformalRadius', options, LEVELS);
  const sizes = Array.from(errors, Math.abs).sort((a, b) => a - b);
  return sizes[Math.ceil((sizes.length + 1) * (options.level ?? 0.95)) - 1] ?? Infinity;
}

/**
 * The interval of a share, such as an accuracy, of which a sample is known: Wilson 1927, "Probable inference, the law of succession, and
 * statistical inference". It stays within [0, 1] and is good for small samples and for shares near 0 and 1.
 * @param successes how many of the sample, e.g. of right predictions
 * @param count the size of the sample
 * @throws SinapseError when an argument is wrong
 */
export function shareInterval(successes: number, count: number, options: LevelOptions = {}): Interval {
  checkValue('shareInterval: count', count, check.count);
  checkValue('shareInterval: successes', successes, check.natural);
  if (successes > count) throw new SinapseError(`shareInterval: successes: expected at most ${count}, got ${successes}`);
  checkOptions('shareInterval', options, LEVELS);
  const z = twoSided(options.level ?? 0.95);
  const share = successes / count;
  const scale = 1 + (z * z) / count;
  const centre = (share + (z * z) / (2 * count)) / scale;
  const radius = (z / scale) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return { low: successes === 0 ? 0 : centre - radius, high: successes === count ? 1 : centre + radius };
}

export interface BootstrapOptions extends LevelOptions {
  /** What is computed of a sample. Default its mean. */
  readonly statistic?: (sample: Float64Array) => number;
  /** How many samples are drawn. Default 2000. */
  readonly resamples?: number;
  /** The seed of the draws. Default 0. */
  readonly seed?: number;
}

const BOOTSTRAP: OptionChecks<BootstrapOptions> = { level: LEVEL, statistic: check.callable, resamples: check.count, seed: check.natural };

/**
 * The interval of any statistic of a sample: of an accuracy, if the values are 1 for right predictions and 0 for wrong ones. The statistic is
 * computed of samples drawn with replacement from the given one; the interval leaves out as many of its values on either side. Efron 1979; the
 * percentile method, Efron 1981.
 * @throws SinapseError when an argument is wrong, or the statistic does not give numbers
 */
export function bootstrapInterval(values: ArrayLike<number>, options: BootstrapOptions = {}): Interval {
  checkValue('bootstrapInterval: values', values, NUMBERS);
  checkOptions('bootstrapInterval', options, BOOTSTRAP);
  const { level = 0.95, statistic = meanOf, resamples = 2000, seed = 0 } = options;
  const stream = new RandomStream(randomKey(seed).fold('bootstrap'));
  const sample = new Float64Array(values.length);
  const found = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < sample.length; i++) sample[i] = values[stream.below(values.length)]!;
    return statistic(sample);
  }).sort();
  if (Number.isNaN(found.at(-1))) throw new SinapseError('bootstrapInterval: statistic: gave a value that is not a number');
  return { low: quantile(found, (1 - level) / 2), high: quantile(found, (1 + level) / 2) };
}

function meanOf(sample: Float64Array): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}

/** Between sorted values, linearly: type 7 of Hyndman and Fan 1996. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
