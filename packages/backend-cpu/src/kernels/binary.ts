// binary, binaryScalar.

import type { Kernel } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';
import { writeAxes, writeStrides } from './broadcast.ts';
import { BINARY_OPS } from '../engine/names.ts';

export function binaryKernels(engine: Engine): { readonly binary: Kernel<'binary'>; readonly binaryScalar: Kernel<'binaryScalar'> } {
  const run = engine.kernel('binary');
  const runScalar = engine.kernel('binaryScalar');
  return {
    binary: ({ in: { a, b }, out: { y }, attrs: { op } }) => {
      const { size } = y;
      const args = engine.arguments;
      args[0] = addressOf(a);
      args[1] = addressOf(b);
      args[2] = addressOf(y);
      args[3] = BINARY_OPS[op];
      args[4] = dtypeNumber(a.dtype);
      // An operand as large as the result is not stretched; one of a single element is, along all axes.
      if ((a.size === size || a.size === 1) && (b.size === size || b.size === 1)) {
        args[5] = 1;
        args[6] = size;
        args[7] = a.size === size ? 1 : 0;
        args[8] = b.size === size ? 1 : 0;
      } else {
        if (size === 0) return;
        writeAxes(args, 5, y.shape, 2);
        writeStrides(args, 5, y.shape, 2, 0, a.shape);
        writeStrides(args, 5, y.shape, 2, 1, b.shape);
      }
      run();
    },

    binaryScalar: ({ in: { x }, out: { y }, attrs: { op, reversed }, scalars: { value } }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = y.size;
      args[3] = BINARY_OPS[op];
      args[4] = dtypeNumber(x.dtype);
      args[5] = reversed ? 1 : 0;
      args[6] = value;
      runScalar();
    },
  };
}
