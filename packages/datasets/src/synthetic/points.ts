// Points in the plane with a class each: what networks of one, two and three layers can and cannot separate.

import type { RandomStream } from '@sinapse/core';
import { fillRows } from '../arrays/array-dataset.ts';
import type { HostArray } from '../pipeline/collate.ts';
import { keyOf, streamOf } from './options.ts';
import type { SyntheticOptions } from './options.ts';

/** Points with their classes: `arrayDataset(points)` makes a dataset of them. */
export interface Points {
  /** Coordinates, float32 `[count, features]`. */
  readonly x: HostArray;
  /** Class numbers, int32 `[count]`. */
  readonly y: HostArray;
}

/** Draws points one by one: `draw` writes the coordinates and returns the class. Classes take turns where it uses `index`. */
export function points(
  name: string,
  options: SyntheticOptions,
  features: number,
  draw: (row: Float32Array, random: RandomStream, index: number) => number,
): Points {
  const { count = 1000 } = options;
  const key = keyOf(name, options);
  const classes = new Int32Array(count);
  const x = fillRows(count, [features], (row, index) => void (classes[index] = draw(row, streamOf(key, index), index)));
  return { x, y: { data: classes, shape: [count] } };
}
