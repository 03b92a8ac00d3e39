// Kernels that compute each element from one element of every input.

import type { BinaryOp, View } from '@sinapse/core';
import { binaryOf, castOf, unaryOf } from '../operations.ts';
import type { Kernels, ShaderDevice } from '../pass.ts';
import { wordOf } from '../words.ts';
import { indexing, stretchedStrides } from './indexing.ts';

/** Operations that are four at a time as one at a time. */
const SIGNS: Readonly<Partial<Record<BinaryOp, string>>> = { add: '+', sub: '-', mul: '*' };

/** An operation on operands of one shape: no index is split into those of axes. */
function binaryAlike(device: ShaderDevice, op: BinaryOp, a: View, b: View, y: View): void {
  const sign = a.dtype === 'float32' && device.aligned(a) && device.aligned(b) ? SIGNS[op] : undefined;
  if (sign !== undefined)
    return device.run({
      key: `binary ${op} texels`,
      outputs: [y],
      inputs: [a, b],
      unit: 'texel',
      aligned: [0, 1],
      code: () => `void texel(u32 i) {\nr0 = asWord4(asFloat4(v0(i >> 2u)) ${sign} asFloat4(v1(i >> 2u)));\n}\n`,
    });
  device.run({
    key: `binary ${op} ${a.dtype} alike`,
    outputs: [y],
    inputs: [a, b],
    code: () => `void word(u32 i) {\nu32 a = x0(i);\nu32 b = x1(i);\nr0 = ${binaryOf(op, a.dtype, 'a', 'b')};\n}\n`,
  });
}

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
    if (a.size === y.size && b.size === y.size) return binaryAlike(device, op, a, b, y);
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
