// What the losses of classifiers share: labels as numbers or as probabilities, smoothed, weighted, ignored.

import type { Check, OptionChecks, Tensor } from '@sinapse/core';
import {
  DTypeError,
  ShapeError,
  SinapseError,
  add,
  cast,
  check,
  formatShape,
  mul,
  notEqual,
  oneHot,
  sameShape,
  sum,
  tensor,
  where,
} from '@sinapse/core';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, checkTensors, reduced, targetOf } from './reduction.ts';

export interface SmoothingOptions extends ReductionOptions {
  /**
   * The share of the target that is spread evenly over all classes, within [0, 1): target (1 - labelSmoothing) + labelSmoothing / classes. Default 0.
   * Szegedy et al. 2016, "Rethinking the Inception architecture", section 7.
   */
  readonly labelSmoothing?: number;
  /**
   * How much each class counts, numbers >= 0: the term of class c is multiplied by classWeights[c]. The mean is divided by the weights of the
   * targets, as in PyTorch. Default 1 for all.
   */
  readonly classWeights?: readonly number[];
}

export interface ClassOptions extends SmoothingOptions {
  /** A class number whose examples do not count, e.g. -1 or 255 for "unknown". Only for labels that are class numbers. */
  readonly ignoreIndex?: number;
}

const WEIGHTS: Check = {
  expected: 'a list of numbers >= 0, one for each class',
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => check.notNegative.accepts(each)),
};

/** The checks of the options. */
export const SMOOTHING: OptionChecks<SmoothingOptions> = { ...REDUCTION, labelSmoothing: check.fraction, classWeights: WEIGHTS };
export const CLASSES: OptionChecks<ClassOptions> = { ...SMOOTHING, ignoreIndex: check.offset };

/** @throws SinapseError unless there is a weight for each class */
export function checkClassWeights(loss: string, weights: readonly number[], classes: number): void {
  if (weights.length !== classes)
    throw new SinapseError(`${loss}: classWeights: expected a weight for each of the ${classes} classes, got ${weights.length}`);
}

/** How a loss of classifiers computes its costs. */
export interface ClassCosts {
  /** The cost of each class, `[batch, …, classes]`, for a target of this shape: the loss of an example is their sum. */
  readonly terms: (target: Tensor) => Tensor;
  /** The losses of class numbers, `[batch, …]`, if there is a faster way than the terms. */
  readonly ofNumbers?: (numbers: Tensor) => Tensor;
}

/**
 * The loss of a classifier.
 * @param prediction `[batch, …, classes]`
 * @param labels class numbers `[batch, …]`, or probabilities in the prediction's shape
 * @returns a scalar
 */
export function classLoss(loss: string, prediction: Tensor, labels: Tensor, options: ClassOptions, costs: ClassCosts): Tensor {
  const asProbabilities = isProbabilities(loss, prediction, labels);
  const classes = prediction.shape.at(-1)!;
  const { labelSmoothing = 0, classWeights, ignoreIndex } = options;
  if (classWeights !== undefined) checkClassWeights(loss, classWeights, classes);
  if (asProbabilities && ignoreIndex !== undefined)
    throw new SinapseError(`${loss}: ignoreIndex is for labels that are class numbers; give probabilities the sampleWeight 0`);

  const numbers = asProbabilities ? undefined : cast(labels, 'int32');
  const counts = numbers === undefined || ignoreIndex === undefined ? undefined : notEqual(numbers, ignoreIndex);
  const known = counts === undefined ? numbers : where(counts, numbers!, 0);
  let losses: Tensor;
  let mass: Tensor | undefined;
  if (known !== undefined && costs.ofNumbers !== undefined && classWeights === undefined && labelSmoothing === 0) {
    losses = costs.ofNumbers(known);
  } else {
    const target = known === undefined ? targetOf(loss, prediction, labels) : oneHot(known, classes);
    const smoothed = labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / classes);
    const terms = costs.terms(smoothed);
    if (classWeights === undefined) losses = sum(terms, { axis: -1 });
    else {
      const weights = tensor([...classWeights]);
      losses = sum(mul(terms, weights), { axis: -1 });
      mass = sum(mul(target, weights), { axis: -1 });
    }
  }
  if (counts !== undefined) {
    const one = cast(counts, losses.dtype);
    losses = where(counts, losses, 0);
    mass = mass === undefined ? one : mul(mass, one);
  }
  return reduced(loss, losses, options, mass);
}

/**
 * Whether the labels are probabilities of the classes, not class numbers.
 * @throws ShapeError, DTypeError when they are neither
 */
export function isProbabilities(loss: string, prediction: Tensor, labels: Tensor): boolean {
  checkTensors(loss, prediction, labels);
  const { shape } = prediction;
  if (shape.length < 2) throw new ShapeError(`${loss}: the prediction must be [batch, classes], got ${formatShape(shape)}`);
  if (sameShape(labels.shape, shape)) return true;
  const numbers = shape.slice(0, -1);
  if (!sameShape(labels.shape, numbers))
    throw new ShapeError(
      `${loss}: for a prediction of ${formatShape(shape)}, labels must be class numbers ${formatShape(numbers)} or probabilities ${formatShape(shape)}, got ${formatShape(labels.shape)}`,
    );
  if (labels.dtype !== 'int32' && labels.dtype !== 'uint8')
    throw new DTypeError(`${loss}: class numbers must be int32, got ${labels.dtype}: labels.cast('int32')`);
  return false;
}
