// Metrics: measures of a whole data set, for the option `metrics` of `fit` and `evaluate`.

export type { AccumulatedMetric } from './accumulated-metric.ts';
export type { ScoreOptions } from './answers.ts';
export type { Average, ClassOptions, PerClassOptions } from './class-average.ts';
export { accuracy } from './accuracy.ts';
export type { TopKOptions } from './top-k-accuracy.ts';
export { topKAccuracy } from './top-k-accuracy.ts';
export { precision } from './precision.ts';
export { recall } from './recall.ts';
export { f1 } from './f1.ts';
export { confusionMatrix } from './confusion-matrix.ts';
export type { RankingOptions } from './ranking.ts';
export type { RocCurve } from './roc.ts';
export { rocAuc, rocCurve } from './roc.ts';
export type { PrecisionRecallCurve } from './precision-recall.ts';
export { averagePrecision, precisionRecallCurve } from './precision-recall.ts';
export type { LogLossOptions } from './log-loss.ts';
export { logLoss } from './log-loss.ts';
export { perplexity } from './perplexity.ts';
export type { CalibrationOptions } from './expected-calibration-error.ts';
export { expectedCalibrationError } from './expected-calibration-error.ts';
export { meanSquaredError } from './mean-squared-error.ts';
export { rootMeanSquaredError } from './root-mean-squared-error.ts';
export { meanAbsoluteError } from './mean-absolute-error.ts';
export { rSquared } from './r-squared.ts';
export type { ClassMetricName, MetricName } from './create.ts';
export { classMetricNames, createMetric, metricNames } from './create.ts';
