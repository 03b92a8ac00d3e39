// Functions of one number, element by element. The table gives each gradient in terms of x or, where that is cheaper, of the result y.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { DTypeError } from '../contract/errors.ts';
import type { UnaryOp } from '../contract/operations.ts';
import { interned } from '../dispatch/attributes.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import { SIGNATURES } from '../contract/program.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';

/** The name of the function that a user calls. */
function nameOf(op: UnaryOp): string {
  return op === 'not' ? 'logicalNot' : op;
}

export const unaryKernel: KernelDefinition<'unary', Tensor> = defineKernel({
  name: 'unary',
  called: ({ op }) => nameOf(op),
  infer: ({ x }, { op }) => {
    const { takes, gives } = SIGNATURES[op];
    if (!takes(x.dtype)) throw new DTypeError(`${nameOf(op)}: takes ${op === 'not' ? 'bool' : 'float32'}, got ${x.dtype}; cast it first`);
    return { y: { dtype: gives ?? x.dtype, shape: x.shape, size: x.size } };
  },
});

interface UnaryGradient {
  readonly save: readonly ('x' | 'y')[];
  readonly dx: (dy: Tensor, x: Tensor, y: Tensor) => Tensor | undefined;
}

/** For functions that are constant between jumps: no gradient. */
const FLAT: UnaryGradient = { save: [], dx: () => undefined };

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

const GRADIENTS: Record<UnaryOp, UnaryGradient> = {
  neg: { save: [], dx: (dy) => neg(dy) },
  abs: { save: ['x'], dx: (dy, x) => mul(dy, sign(x)) },
  sign: FLAT,
  floor: FLAT,
  ceil: FLAT,
  round: FLAT,
  exp: { save: ['y'], dx: (dy, _, y) => mul(dy, y) },
  expm1: { save: ['x'], dx: (dy, x) => mul(dy, exp(x)) }, // y + 1 would be 0 where y rounds to -1
  log: { save: ['x'], dx: (dy, x) => div(dy, x) },
  log1p: { save: ['x'], dx: (dy, x) => div(dy, add(x, 1)) },
  sqrt: { save: ['y'], dx: (dy, _, y) => div(mul(dy, 0.5), y) },
  sin: { save: ['x'], dx: (dy, x) => mul(dy, cos(x)) },
  cos: { save: ['x'], dx: (dy, x) => mul(dy, neg(sin(x))) },
  tanh: { save: ['y'], dx: (dy, _, y) => mul(dy, sub(1, mul(y, y))) },
  sigmoid: { save: ['y'], dx: (dy, _, y) => mul(dy, mul(y, sub(1, y))) },
  erf: { save: ['x'], dx: (dy, x) => mul(dy, mul(exp(neg(mul(x, x))), TWO_OVER_ROOT_PI)) },
  erfc: { save: ['x'], dx: (dy, x) => mul(dy, mul(exp(neg(mul(x, x))), -TWO_OVER_ROOT_PI)) },
  not: FLAT,
  isNaN: FLAT,
};

function unaryOp(op: UnaryOp): (x: Tensor) => Tensor {
  const { save, dx } = GRADIENTS[op];
  const rule: Rule<'unary'> = {
    kernel: unaryKernel,
    save,
    gradient: ({ d, saved }) => ({ x: d.y && dx(d.y, saved.x, saved.y) }),
  };
  const attrs = interned('unary', { op });
  return (x) => apply(rule, { x }, attrs, NO_SCALARS, x).y;
}

/** -x. float32 or int32. */
export const neg: (x: Tensor) => Tensor = unaryOp('neg');
/** |x|. float32 or int32; gradient 0 at 0. */
export const abs: (x: Tensor) => Tensor = unaryOp('abs');
/** The sign of x: -1, 0 or 1. -0 and NaN stay. float32 or int32. Gradient 0. */
export const sign: (x: Tensor) => Tensor = unaryOp('sign');
/** The largest integer ≤ x. Gradient 0. */
export const floor: (x: Tensor) => Tensor = unaryOp('floor');
/** The smallest integer ≥ x. Gradient 0. */
export const ceil: (x: Tensor) => Tensor = unaryOp('ceil');
/** The nearest integer, halves to even. Gradient 0. */
export const round: (x: Tensor) => Tensor = unaryOp('round');
/** e^x. */
export const exp: (x: Tensor) => Tensor = unaryOp('exp');
/** e^x - 1, accurate near 0. */
export const expm1: (x: Tensor) => Tensor = unaryOp('expm1');
/** ln x; NaN below 0. */
export const log: (x: Tensor) => Tensor = unaryOp('log');
/** ln(1 + x), accurate near 0. */
export const log1p: (x: Tensor) => Tensor = unaryOp('log1p');
/** √x; NaN below 0. */
export const sqrt: (x: Tensor) => Tensor = unaryOp('sqrt');
/** sin x, x in radians. */
export const sin: (x: Tensor) => Tensor = unaryOp('sin');
/** cos x, x in radians. */
export const cos: (x: Tensor) => Tensor = unaryOp('cos');
/** The error function, 2/√π ∫₀ˣ e^(-t²) dt. */
export const erf: (x: Tensor) => Tensor = unaryOp('erf');
/** 1 - erf x, accurate where that is almost 0. */
export const erfc: (x: Tensor) => Tensor = unaryOp('erfc');
/** tanh x. The gradient 1 - y² is computed from the result y; it is 0 where y rounds to ±1, from |x| = 9.1 on. */
export const tanh: (x: Tensor) => Tensor = unaryOp('tanh');
/** 1 / (1 + e^-x). The gradient y (1 - y) is computed from the result y; it is 0 where y rounds to 1, from x = 17 on. */
export const sigmoid: (x: Tensor) => Tensor = unaryOp('sigmoid');
/** The negation of a bool tensor. */
export const logicalNot: (x: Tensor) => Tensor = unaryOp('not');
/** bool: true where x is NaN. */
export const isNaN: (x: Tensor) => Tensor = unaryOp('isNaN');

/** x². */
export function square(x: Tensor): Tensor {
  checkTensor('square', x);
  return mul(x, x);
}

/** 1 / x. */
export function reciprocal(x: Tensor): Tensor {
  checkTensor('reciprocal', x);
  return div(1, x);
}

/** 1 / √x. */
export function rsqrt(x: Tensor): Tensor {
  checkTensor('rsqrt', x);
  return div(1, sqrt(x));
}
