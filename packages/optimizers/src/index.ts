// The public surface of @sinapse/optimizers.

export type { CommonOptions, SlotOptimizer } from './slot-optimizer.ts';
export * from './create.ts'; // the optimizers: the one list of them

export type { Grouped, GroupedOptions, ParameterGroup } from './grouped.ts';
export { grouped } from './grouped.ts';
export type { Accumulated } from './accumulate.ts';
export { accumulate } from './accumulate.ts';
export type { LookAhead, LookAheadOptions } from './look-ahead.ts';
export { lookAhead } from './look-ahead.ts';
export type { MovingAverageOptions, StochasticAverageOptions, WeightAverage } from './weight-average.ts';
export { movingAverage, stochasticAverage } from './weight-average.ts';

export type { Evaluation, Minimizer, Minimum } from './minimize.ts';
export { minimize } from './minimize.ts';
export type { LbfgsOptions } from './lbfgs.ts';
export { lbfgs } from './lbfgs.ts';

export type { CooldownOptions, CosineDecayOptions, DecayOptions, LearningRate, Schedule } from './schedules.ts';
export { constant, cooldown, cosineDecay, exponentialDecay, stepDecay, warmUp } from './schedules.ts';
export type { PolynomialDecayOptions } from './schedules/polynomial-decay.ts';
export { polynomialDecay } from './schedules/polynomial-decay.ts';
export type { CosineRestartsOptions } from './schedules/cosine-restarts.ts';
export { cosineRestarts } from './schedules/cosine-restarts.ts';
export type { OneCycleOptions } from './schedules/one-cycle.ts';
export { oneCycle } from './schedules/one-cycle.ts';
export type { InverseSquareRootOptions } from './schedules/inverse-square-root.ts';
export { inverseSquareRoot } from './schedules/inverse-square-root.ts';
export type { Phase } from './schedules/sequence.ts';
export { sequence } from './schedules/sequence.ts';
export type { OnPlateauOptions, PlateauSchedule } from './schedules/plateau.ts';
export { onPlateau } from './schedules/plateau.ts';

export type { ClippingOptions } from './clipping.ts';
export { clipByGlobalNorm, clipByValue, globalNorm } from './clipping.ts';
