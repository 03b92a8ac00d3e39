// Comparisons and logic, element by element with broadcasting. All give bool; none has a gradient.

import type { Tensor } from '../tensor/tensor.ts';
import type { Operand } from './binary.ts';
import { binary, binaryRules } from './binary.ts';

const equalRules = binaryRules('equal');
const notEqualRules = binaryRules('notEqual');
const lessRules = binaryRules('less');
const lessEqualRules = binaryRules('lessEqual');
const greaterRules = binaryRules('greater');
const greaterEqualRules = binaryRules('greaterEqual');
const andRules = binaryRules('and');
const orRules = binaryRules('or');
const xorRules = binaryRules('xor');

/** a = b; false where either is NaN. */
export function equal(a: Operand, b: Operand): Tensor {
  return binary(equalRules, a, b);
}

/** a ≠ b; true where either is NaN. */
export function notEqual(a: Operand, b: Operand): Tensor {
  return binary(notEqualRules, a, b);
}

/** a < b. */
export function less(a: Operand, b: Operand): Tensor {
  return binary(lessRules, a, b);
}

/** a ≤ b. */
export function lessEqual(a: Operand, b: Operand): Tensor {
  return binary(lessEqualRules, a, b);
}

/** a > b. */
export function greater(a: Operand, b: Operand): Tensor {
  return binary(greaterRules, a, b);
}

/** a ≥ b. */
export function greaterEqual(a: Operand, b: Operand): Tensor {
  return binary(greaterEqualRules, a, b);
}

/** Whether both are true. Takes bool tensors. */
export function logicalAnd(a: Tensor, b: Tensor): Tensor {
  return binary(andRules, a, b);
}

/** Whether at least one is true. Takes bool tensors. */
export function logicalOr(a: Tensor, b: Tensor): Tensor {
  return binary(orRules, a, b);
}

/** Whether exactly one is true. Takes bool tensors. */
export function logicalXor(a: Tensor, b: Tensor): Tensor {
  return binary(xorRules, a, b);
}
