// Sums, products and extremes over axes: one word reads all elements that it comes from.

import type { DType, ReduceOp } from '@sinapse/core';
import { sizeOf, stridesOf } from '@sinapse/core';
import { binaryOf } from '../operations.ts';
import type { Kernels } from '../pass.ts';
import { wordOf } from '../words.ts';
import { indexing } from './indexing.ts';

const COMBINE = { sum: 'add', prod: 'mul', max: 'max', min: 'min' } as const;

/** The word that an empty reduction gives. */
function neutralWord(op: ReduceOp, dtype: DType): number {
  if (op === 'sum') return 0;
  if (op === 'prod') return wordOf(1, dtype);
  if (dtype === 'bool') return Number(op === 'min');
  return wordOf(op === 'max' ? -Infinity : Infinity, dtype);
}

export const reduce: Kernels = (device) => ({
  reduce({ in: { x }, out: { y }, attrs: { op, axes } }) {
    const strides = stridesOf(x.shape);
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const pick = (list: readonly number[], which: readonly number[]): number[] => which.map((axis) => list[axis]!);
    const outer = indexing(pick(x.shape, kept), { start: { strides: pick(strides, kept) } });
    const inner = indexing(pick(x.shape, axes), { step: { strides: pick(strides, axes) } }, 'j', 'm');
    device.run({
      key: `reduce ${op} ${x.dtype} ${kept.length} ${axes.length}`,
      outputs: [y],
      inputs: [x],
      parameters: { ...outer.parameters, ...inner.parameters, count: sizeOf(pick(x.shape, axes)), first: neutralWord(op, x.dtype) },
      code: () => `void word(u32 i) {
${outer.code}u32 total = $first;
for (u32 j = 0u; j < $count; j += 1u) {
${inner.code}u32 next = x0(asUnsigned(start + step));
total = ${binaryOf(COMBINE[op], x.dtype, 'total', 'next')};
}
r0 = total;
}
`,
    });
  },
});
