// Initialisers whose kernel is an isometry: it keeps lengths, so signals neither grow nor vanish through many layers.

import type { OptionChecks, RandomKey, Shape } from '@sinapse/core';
import { ShapeError, check, checkOptions, formatShape, hostNormal, sizeOf } from '@sinapse/core';
import type { Initializer } from './initializer.ts';

export interface GainOptions {
  /** By what all values are multiplied. Default 1. */
  readonly gain?: number;
}

const GAIN: OptionChecks<GainOptions> = { gain: check.finite };

/**
 * A random orthogonal matrix: all axes but the last, merged, are its rows. Its columns, or its rows if these are fewer, are orthonormal. Saxe,
 * McClelland, Ganguli 2014.
 * @throws SinapseError when the gain is not finite; ShapeError at the build, when the parameter has fewer than two axes
 */
export function orthogonal(options: GainOptions = {}): Initializer {
  checkOptions('orthogonal', options, GAIN);
  const { gain = 1 } = options;
  return (shape, key) => {
    if (shape.length < 2) throw new ShapeError(`orthogonal: takes kernels of two axes or more, got ${formatShape(shape)}`);
    const columns = shape.at(-1)!;
    const rows = sizeOf(shape) / Math.max(1, columns);
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const vectors = orthonormal(count, length, key);
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < length; j++) values[rows < columns ? i * columns + j : j * columns + i] = gain * vectors[i]![j]!;
    }
    return values;
  };
}

/**
 * Orthonormal vectors, uniformly distributed: Gram-Schmidt on normal vectors, twice for each, so that rounding leaves them orthogonal to float64
 * precision. It uses +, ·, / and √ alone, which IEEE 754 fixes: the same bits everywhere.
 */
function orthonormal(count: number, length: number, key: RandomKey): Float64Array[] {
  const drawn = hostNormal(key, count * length, 0, 1);
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from(drawn.subarray(i * length, (i + 1) * length));
    for (let pass = 0; pass < 2; pass++) for (const other of vectors) subtractProjection(vector, other);
    const size = Math.sqrt(inner(vector, vector));
    vectors.push(vector.map((value) => value / size));
  }
  return vectors;
}

function subtractProjection(vector: Float64Array, onto: Float64Array): void {
  const along = inner(vector, onto);
  for (let j = 0; j < vector.length; j++) vector[j]! -= along * onto[j]!;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

/**
 * The identity matrix, times `gain`: a layer that at first passes its input on. Where a matrix is not square, the rest is 0.
 * @throws SinapseError when the gain is not finite; ShapeError at the build, when the parameter is not a matrix
 */
export function identity(options: GainOptions = {}): Initializer {
  checkOptions('identity', options, GAIN);
  const { gain = 1 } = options;
  return (shape: Shape) => {
    if (shape.length !== 2) throw new ShapeError(`identity: takes matrices, got ${formatShape(shape)}`);
    const [rows, columns] = shape as readonly [number, number];
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
    return values;
  };
}
