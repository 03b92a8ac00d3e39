// + - * / and their kin, element by element with NumPy broadcasting, between tensors of one dtype or a tensor and a number.

import type { Tensor } from '../tensor/tensor.ts';
import type { Operand } from './binary.ts';
import { binary, binaryRules } from './binary.ts';
import { cast } from './cast.ts';

const addRules = binaryRules('add', { save: [], a: (dy) => dy, b: (dy) => dy });
const subRules = binaryRules('sub', { save: [], a: (dy) => dy, b: (dy) => mul(dy, -1) });
const mulRules = binaryRules('mul', { save: ['a', 'b'], a: (dy, _, b) => mul(dy, b), b: (dy, a) => mul(dy, a) });
const divRules = binaryRules('div', {
  save: ['b', 'y'],
  a: (dy, _, b) => div(dy, b),
  b: (dy, _a, b, y) => mul(div(mul(dy, y), b), -1),
});
const modRules = binaryRules('mod', {
  save: ['a', 'b', 'y'],
  a: (dy) => dy,
  b: (dy, a, b, y) => mul(mul(dy, div(sub(a, y), b)), -1), // a - mod(a, b) = floor(a / b) b
});
const greaterRules = binaryRules('greater');
const equalRules = binaryRules('equal');
const maximumRules = binaryRules('max', {
  save: ['a', 'b'],
  a: (dy, a, b) => shareOfLarger(dy, a, b),
  b: (dy, a, b) => shareOfLarger(dy, b, a),
});
const minimumRules = binaryRules('min', {
  save: ['a', 'b'],
  a: (dy, a, b) => shareOfLarger(dy, b, a),
  b: (dy, a, b) => shareOfLarger(dy, a, b),
});

/** dy where winner > other, half of it where they tie: the symmetric subgradient. */
function shareOfLarger(dy: Tensor, winner: Operand, other: Operand): Tensor {
  const wins = cast(binary(greaterRules, winner, other), dy.dtype);
  const ties = cast(binary(equalRules, winner, other), dy.dtype);
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

/** a / b. int32: towards zero, and 0 where b is 0. */
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
