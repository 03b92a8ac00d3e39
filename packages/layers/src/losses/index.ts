// The losses: plain functions of a prediction and a target that return a scalar.

export type { BinaryCrossEntropyOptions } from './cross-entropy.ts';
export { binaryCrossEntropy, categoricalCrossEntropy, softmaxCrossEntropy } from './cross-entropy.ts';
export type { ReductionOptions } from './reduction.ts';
export type { HuberOptions, MeanSquaredErrorOptions } from './regression.ts';
export { huber, meanAbsoluteError, meanSquaredError } from './regression.ts';
export { l1Penalty, l2Penalty } from './penalties.ts';
