// unary, cast.

import type { Kernel, UnaryOp } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

/** Numbers of the ops, as in kernels/elementwise/unary.h. */
export const OPS: Readonly<Record<UnaryOp, number>> = {
  neg: 0, abs: 1, sign: 2, floor: 3, ceil: 4, round: 5, exp: 6, expm1: 7, log: 8, log1p: 9, sqrt: 10, sin: 11, cos: 12, tanh: 13,
  sigmoid: 14, erf: 15, not: 16, isNaN: 17,
}; // prettier-ignore

export function unaryKernels(engine: Engine): { readonly unary: Kernel<'unary'>; readonly cast: Kernel<'cast'> } {
  const run = engine.kernel('unary');
  const runCast = engine.kernel('cast');
  return {
    unary: ({ in: { x }, out: { y }, attrs: { op } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = y.size;
      args[3] = dtypeNumber(x.dtype);
      args[4] = OPS[op];
      run();
    },

    cast: ({ in: { x }, out: { y } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = y.size;
      args[3] = dtypeNumber(x.dtype);
      args[4] = dtypeNumber(y.dtype);
      runCast();
    },
  };
}
