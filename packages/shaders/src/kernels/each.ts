// Kernels that compute each element from one element of every input.

import { binaryOf, castOf, unaryOf } from '../operations.ts';
import type { Kernels } from '../pass.ts';
import { wordOf } from '../words.ts';
import { indexing, stretchedStrides } from './indexing.ts';

export const each: Kernels = (device) => ({
  cast: ({ in: { x }, out: { y } }) =>
    device.run({
      key: `cast ${x.dtype} ${y.dtype}`,
      outputs: [y],
      inputs: [x],
      code: () => `void word(u32 i) {\nu32 x = x0(i);\nr0 = ${castOf(x.dtype, y.dtype, 'x')};\n}\n`,
    }),

  unary: ({ in: { x }, out: { y }, attrs: { op } }) =>
    device.run({
      key: `unary ${op} ${x.dtype}`,
      outputs: [y],
      inputs: [x],
      code: () => `void word(u32 i) {\nu32 x = x0(i);\nr0 = ${unaryOf(op, x.dtype, 'x')};\n}\n`,
    }),

  binary({ in: { a, b }, out: { y }, attrs: { op } }) {
    const { code, parameters } = indexing(y.shape, {
      left: { strides: stretchedStrides(a.shape, y.shape) },
      right: { strides: stretchedStrides(b.shape, y.shape) },
    });
    device.run({
      key: `binary ${op} ${a.dtype} ${y.shape.length}`,
      outputs: [y],
      inputs: [a, b],
      parameters,
      code: () =>
        `void word(u32 i) {\n${code}u32 a = x0(asUnsigned(left));\nu32 b = x1(asUnsigned(right));\nr0 = ${binaryOf(op, a.dtype, 'a', 'b')};\n}\n`,
    });
  },

  binaryScalar({ in: { x }, out: { y }, attrs: { op, reversed }, scalars }) {
    device.run({
      key: `binaryScalar ${op} ${x.dtype} ${reversed}`,
      outputs: [y],
      inputs: [x],
      parameters: { value: wordOf(scalars.value, x.dtype) },
      code: () =>
        `void word(u32 i) {\nu32 x = x0(i);\nu32 value = $value;\nr0 = ${reversed ? binaryOf(op, x.dtype, 'value', 'x') : binaryOf(op, x.dtype, 'x', 'value')};\n}\n`,
    });
  },

  select({ in: { condition, a, b }, out: { y } }) {
    const { code, parameters } = indexing(y.shape, {
      which: { strides: stretchedStrides(condition.shape, y.shape) },
      left: { strides: stretchedStrides(a.shape, y.shape) },
      right: { strides: stretchedStrides(b.shape, y.shape) },
    });
    device.run({
      key: `select ${y.shape.length}`,
      outputs: [y],
      inputs: [condition, a, b],
      parameters,
      code: () =>
        `void word(u32 i) {\n${code}if (x0(asUnsigned(which)) != 0u) { r0 = x1(asUnsigned(left)); } else { r0 = x2(asUnsigned(right)); }\n}\n`,
    });
  },
});
