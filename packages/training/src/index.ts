// The public surface of @sinapse/training. Functions that read or write files are in @sinapse/training/node.

export { DivergedError, TrainingError } from './errors.ts';
export type { Batch, BatchArray, BatchOf, BatchSource, HostArray, IterateOptions } from './batch.ts';
export type { Loss, Metric, Metrics, WeightOptions } from './measure.ts';
export type { AccumulatedMetric } from './metrics/accumulated-metric.ts';
export type { Json } from './json.ts';

// Training a model
export type { EvaluateOptions, FitOptions, StepFitOptions } from './fit-options.ts';
export type { StepBatch, StepData, StepGradients, StepResult, StepSource, StepTools, TensorsOf, TrainStep } from './train-step.ts';
export type { FitResult } from './fit.ts';
export { fit } from './fit.ts';
export type { AnyBatches, TrainOptions } from './train.ts';
export { train } from './train.ts';
export type { SplitExamples, SplitOptions } from './split.ts';
export { split } from './split.ts';

// Sources of batches
export type { ArrayData, Rows } from './sources/array-data.ts';
export type { ArrayExamples, FromArraysOptions } from './sources/from-arrays.ts';
export { fromArrays } from './sources/from-arrays.ts';
export type { InTurnOptions } from './sources/in-turn.ts';
export type { Batches } from './sources/from-generator.ts';
export { fromGenerator } from './sources/from-generator.ts';
export type { StreamOf } from './sources/from-stream.ts';
export { fromStream } from './sources/from-stream.ts';

export type { Callback, GradientsInfo, Session, StepInfo, StopReason } from './callback.ts';
export type { EpochResult } from './epoch-result.ts';
export type { Monitor } from './callbacks/monitor.ts';
export type { EarlyStoppingOptions } from './callbacks/early-stopping.ts';
export { earlyStopping } from './callbacks/early-stopping.ts';
export type { BestWeightsOptions } from './callbacks/best-weights.ts';
export { bestWeights } from './callbacks/best-weights.ts';
export type { ObservingSchedule, ReduceOnPlateauOptions } from './callbacks/reduce-on-plateau.ts';
export { reduceOnPlateau } from './callbacks/reduce-on-plateau.ts';
export type { ProgressOptions } from './callbacks/progress.ts';
export { progress } from './callbacks/progress.ts';
export type { CheckpointingOptions } from './callbacks/checkpointing.ts';
export { checkpointing } from './callbacks/checkpointing.ts';
export type { StopOnNaNOptions } from './callbacks/stop-on-nan.ts';
export { stopOnNaN } from './callbacks/stop-on-nan.ts';
export type { TimeLimitOptions } from './callbacks/time-limit.ts';
export { timeLimit } from './callbacks/time-limit.ts';
export type { AveragedWeightsOptions, Averaging } from './callbacks/averaged-weights.ts';
export { averagedWeights } from './callbacks/averaged-weights.ts';
export type { LayerNorms } from './callbacks/gradient-health/gradient-norms.ts';
export type { Diagnosis } from './callbacks/gradient-health/diagnosis.ts';
export type { GradientHealthOptions, GradientReport } from './callbacks/gradient-health/gradient-health.ts';
export { gradientHealth } from './callbacks/gradient-health/gradient-health.ts';

export type { RefreshOptions } from './refresh-statistics.ts';
export { refreshStatistics } from './refresh-statistics.ts';

// Using a trained model
export type { Evaluation } from './evaluate.ts';
export { evaluate } from './evaluate.ts';
export type { ClassifyOptions, ClassProbability, HostArraysOf, InputSource, Inputs, InputsOf } from './predict.ts';
export { classify, predict } from './predict.ts';

// Checkpoints and model files, as bytes
export type { CallbackState, Checkpoint, OptimizerArrays, Progress } from './checkpoint/contents.ts';
export type { Learner } from './learner.ts';
export type { Trained } from './checkpoint/checkpoint.ts';
export { captureCheckpoint, restoreCheckpoint } from './checkpoint/checkpoint.ts';
export { decodeCheckpoint, encodeCheckpoint } from './checkpoint/file.ts';
export type { RunningSums } from './running.ts';
export type { DescribedModel, Description, LayerFunctions } from './description.ts';
export { describeModel, modelFrom } from './description.ts';
export type { OpenedModel } from './open-model.ts';
export { openModel } from './open-model.ts';
export type { ModelCard, ModelFile } from './model-file.ts';
export { decodeModel, encodeModel } from './model-file.ts';
export type { LoadedWeights, LoadWeightsOptions } from './load-weights.ts';
export { loadWeights } from './load-weights.ts';
