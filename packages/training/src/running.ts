// Sums over the batches of an epoch, weighted by the number of examples, so that a smaller last batch counts for less. A checkpoint
// contains them.

import type { Measured } from './measure.ts';

export interface RunningSums {
  readonly examples: number;
  /** The sum over batches of mean loss times number of examples. The metrics are summed in the same way. */
  readonly loss: number;
  readonly correct: number;
  readonly labels: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Means over the examples seen. */
export interface Means {
  readonly loss: number;
  /** The share of labels predicted correctly. Present if the targets are class numbers. */
  readonly accuracy?: number;
  /** Present if there are metrics. */
  readonly metrics?: Readonly<Record<string, number>>;
}

export const NO_SUMS: RunningSums = { examples: 0, loss: 0, correct: 0, labels: 0, metrics: {} };

export function addBatch(sums: RunningSums, batch: Measured): RunningSums {
  return {
    examples: sums.examples + batch.examples,
    loss: sums.loss + batch.loss * batch.examples,
    correct: sums.correct + batch.correct,
    labels: sums.labels + batch.labels,
    metrics: mapValues(
      batch.metrics,
      (value, name) => (Object.hasOwn(sums.metrics, name) ? sums.metrics[name]! : 0) + value * batch.examples,
    ),
  };
}

export function meansOf(sums: RunningSums): Means {
  return {
    loss: sums.loss / sums.examples,
    ...(sums.labels > 0 && { accuracy: sums.correct / sums.labels }),
    ...(Object.keys(sums.metrics).length > 0 && { metrics: mapValues(sums.metrics, (value) => value / sums.examples) }),
  };
}

function mapValues(record: Readonly<Record<string, number>>, change: (value: number, name: string) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
