// Functions of two operands: of one shape, of shapes that broadcast, with a number on either side.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive, spaced, within } from '../cases/gradient-case.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, maximum, minimum, mod, mul, sub } from './arithmetic.ts';
import type { Operand } from './binary.ts';

type Op = (a: Operand, b: Operand) => Tensor;

const OPS: Readonly<Record<string, Op>> = { add, sub, mul, div, mod, maximum, minimum };

/** Their quotients lie well between whole numbers, where `mod` has a gradient. */
const DIVIDENDS = within([2, 3], 0.6, 0.9);
const DIVISORS = within([3], 0.4, 0.5);

function casesOf(name: string, op: Op): OpCases[string] {
  const whole = name === 'mod';
  return [
    gradientCase(`${name} [2,3], [3]`, whole ? [DIVIDENDS, DIVISORS] : [away(2, 3), positive(3)], op),
    gradientCase(`${name} x, 0.45`, [whole ? DIVIDENDS : spaced(5)], (x) => op(x, 0.45)),
    gradientCase(`${name} 0.75, x`, [whole ? DIVISORS : spaced(5)], (x) => op(0.75, x)),
    ...(whole ? [] : [gradientCase(`${name} [2,1,3], [4,1]`, [away(2, 1, 3), positive(4, 1)], op)]),
    ...(name === 'mul' ? [gradientCase('mul of a tensor with itself', [away(5)], (x) => mul(x, x))] : []),
  ];
}

export const arithmeticCases: OpCases = Object.fromEntries(Object.entries(OPS).map(([name, op]) => [name, casesOf(name, op)]));
