// Arithmetic, element by element with NumPy broadcasting, between tensors of one dtype or a tensor and a number.

import type { Tensor } from '../tensor/tensor.ts';
import type { Operand } from './binary.ts';
import { binary, binaryRules } from './binary.ts';
import { cast } from './cast.ts';
import { equal, greater } from './comparison.ts';

const addRules = binaryRules('add', { a: { formula: (dy) => dy }, b: { formula: (dy) => dy } });
const subRules = binaryRules('sub', { a: { formula: (dy) => dy }, b: { formula: (dy) => mul(dy, -1) } });
const mulRules = binaryRules('mul', {
  a: { reads: ['b'], formula: (dy, _, b) => mul(dy, b) },
  b: { reads: ['a'], formula: (dy, a) => mul(dy, a) },
});
const divRules = binaryRules('div', {
  a: { reads: ['b'], formula: (dy, _, b) => div(dy, b) },
  b: { reads: ['b', 'y'], formula: (dy, _, b, y) => mul(div(mul(dy, y), b), -1) },
});
const modRules = binaryRules('mod', {
  a: { formula: (dy) => dy },
  b: { reads: ['a', 'b', 'y'], formula: (dy, a, b, y) => mul(mul(dy, div(sub(a, y), b)), -1) }, // a - mod(a, b) = floor(a / b) b
});
const maximumRules = binaryRules('max', {
  a: { reads: ['a', 'b'], formula: (dy, a, b) => shareOfLarger(dy, a, b) },
  b: { reads: ['a', 'b'], formula: (dy, a, b) => shareOfLarger(dy, b, a) },
});
const minimumRules = binaryRules('min', {
  a: { reads: ['a', 'b'], formula: (dy, a, b) => shareOfLarger(dy, b, a) },
  b: { reads: ['a', 'b'], formula: (dy, a, b) => shareOfLarger(dy, a, b) },
});

/** dy where winner > other, dy / 2 where they are equal: the symmetric subgradient. */
function shareOfLarger(dy: Tensor, winner: Operand, other: Operand): Tensor {
  const wins = cast(greater(winner, other), dy.dtype);
  const ties = cast(equal(winner, other), dy.dtype);
  return mul(dy, add(wins, mul(ties, 0.5)));
}

/** a + b. int32 wraps modulo 2^32. */
export function add(a: Operand, b: Operand): Tensor {
  return binary(addRules, a, b);
}

/** a - b. */
export function sub(a: Operand, b: Operand): Tensor {
  return binary(subRules, a, b);
}

/** a b, element by element. */
export function mul(a: Operand, b: Operand): Tensor {
  return binary(mulRules, a, b);
}

/** a / b. int32 rounds towards zero and gives 0 where b is 0. */
export function div(a: Operand, b: Operand): Tensor {
  return binary(divRules, a, b);
}

/** The remainder with the sign of b: a - floor(a / b) b. */
export function mod(a: Operand, b: Operand): Tensor {
  return binary(modRules, a, b);
}

/** The larger of the two, NaN if either is NaN. Where they tie, each gets half the gradient. */
export function maximum(a: Operand, b: Operand): Tensor {
  return binary(maximumRules, a, b);
}

/** The smaller of the two, NaN if either is NaN. Where they tie, each gets half the gradient. */
export function minimum(a: Operand, b: Operand): Tensor {
  return binary(minimumRules, a, b);
}
