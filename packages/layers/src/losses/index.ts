// The losses: plain functions of a prediction and a target that return a scalar.

export type { ReductionOptions } from './reduction.ts';
export type { ClassOptions, SmoothingOptions } from './class-options.ts';
export type { BinaryCrossEntropyOptions } from './cross-entropy.ts';
export { binaryCrossEntropy, categoricalCrossEntropy, softmaxCrossEntropy } from './cross-entropy.ts';
export type { BinaryFocalOptions, CategoricalFocalOptions } from './focal.ts';
export { binaryFocalCrossEntropy, categoricalFocalCrossEntropy } from './focal.ts';
export type { KlDivergenceOptions } from './kl-divergence.ts';
export { klDivergence } from './kl-divergence.ts';
export { categoricalHinge, hinge, squaredHinge } from './hinge.ts';
export type { HuberOptions, MeanSquaredErrorOptions } from './regression.ts';
export { huber, logCosh, meanAbsoluteError, meanSquaredError } from './regression.ts';
export type { PoissonOptions } from './poisson.ts';
export { poisson } from './poisson.ts';
export { cosineDistance } from './cosine-distance.ts';
export type { ContrastiveOptions, TripletOptions } from './embeddings.ts';
export { contrastive, triplet } from './embeddings.ts';
export type { CtcOptions } from './ctc.ts';
export { ctc } from './ctc.ts';
export { l1Penalty, l2Penalty } from './penalties.ts';
