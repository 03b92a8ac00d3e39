// The list of metrics that are one number, and how to make one by its name, for command lines, files and forms.

import { knownName } from '@sinapse/core';
import type { AccumulatedMetric } from './accumulated-metric.ts';
import { accuracy } from './accuracy.ts';
import { expectedCalibrationError } from './expected-calibration-error.ts';
import { f1 } from './f1.ts';
import { logLoss } from './log-loss.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { perplexity } from './perplexity.ts';
import { averagePrecision } from './precision-recall.ts';
import { precision } from './precision.ts';
import { rSquared } from './r-squared.ts';
import { recall } from './recall.ts';
import { rocAuc } from './roc.ts';
import { rootMeanSquaredError } from './root-mean-squared-error.ts';
import { topKAccuracy } from './top-k-accuracy.ts';

/** Metrics of classes, which take the option `from`. */
export type ClassMetricName =
  | 'accuracy'
  | 'topKAccuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'rocAuc'
  | 'averagePrecision'
  | 'logLoss'
  | 'perplexity'
  | 'expectedCalibrationError';

export type MetricName = ClassMetricName | 'meanSquaredError' | 'rootMeanSquaredError' | 'meanAbsoluteError' | 'rSquared';

const classMetrics: Readonly<Record<ClassMetricName, (options: object) => AccumulatedMetric>> = {
  accuracy,
  topKAccuracy,
  precision,
  recall,
  f1,
  rocAuc,
  averagePrecision,
  logLoss,
  perplexity,
  expectedCalibrationError,
};

const metrics: Readonly<Record<MetricName, (options: object) => AccumulatedMetric>> = {
  ...classMetrics,
  meanSquaredError,
  rootMeanSquaredError,
  meanAbsoluteError,
  rSquared,
};

/** The names of the metrics that take `from`: what the scores of classes are. */
export const classMetricNames: readonly ClassMetricName[] = Object.keys(classMetrics) as ClassMetricName[];

/** The names that `createMetric` knows. */
export const metricNames: readonly MetricName[] = Object.keys(metrics) as MetricName[];

/**
 * Makes a metric by its name: `createMetric('topKAccuracy', { k: 3 })`.
 * @param options as for the metric's own function; names and values are checked, so they may come from outside
 * @throws SinapseError when the name or an option is unknown, or an option is out of range
 */
export function createMetric(name: string, options: Readonly<Record<string, unknown>> = {}): AccumulatedMetric {
  return metrics[knownName('metric', name, metricNames)](options);
}
