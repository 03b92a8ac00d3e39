// The public surface of @sinapse/training/selection: choosing models and learning rates, and saying how sure their figures are.

export type { FindLearningRateOptions, LearningRateCurve } from './find-learning-rate.ts';
export { findLearningRate } from './find-learning-rate.ts';

// Cross-validation
export type { Examples } from './examples.ts';
export type { GivenExamples } from './given-examples.ts';
export type { Fold, FoldOptions } from './folds.ts';
export { kFold } from './folds.ts';
export type { Spread } from './spread.ts';
export type { CrossValidateOptions, CrossValidation, FoldResult, FoldTraining, GivenFold } from './cross-validate.ts';
export { crossValidate } from './cross-validate.ts';

// Search for hyper-parameters
export type { NumberRange, ParametersOf, SearchSpace } from './search-space.ts';
export type { Objective, RandomSearchOptions, SearchOptions, SearchResult, Trial, TrialInfo } from './search.ts';
export { gridSearch, randomSearch } from './search.ts';
export type { SuccessiveHalvingOptions } from './successive-halving.ts';
export { successiveHalving } from './successive-halving.ts';
export type { TrialLog } from './trial-log.ts';

// Under- and overfitting
export type { Candidate, CurvePoint, LearningCurveOptions, LearningCurvePoint, Measures, ValidationCurvePoint } from './curves.ts';
export { learningCurve, validationCurve } from './curves.ts';

// Ensembles
export type { Member, MemberOutput } from './members.ts';
export type { EnsembleOptions } from './ensemble.ts';
export { Ensemble, ensemble } from './ensemble.ts';
export type { StackOptions } from './stacking.ts';
export { Stacking, stack, stacking } from './stacking.ts';
export type { SnapshotOptions, Snapshots } from './snapshots.ts';
export { snapshots } from './snapshots.ts';
export { ensembleLayers } from './ensemble-layers.ts';

// How sure a model is, and its figures are
export type { CalibrateOptions, Calibration } from './calibrate.ts';
export { TemperatureScaled, calibrate, fitTemperature, temperatureScaled } from './calibrate.ts';
export type { Reliability, ReliabilityBin, ReliabilityOptions } from './reliability.ts';
export { reliability } from './reliability.ts';
export type { BootstrapOptions, Interval, LevelOptions } from './intervals.ts';
export { bootstrapInterval, conformalRadius, predictionInterval, shareInterval } from './intervals.ts';
