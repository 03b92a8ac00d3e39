// Kernels that move elements: each word of the output is a word of the input, found by strides.

import type { View } from '@sinapse/core';
import { stridesOf } from '@sinapse/core';
import type { Kernels, ShaderDevice } from '../pass.ts';
import type { Operand } from './indexing.ts';
import { indexing, stretchedStrides } from './indexing.ts';

function move(device: ShaderDevice, x: View, y: View, from: Operand): void {
  const { code, parameters } = indexing(y.shape, { at: from });
  device.run({
    key: `move ${y.shape.length}`,
    outputs: [y],
    inputs: [x],
    parameters,
    code: () => `void word(u32 i) {\n${code}r0 = x0(asUnsigned(at));\n}\n`,
  });
}

export const moves: Kernels = (device) => ({
  broadcastTo: ({ in: { x }, out: { y } }) => move(device, x, y, { strides: stretchedStrides(x.shape, y.shape) }),

  transpose({ in: { x }, out: { y }, attrs: { permutation } }) {
    const strides = stridesOf(x.shape);
    move(device, x, y, { strides: permutation.map((axis) => strides[axis]!) });
  },

  slice({ in: { x }, out: { y }, attrs: { begin, step } }) {
    const strides = stridesOf(x.shape);
    const start = begin.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
    move(device, x, y, { start, strides: strides.map((stride, axis) => stride * step[axis]!) });
  },
});
