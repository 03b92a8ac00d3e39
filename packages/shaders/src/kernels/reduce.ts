// Sums, products and extremes over axes: one word reads all elements that it comes from, or a part of them where they are many.

import type { DType, ReduceOp, View } from '@sinapse/core';
import { specOf, stridesOf } from '@sinapse/core';
import { binaryOf } from '../operations.ts';
import type { Kernels, ShaderDevice } from '../pass.ts';
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

/** Elements of a word from which they are combined in two passes, if fewer words than this would be at work. */
const MANY_ELEMENTS = 256;
const FEW_WORDS = 2 ** 14;

/** The elements that a word of the result comes from. */
function countOf(x: View, axes: readonly number[]): number {
  return axes.reduce((count, axis) => count * x.shape[axis]!, 1);
}

/** Combines the elements of each word of the result in so many parts: y is [parts, …result]. */
function combine(device: ShaderDevice, op: ReduceOp, x: View, y: View, axes: readonly number[], parts: number): void {
  const strides = stridesOf(x.shape);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const pick = (list: readonly number[], which: readonly number[]): number[] => which.map((axis) => list[axis]!);
  const outer = indexing(pick(x.shape, kept), { start: { strides: pick(strides, kept) } }, 'o');
  const inner = indexing(pick(x.shape, axes), { step: { strides: pick(strides, axes) } }, 'j', 'm');
  const count = countOf(x, axes);
  device.run({
    key: `reduce ${op} ${x.dtype} ${kept.length} ${axes.length}`,
    outputs: [y],
    inputs: [x],
    parameters: {
      ...outer.parameters,
      ...inner.parameters,
      words: y.size / parts,
      count,
      each: Math.ceil(count / parts),
      first: neutralWord(op, x.dtype),
    },
    code: () => `void word(u32 i) {
u32 o = i % $words;
u32 begin = i / $words * $each;
u32 end = min(begin + $each, $count);
${outer.code}u32 total = $first;
for (u32 j = begin; j < end; j += 1u) {
${inner.code}u32 next = x0(asUnsigned(start + step));
total = ${binaryOf(COMBINE[op], x.dtype, 'total', 'next')};
}
r0 = total;
}
`,
  });
}

export const reduce: Kernels = (device) => ({
  reduce({ in: { x }, out: { y }, attrs: { op, axes } }) {
    const count = countOf(x, axes);
    if (count < MANY_ELEMENTS || y.size > FEW_WORDS || y.size === 0) return combine(device, op, x, y, axes, 1);
    const parts = Math.ceil(Math.sqrt(count));
    device.scratch(specOf(y.dtype, [parts, y.size]), (partial) => {
      combine(device, op, x, partial, axes, parts);
      combine(device, op, partial, y, [0], 1);
    });
  },
});
