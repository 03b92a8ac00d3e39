// The public surface of @sinapse/optimizers.

export type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
export * from './create.ts'; // the optimizers: the one list of them

export type { Grouped, GroupedOptions, ParameterGroup } from './grouped.ts';
export { grouped } from './grouped.ts';

export type { CooldownOptions, CosineDecayOptions, DecayOptions, LearningRate, Schedule } from './schedules.ts';
export { constant, cooldown, cosineDecay, exponentialDecay, stepDecay, warmUp } from './schedules.ts';

export type { ClippingOptions } from './clipping.ts';
export { clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
