// The public surface of @sinapse/optimizers.

export type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
export type { SgdOptions } from './sgd.ts';
export { sgd } from './sgd.ts';
export type { AdamOptions } from './adam.ts';
export { adam, adamW } from './adam.ts';
export type { OptimizerName } from './create.ts';
export { createOptimizer, defaultLearningRate, optimizerNames } from './create.ts';

export type { CooldownOptions, CosineDecayOptions, DecayOptions, LearningRate, Schedule } from './schedules.ts';
export { constant, cooldown, cosineDecay, exponentialDecay, stepDecay, warmUp } from './schedules.ts';

export type { ClippingOptions } from './clipping.ts';
export { clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
