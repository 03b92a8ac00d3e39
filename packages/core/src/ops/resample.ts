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

/** For each place of the result a list of integers: the indices of the elements that are read there. All lists are equally long. */
export type Reads = readonly (readonly number[])[];

/** The elements that are read, in a tensor with the axis `count · taps` instead of `axis`. */
export function readAlong(x: Tensor, axis: number, reads: Reads): Tensor {
  const indices = Int32Array.from(reads.flat());
  return gather(x, writeAt(x, specOf('int32', [indices.length]), indices), axis);
}

/**
 * Weighted sums of the elements that are read: the length along the axis becomes that of `reads`. The weights are fractions, `shares` of `totals`:
 * integers are the same numbers in every precision.
 */
export function sumAlong(x: Tensor, axis: number, reads: Reads, shares: Reads, totals: readonly number[]): Tensor {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const [count, taps] = [reads.length, reads[0]!.length];
  const read = reshape(readAlong(x, axis, reads), [...before, count, taps, ...after]);
  const others = after.map(() => 1);
  const parts = writeAt(x, specOf(x.dtype, [count, taps, ...others]), Float32Array.from(shares.flat()));
  const wholes = writeAt(x, specOf(x.dtype, [count, 1, ...others]), Float32Array.from(totals));
  return sum(mul(read, div(parts, wholes)), { axis: axis + 1 });
}

const blended = fused((low: Tensor, high: Tensor, weight: Tensor) => add(mul(low, sub(1, weight)), mul(high, weight)));

/**
 * Means of two elements each: `share / total` of the one at `high`, the rest of the one at `low`. It does what `sumAlong` does for two taps,
 * in a third of the time.
 */
export function blendAlong(
  x: Tensor,
  axis: number,
  low: readonly number[],
  high: readonly number[],
  shares: readonly number[],
  total: number,
): Tensor {
  const others = x.shape.slice(axis + 1).map(() => 1);
  const weight = div(writeAt(x, specOf(x.dtype, [shares.length, ...others]), Float32Array.from(shares)), total);
  const read = (indices: readonly number[]): Tensor => readAlong(x, axis, [indices]);
  return blended(read(low), read(high), weight);
}

/** Each element `times` times, one beside the other. */
export function repeatAlong(x: Tensor, axis: number, times: number): Tensor {
  const [before, length, after] = [x.shape.slice(0, axis), x.shape[axis]!, x.shape.slice(axis + 1)];
  const wide = broadcastTo(reshape(x, [...before, length, 1, ...after]), [...before, length, times, ...after]);
  return reshape(wide, [...before, length * times, ...after]);
}
