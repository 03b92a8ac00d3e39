// How unusual each value of a series is: how far it lies from what a model foresaw.

import type { OptionChecks } from '@sinapse/core';
import { Context, SinapseError, check, checkOptions, checkValue, scope, tensor } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import type { Series } from './windows.ts';
import { columnsOf, seriesWindows } from './windows.ts';

export interface AnomalyOptions {
  /** Steps of a window, as in training. */
  readonly window: number;
  /** The column that is looked at. Default 0. */
  readonly target?: number;
  /** Windows that are computed at once. Default 256. */
  readonly batchSize?: number;
}

const ANOMALY: OptionChecks<AnomalyOptions> = { window: check.required(check.count), target: check.natural, batchSize: check.count };

/**
 * The score of each step: its forecast error in robust standard deviations, |error - median| / (1.4826 · median of those distances), which a few
 * outliers do not change (Iglewicz, Hoaglin 1993: above 3.5 it is suspicious). NaN for the first window, which nothing foresees.
 * @param model foresees the next value, `[batch, window, columns]` to `[batch, horizon]`; only the first of the horizon is used
 * @returns as many scores as the series has steps
 * @throws SinapseError when the series is not longer than a window
 */
export async function anomalyScores(model: Pick<Layer, 'call'>, series: Series, options: AnomalyOptions): Promise<Float32Array> {
  checkValue('anomalyScores: model', model, {
    expected: 'a model',
    accepts: (value) => typeof (value as Partial<Layer> | undefined)?.call === 'function',
  });
  checkOptions('anomalyScores', options, ANOMALY);
  const { window, target = 0, batchSize = 256 } = options;
  const { steps } = columnsOf('anomalyScores', series);
  if (steps <= window) throw new SinapseError(`anomalyScores: a window has ${window} steps, the series only ${steps}`);
  const { x, y } = seriesWindows(series, { window, target });
  const [count, , columns] = x.shape as readonly [number, number, number];
  const errors = new Float64Array(count);
  for (let begin = 0; begin < count; begin += batchSize) {
    const end = Math.min(count, begin + batchSize);
    const rows = x.data.subarray(begin * window * columns, end * window * columns);
    const foreseen = scope(() => model.call(tensor(rows, { shape: [end - begin, window, columns] }), new Context()));
    const values = await foreseen.data();
    const horizon = values.length / (end - begin);
    foreseen.dispose();
    for (let i = begin; i < end; i++) errors[i] = y.data[i]! - values[(i - begin) * horizon]!;
  }
  const centre = median(errors);
  const distances = errors.map((error) => Math.abs(error - centre));
  const scale = 1.4826 * median(distances);
  const scores = new Float32Array(steps).fill(NaN);
  distances.forEach((distance, i) => (scores[window + i] = scale > 0 ? distance / scale : distance > 0 ? Infinity : 0));
  return scores;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
