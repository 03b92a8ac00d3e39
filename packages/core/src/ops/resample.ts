// Resampling along axes: each element of the result is one element of x, or a weighted sum of neighbours. Only elements with a part in a result are
// read for it, so that a NaN stays where it is; a product with a matrix would spread it.

import { specOf } from '../contract/storage.ts';
import { fused } from '../fused/fused.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { gather } from './gather.ts';
import { reshape } from './reshape.ts';
import { broadcastTo, sum } from './sum.ts';

/** The elements at indices of an axis. */
export function readAlong(x: Tensor, axis: number, indices: Int32Array): Tensor {
  return gather(x, writeAt(x, specOf('int32', [indices.length]), indices), axis);
}

/** Weighted sums, each of as many elements. The weights are fractions: integers are the same numbers in every precision. */
export interface Sums {
  /** The indices of the elements, sum after sum. */
  readonly reads: Int32Array;
  /** The share of each. */
  readonly shares: Float32Array;
  /** What the shares of each sum are divided by. */
  readonly totals: Float32Array;
}

/** The sums take the place of the axis. */
export function sumAlong(x: Tensor, axis: number, { reads, shares, totals }: Sums): Tensor {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const [count, taps] = [totals.length, reads.length / totals.length];
  const read = reshape(readAlong(x, axis, reads), [...before, count, taps, ...after]);
  const others = after.map(() => 1);
  const parts = writeAt(x, specOf(x.dtype, [count, taps, ...others]), shares);
  const wholes = writeAt(x, specOf(x.dtype, [count, 1, ...others]), totals);
  return sum(mul(read, div(parts, wholes)), { axis: axis + 1 });
}

const blended = fused((low: Tensor, high: Tensor, weight: Tensor) => add(mul(low, sub(1, weight)), mul(high, weight)));

/** Means of two elements each: `shares[i] / total` of the one at `high[i]`, the rest of the one at `low[i]`. */
export function blendAlong(x: Tensor, axis: number, low: Int32Array, high: Int32Array, shares: Float32Array, total: number): Tensor {
  const others = x.shape.slice(axis + 1).map(() => 1);
  const weight = div(writeAt(x, specOf(x.dtype, [shares.length, ...others]), shares), total);
  return blended(readAlong(x, axis, low), readAlong(x, axis, high), weight);
}

/** Each element `times` times, one beside the other. */
export function repeatAlong(x: Tensor, axis: number, times: number): Tensor {
  const [before, length, after] = [x.shape.slice(0, axis), x.shape[axis]!, x.shape.slice(axis + 1)];
  const wide = broadcastTo(reshape(x, [...before, length, 1, ...after]), [...before, length, times, ...after]);
  return reshape(wide, [...before, length * times, ...after]);
}
