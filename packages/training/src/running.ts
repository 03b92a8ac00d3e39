// Sums over the batches of an epoch, weighted by the number of examples, so that a smaller last batch counts for less. A checkpoint
// contains them.

import type { AnyMetrics, Measured } from './measure.ts';
import { TrainingError } from './errors.ts';
import type { AccumulatedMetric } from './metrics/accumulated-metric.ts';
import { isAccumulated } from './metrics/accumulated-metric.ts';

export interface RunningSums {
  readonly examples: number;
  /** The sum of the weights of the examples; absent if none has a weight, as each then counts as 1. */
  readonly weight?: number;
  /** The sum over batches of mean loss times number (or weight) of examples. The metrics are summed by numbers. */
  readonly loss: number;
  readonly correct: number;
  readonly labels: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** The sums of the accumulated metrics, which change in place. */
  readonly accumulated: Readonly<Record<string, number[]>>;
}

/** Means over the examples seen. */
export interface Means {
  readonly loss: number;
  /** The share of labels predicted correctly. Present if the targets are class numbers. */
  readonly accuracy?: number;
  /** Present if there are metrics. */
  readonly metrics?: Readonly<Record<string, number>>;
}

export const NO_SUMS: RunningSums = { examples: 0, loss: 0, correct: 0, labels: 0, metrics: {}, accumulated: {} };

/** Adds a batch. The sums that were given are not used any more. */
export function addBatch(sums: RunningSums, batch: Measured, metrics: AnyMetrics): RunningSums {
  const { accumulated } = sums;
  const added = Object.entries(batch.accumulated).map(([name, values]): [string, number[]] => {
    const metric = accumulatedIn(metrics, name);
    const own = Object.hasOwn(accumulated, name) ? accumulated[name]! : metric.start();
    metric.add(own, values);
    return [name, own];
  });
  const weighted = sums.weight !== undefined || batch.weight !== undefined;
  return {
    examples: sums.examples + batch.examples,
    ...(weighted && { weight: (sums.weight ?? sums.examples) + (batch.weight ?? batch.examples) }),
    loss: sums.loss + batch.loss * (batch.weight ?? batch.examples),
    correct: sums.correct + batch.correct,
    labels: sums.labels + batch.labels,
    metrics: mapValues(
      batch.metrics,
      (value, name) => (Object.hasOwn(sums.metrics, name) ? sums.metrics[name]! : 0) + value * batch.examples,
    ),
    accumulated: Object.fromEntries(added),
  };
}

/** Sums of their own, which later batches do not change. */
export function copyOf(sums: RunningSums): RunningSums {
  return { ...sums, accumulated: mapValues(sums.accumulated, (own) => [...own]) };
}

/** The means of the loss, the accuracy and the metrics that are functions. */
export function meansOf(sums: RunningSums): Means {
  return {
    loss: sums.loss / (sums.weight ?? sums.examples),
    ...(sums.labels > 0 && { accuracy: sums.correct / sums.labels }),
    ...(Object.keys(sums.metrics).length > 0 && { metrics: mapValues(sums.metrics, (value) => value / sums.examples) }),
  };
}

/** The results of all metrics, in the order of their list, then those that a step told by itself; undefined if there are none. */
export function resultsOf(sums: RunningSums, metrics: AnyMetrics): Record<string, unknown> | undefined {
  const means = meansOf(sums).metrics ?? {};
  const names = new Set([...Object.keys(metrics), ...Object.keys(means)]);
  const measured = [...names].filter((name) => Object.hasOwn(means, name) || Object.hasOwn(sums.accumulated, name));
  const results = measured.map((name): [string, unknown] => {
    const own = Object.hasOwn(sums.accumulated, name) ? sums.accumulated[name] : undefined;
    return [name, own === undefined ? means[name] : accumulatedIn(metrics, name).result(own)];
  });
  return results.length === 0 ? undefined : Object.fromEntries(results);
}

function accumulatedIn(metrics: AnyMetrics, name: string): AccumulatedMetric<unknown, never, never> {
  const metric = metrics[name];
  if (!isAccumulated(metric)) throw new TrainingError(`the metric ${name} is accumulated in the checkpoint, and a function here`);
  return metric;
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, change: (value: V, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
