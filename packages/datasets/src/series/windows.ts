// Windows of sequences: a stretch of steps, and what follows it.

import { SinapseError, arrayKind, check, checkOptions, shown, sizeOf } from '@sinapse/core';
import type { OptionChecks, TypedArray } from '@sinapse/core';
import { Dataset } from '../dataset.ts';
import type { HostArray } from '../pipeline/collate.ts';

export interface WindowOptions {
  /** Steps that are given. */
  readonly length: number;
  /** Steps to predict. @default 1 */
  readonly horizon?: number;
  /** Steps from the start of one window to that of the next. @default 1 */
  readonly stride?: number;
  /** How far the target lies behind the window: 0 follows it at once; -length + 1 shifts the window by one step, as language models have it. @default 0 */
  readonly offset?: number;
  /** The features to predict, by number. Only of `[steps, features]`. @default all */
  readonly targets?: readonly number[];
}

const WINDOWS: OptionChecks<WindowOptions> = {
  length: check.required(check.count),
  horizon: check.count,
  stride: check.count,
  offset: check.offset,
  targets: { expected: 'a list of integers >= 0', accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => check.natural.accepts(each)) }, // prettier-ignore
};

/** A stretch of steps and what is to be predicted, with the form of a step. */
export interface Window {
  /** `[length]` or `[length, features]`. */
  readonly x: HostArray;
  /** `[horizon]` or `[horizon, features]`. */
  readonly y: HostArray;
}

/**
 * Windows over a series: `x` holds `length` steps, `y` the `horizon` steps that follow. For the forecast of a series, or, over the codes of a text, the
 * next character: `windows(codes, { length: 64, horizon: 64, offset: -63 })`. Split a series by time before, not its windows at random.
 * @param series numbers `[steps]`, or an array `[steps, features]`
 * @throws SinapseError when an option is out of range, or the series is too short for one window
 */
export function windows(series: TypedArray | readonly number[] | HostArray, options: WindowOptions): Dataset<Window> {
  checkOptions('windows', options, WINDOWS);
  const { data, shape } = stepsOf(series);
  const { length, horizon = 1, stride = 1, offset = 0, targets } = options;
  const [steps, ...form] = shape as [number, ...number[]];
  const size = sizeOf(form);
  const wrong = targets?.find((target) => target >= size);
  if (targets !== undefined && (form.length !== 1 || wrong !== undefined))
    throw new SinapseError(`windows: targets: there are ${form.length === 1 ? size : 'no'} features, got ${shown([...targets])}`);
  if (length + offset < 0)
    throw new SinapseError(`windows: offset: expected at least ${-length} for windows of ${length} steps, got ${offset}`);
  const span = Math.max(length, length + offset + horizon);
  if (steps < span) throw new SinapseError(`windows: a window and its target take ${span} steps, the series has ${steps}`);
  return Dataset.from<Window>({
    length: Math.floor((steps - span) / stride) + 1,
    get(index) {
      const start = index * stride;
      const from = start + length + offset;
      const x = { data: data.subarray(start * size, (start + length) * size), shape: [length, ...form] };
      const y = data.subarray(from * size, (from + horizon) * size);
      if (targets === undefined) return { x, y: { data: y, shape: [horizon, ...form] } };
      const chosen = Float32Array.from({ length: horizon * targets.length }, (_, i) => y[Math.floor(i / targets.length) * size + targets[i % targets.length]!]!); // prettier-ignore
      return { x, y: { data: chosen, shape: [horizon, targets.length] } };
    },
  });
}

function stepsOf(series: TypedArray | readonly number[] | HostArray): { data: TypedArray; shape: readonly number[] } {
  if (Array.isArray(series) && series.every((value) => typeof value === 'number'))
    return { data: Float32Array.from(series as readonly number[]), shape: [series.length] };
  if (ArrayBuffer.isView(series)) {
    const kind = String(arrayKind(series));
    const data = kind === 'Float64Array' ? Float32Array.from(series as unknown as ArrayLike<number>) : series;
    if (!['Float32Array', 'Float64Array', 'Int32Array', 'Uint8Array'].includes(kind))
      throw new SinapseError(`windows: a series cannot be a ${kind}`);
    return { data, shape: [data.length] };
  }
  if (
    typeof series === 'object' &&
    series !== null &&
    'shape' in series &&
    'data' in series &&
    ArrayBuffer.isView(series.data) &&
    check.shape.accepts(series.shape) &&
    series.shape.length > 0 &&
    sizeOf(series.shape) === series.data.length
  )
    // prettier-ignore
    return series;
  throw new SinapseError(`windows: expected numbers, or { data, shape: [steps, features] }, got ${shown(series)}`);
}
