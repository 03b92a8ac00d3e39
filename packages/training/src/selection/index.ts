// The public surface of @sinapse/training/selection: choosing models and learning rates, and saying how sure their figures are.

export type { FindLearningRateOptions, LearningRateCurve } from './find-learning-rate.ts';
export { findLearningRate } from './find-learning-rate.ts';

// Cross-validation
export type { Examples } from './examples.ts';
export type { Fold, FoldOptions } from './folds.ts';
export { kFold } from './folds.ts';
export type { Spread } from './spread.ts';
export type { CrossValidateOptions, CrossValidation, FoldResult, FoldTraining } from './cross-validate.ts';
export { crossValidate } from './cross-validate.ts';

// Search for hyper-parameters
export type { NumberRange, ParametersOf, SearchSpace } from './search-space.ts';
export type { Objective, RandomSearchOptions, SearchOptions, SearchResult, Trial, TrialInfo } from './search.ts';
export { gridSearch, randomSearch } from './search.ts';
export type { SuccessiveHalvingOptions } from './successive-halving.ts';
export { successiveHalving } from './successive-halving.ts';
export type { TrialLog } from './trial-log.ts';
