// Focal losses: examples that are almost right count little, so that a rare class is not drowned by easy examples of the others.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { add, check, checkOptions, exp, expm1, fused, logSoftmax, maximum, mul, neg, pow, softplus, sub } from '@sinapse/core';
import type { ClassOptions } from './class-options.ts';
import { CLASSES, classLoss } from './class-options.ts';
import { product, surprisalOfLog } from './cross-entropy.ts';
import type { ReductionOptions } from './reduction.ts';
import { REDUCTION, reduced, targetOf } from './reduction.ts';

export interface BinaryFocalOptions extends ReductionOptions {
  /** How strongly easy examples are played down, >= 0; 0 is the cross-entropy. Default 2. */
  readonly gamma?: number;
  /** The weight of a yes, within [0, 1]; that of a no is 1 - alpha. By default, both are 1. */
  readonly alpha?: number;
}

const BINARY: OptionChecks<BinaryFocalOptions> = { ...REDUCTION, gamma: check.notNegative, alpha: check.probability };

/**
 * -alpha (1 - p)^gamma ln p, where p is the probability that the model gives to the right answer; each element is a yes-or-no question of its own. Lin,
 * Goyal, Girshick, He, Dollár 2017, "Focal loss for dense object detection", equation 5.
 * @param logits float32, any shape
 * @param target of the same shape, within [0, 1]; integers and booleans are cast to float32
 * @returns a scalar: the mean over all elements, or their sum
 */
export function binaryFocalCrossEntropy(logits: Tensor, target: Tensor, options: BinaryFocalOptions = {}): Tensor {
  checkOptions('binaryFocalCrossEntropy', options, BINARY);
  const { gamma = 2, alpha } = options;
  const wanted = targetOf('binaryFocalCrossEntropy', logits, target);
  const [no, yes] = alpha === undefined ? [1, 1] : [1 - alpha, alpha];
  return reduced('binaryFocalCrossEntropy', binaryCosts(logits, wanted, gamma, no, yes), options);
}

/** With 1 - σ(z) = σ(-z) = e^-softplus(z), powers and logarithms are of softplus alone, which is accurate in both tails. */
const binaryCosts = fused((z: Tensor, target: Tensor, gamma: number, no: number, yes: number) => {
  const [costOfYes, costOfNo] = [softplus(neg(z)), softplus(z)];
  const focused = (cost: Tensor, other: Tensor): Tensor => mul(exp(mul(neg(other), gamma)), cost);
  return add(mul(product(target, focused(costOfYes, costOfNo)), yes), mul(product(sub(1, target), focused(costOfNo, costOfYes)), no));
});

export interface CategoricalFocalOptions extends ClassOptions {
  /** How strongly easy examples are played down, >= 0; 0 is the cross-entropy. Default 2. */
  readonly gamma?: number;
}

const CATEGORICAL: OptionChecks<CategoricalFocalOptions> = { ...CLASSES, gamma: check.notNegative };

/**
 * -Σ target (1 - p)^gamma ln p, summed over the classes, where p = softmax(logits). Lin et al. 2017; `classWeights` are its alpha.
 * @param logits float32 `[batch, …, classes]`
 * @param labels int32 or uint8 class numbers `[batch, …]`, or probabilities in the shape of the logits
 * @returns a scalar
 * @throws ShapeError when the labels have neither shape, DTypeError when class numbers are not integers
 */
export function categoricalFocalCrossEntropy(logits: Tensor, labels: Tensor, options: CategoricalFocalOptions = {}): Tensor {
  checkOptions('categoricalFocalCrossEntropy', options, CATEGORICAL);
  const { gamma = 2 } = options;
  return classLoss('categoricalFocalCrossEntropy', logits, labels, options, {
    terms: (target) => {
      const logP = logSoftmax(logits);
      return gamma === 0 ? surprisalOfLog(target, logP) : focusedTerms(target, logP, gamma);
    },
  });
}

/** 1 - p = -(e^ln p - 1) keeps its digits where p is almost 1. It is kept above 0, where a power below 1 has an infinite derivative. */
const focusedTerms = fused((target: Tensor, logP: Tensor, gamma: number) =>
  mul(pow(maximum(neg(expm1(logP)), 1e-30), gamma), surprisalOfLog(target, logP)),
);
