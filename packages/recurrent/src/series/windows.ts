// Time series as windows, each with what follows it.

import type { OptionChecks } from '@sinapse/core';
import { ShapeError, SinapseError, check, checkOptions, shown } from '@sinapse/core';

export interface SeriesWindowOptions {
  /** Steps that are given; an integer >= 1. */
  readonly window: number;
  /** Steps that are to be foreseen. Default 1. */
  readonly horizon?: number;
  /** How far apart windows begin. Default 1. */
  readonly stride?: number;
  /** The column that is to be foreseen. Default 0. */
  readonly target?: number;
}

const SERIES_WINDOWS: OptionChecks<SeriesWindowOptions> = {
  window: check.required(check.count),
  horizon: check.count,
  stride: check.count,
  target: check.natural,
};

/** Numbers in one list, and the shape of their tensor. */
export interface HostNumbers {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** A series: numbers by time, or `{ data, shape }` of several columns, `[time, columns]`. */
export type Series = ArrayLike<number> | HostNumbers;

/** Windows with their targets: `arrayDataset(windows)` of @sinapse/datasets makes batches of them. */
export interface SeriesWindows {
  /** `[windows, window, columns]`. */
  readonly x: HostNumbers;
  /** `[windows, horizon]`. */
  readonly y: HostNumbers;
}

/** The numbers of a series and its columns. @throws SinapseError unless it is a series of finite numbers */
export function columnsOf(
  op: string,
  series: Series,
): { readonly data: ArrayLike<number>; readonly steps: number; readonly columns: number } {
  const given = series as Partial<HostNumbers> & ArrayLike<number>;
  if (typeof given !== 'object' || given === null || (given.shape === undefined && !Number.isInteger(given.length)))
    throw new SinapseError(`${op}: expected a series, a list of numbers or { data, shape }, got ${shown(series)}`);
  const data = given.shape === undefined ? given : given.data!;
  const [steps, columns = 1, ...more] = given.shape ?? [given.length];
  if (more.length > 0 || steps! * columns !== data.length)
    throw new ShapeError(`${op}: a series is [time] or [time, columns], got ${shown(given.shape)}`);
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]!))
      throw new SinapseError(`${op}: the series has ${String(data[i])} at step ${Math.floor(i / columns)}; fill gaps first`);
  return { data, steps: steps!, columns };
}

/**
 * Cuts a series into windows, each with the next values of one column.
 * @throws SinapseError when the series is too short for one window and its horizon
 */
export function seriesWindows(series: Series, options: SeriesWindowOptions): SeriesWindows {
  checkOptions('seriesWindows', options, SERIES_WINDOWS);
  const { window, horizon = 1, stride = 1, target = 0 } = options;
  const { data, steps, columns } = columnsOf('seriesWindows', series);
  if (target >= columns) throw new SinapseError(`seriesWindows: target: the series has the columns 0 to ${columns - 1}, got ${target}`);
  const count = Math.floor((steps - window - horizon) / stride) + 1;
  if (count < 1) throw new SinapseError(`seriesWindows: a window and its horizon take ${window + horizon} steps, the series has ${steps}`);
  const x = new Float32Array(count * window * columns);
  const y = new Float32Array(count * horizon);
  for (let i = 0; i < count; i++) {
    const begin = i * stride;
    for (let k = 0; k < window * columns; k++) x[i * window * columns + k] = data[begin * columns + k]!;
    for (let h = 0; h < horizon; h++) y[i * horizon + h] = data[(begin + window + h) * columns + target]!;
  }
  return { x: { data: x, shape: [count, window, columns] }, y: { data: y, shape: [count, horizon] } };
}

export interface SeasonalNaiveOptions {
  /** Steps of a season; an integer >= 1. */
  readonly season: number;
  /** Steps that are to be foreseen. Default 1. */
  readonly horizon?: number;
}

const SEASONAL_NAIVE: OptionChecks<SeasonalNaiveOptions> = { season: check.required(check.count), horizon: check.count };

/**
 * The forecast that repeats the last season: what every other one should beat. Hyndman, Athanasopoulos 2021, section 5.2.
 * @throws SinapseError when the series is shorter than a season
 */
export function seasonalNaive(series: ArrayLike<number>, options: SeasonalNaiveOptions): Float32Array {
  checkOptions('seasonalNaive', options, SEASONAL_NAIVE);
  const { season, horizon = 1 } = options;
  const { data, steps } = columnsOf('seasonalNaive', series);
  if (steps < season) throw new SinapseError(`seasonalNaive: a season has ${season} steps, the series ${steps}`);
  return Float32Array.from({ length: horizon }, (_, h) => data[steps - season + (h % season)]!);
}
