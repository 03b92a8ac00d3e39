// What the answers of a classifier are worth: its measures as `@sinapse/training` defines them, from the answers that a run has kept.

import type { Tensor } from '@sinapse/core';
import { scope, tensor } from '@sinapse/core';
import type { AccumulatedMetric, RocCurve } from '@sinapse/training/metrics';
import { confusionMatrix, f1, precision, recall, rocAuc, rocCurve } from '@sinapse/training/metrics';
import type { Reliability } from '@sinapse/training/selection';
import { reliability } from '@sinapse/training/selection';
import type { RunData } from './run-data.ts';

export interface ClassMeasures {
  /** `confusion[actual][predicted]` counts examples. */
  readonly confusion: readonly (readonly number[])[];
  /** One number for each class; NaN where there is nothing to divide by. */
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
  /** Of each class against the others. */
  readonly roc: readonly { readonly curve: RocCurve; readonly area: number }[];
  readonly reliability: Reliability;
}

/** Of more classes, no ROC curves are made. */
const MOST_CURVES = 100;
const BINS = 10;

/** The class of the highest probability; of equal ones the first. */
export function answerOf(probabilities: readonly number[]): number {
  return probabilities.reduce((best, value, i) => (value > probabilities[best]! ? i : best), 0);
}

/** Measures the answers of a classifier, on the backend in use. */
export async function classMeasures({ data, test }: RunData): Promise<ClassMeasures> {
  const classes = data.classes!.length;
  const { predictions } = test;
  const scores = Float32Array.from(predictions.flatMap(({ probabilities }) => [...probabilities!]));
  const labels = Int32Array.from(predictions, ({ target }) => target);
  const output = tensor(scores, { shape: [labels.length, classes] });
  const target = tensor(labels, { shape: [labels.length] });
  const of = <R>(metric: AccumulatedMetric<R>): Promise<R> => measure(metric, output, target);
  const from = 'probabilities' as const;
  try {
    const roc: { curve: RocCurve; area: number }[] = [];
    if (classes <= MOST_CURVES)
      for (let c = 0; c < classes; c++)
        roc.push({ curve: await of(rocCurve({ from, class: c })), area: await of(rocAuc({ from, class: c })) });
    return {
      confusion: squared(await of(confusionMatrix({ from })), classes),
      precision: await of(precision({ from, average: 'perClass' })),
      recall: await of(recall({ from, average: 'perClass' })),
      f1: await of(f1({ from, average: 'perClass' })),
      roc,
      reliability: reliability({ data: scores, shape: [labels.length, classes] }, labels, { bins: BINS }),
    };
  } finally {
    output.dispose();
    target.dispose();
  }
}

async function measure<R>(metric: AccumulatedMetric<R>, output: Tensor, target: Tensor): Promise<R> {
  const known = scope(() => metric.batch(output, target));
  const sums = metric.start();
  metric.add(sums, await known.data());
  known.dispose();
  return metric.result(sums);
}

/** A matrix with a row and a column for each class, those that do not occur too. */
function squared(counts: readonly (readonly number[])[], classes: number): number[][] {
  return Array.from({ length: classes }, (_, row) => Array.from({ length: classes }, (_each, column) => counts[row]?.[column] ?? 0));
}
