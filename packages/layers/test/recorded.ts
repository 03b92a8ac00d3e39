// Compares results with those that the scripts of fixtures/ recorded.

import { readFileSync } from 'node:fs';
import type { Tensor } from '@sinapse/core';
import { scope, tensor, walk } from '@sinapse/core';
import { expect } from 'vitest';

export interface RecordedArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type RecordedArrays = Readonly<Record<string, RecordedArray>>;

interface Recording {
  readonly origin: string;
  readonly batchNorm: {
    readonly momentum: number;
    readonly epsilon: number;
    readonly batches: readonly RecordedArray[];
    readonly before: RecordedArrays;
    readonly trained: readonly RecordedArray[];
    readonly after: RecordedArrays;
    readonly evaluated: RecordedArray;
  };
  readonly block: {
    readonly x: RecordedArray;
    readonly before: RecordedArrays;
    readonly y: RecordedArray;
    readonly dy: RecordedArray;
    readonly dx: RecordedArray;
    readonly gradients: RecordedArrays;
    readonly after: RecordedArrays;
    readonly evaluated: RecordedArray;
  };
}

/** The contents of a file of fixtures/. */
export function recordingOf<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')) as T;
}

export const recording: Recording = recordingOf('pytorch-normalisation.json');

export function recorded({ shape, data }: RecordedArray): Tensor {
  return tensor(Float64Array.from(data), { shape });
}

/** Gives every cell of a model the value recorded under its path. */
export function assignRecorded(model: object, values: RecordedArrays): void {
  const cells = walk(model);
  expect(cells.map(({ path }) => path).sort()).toEqual(Object.keys(values).sort());
  scope(() => cells.forEach(({ path, cell }) => cell.assign(recorded(values[path]!))));
}

/** Compares with the recording. Both are float64, so only rounding errors are allowed, relative to the largest value. */
export function expectRecorded(actual: Tensor, { shape, data }: RecordedArray, what = ''): void {
  expect(actual.shape, `shape ${what}`).toEqual(shape);
  const allowed = 1e-11 * Math.max(1, ...data.map(Math.abs));
  actual
    .dataSync()
    .forEach((value, i) => expect(Math.abs(value - data[i]!), `${what}[${i}]: ${value} for ${data[i]}`).toBeLessThan(allowed));
}

export function expectCells(model: object, values: RecordedArrays): void {
  for (const { path, cell } of walk(model)) scope(() => expectRecorded(cell.value, values[path]!, path));
}
