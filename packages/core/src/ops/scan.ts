// Running combinations along an axis, by doubling: after pass k each element holds what its last 2^k elements combine to. Hillis, Steele 1986.

import type { Tensor } from '../tensor/tensor.ts';
import { pad, slice } from './slice.ts';

/** x moved by `step` towards the end of the last axis; what enters at the front is `value`. */
export function shiftedLast(x: Tensor, step: number, value: number): Tensor {
  const rank = x.shape.length;
  const kept = slice(x, [...Array.from({ length: rank - 1 }, () => null), { end: x.shape[rank - 1]! - step }]);
  return pad(kept, x.shape.map((_, axis) => [axis === rank - 1 ? step : 0, 0] as const), value); // prettier-ignore
}

/**
 * Combines each element of the last axis with all before it, in log₂ n passes.
 * @param combine takes the state of an element and that of the elements before it, `step` back, and returns the combined state; it is associative
 */
export function scanLast<S>(start: S, length: number, combine: (state: S, step: number) => S): S {
  let state = start;
  for (let step = 1; step < length; step *= 2) state = combine(state, step);
  return state;
}
