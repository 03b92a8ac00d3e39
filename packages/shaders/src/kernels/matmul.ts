// Products of matrices, and the fully connected layer: small ones a word at a time, others in blocks.

import type { View } from '@sinapse/core';
import type { Kernels, ShaderDevice } from '../pass.ts';
import type { Matrices } from './blocked.ts';
import { BLOCKED_FROM, chunksOf, fours, joined, padded, timesPlain, timesTransposed, transposedTimes } from './blocked.ts';
import type { Finish } from './finish.ts';
import { finishOf, NOTHING } from './finish.ts';

interface Product {
  readonly a: View;
  readonly b: View;
  readonly y: View;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export const matmul: Kernels = (device) => ({
  matmul({ in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }) {
    multiply(device, { a, b, y, transposeA, transposeB }, () => NOTHING);
  },

  linear({ in: { x, weight, bias }, out: { y }, attrs: { activation }, scalars: { alpha } }) {
    const product = { a: asBatch(x), b: asBatch(weight), y: asBatch(y), transposeA: false, transposeB: false };
    multiply(device, product, (first) => finishOf(first, activation, alpha, bias));
  },
});

/** A matrix as a batch of one. */
function asBatch(view: View): View {
  return { ...view, shape: [1, ...view.shape] };
}

/** @param finish what is done with each value, given the number of its first input */
function multiply(device: ShaderDevice, product: Product, finish: (first: number) => Finish): void {
  const { a, y, transposeA, transposeB } = product;
  const inner = a.shape[transposeA ? 1 : 2]!;
  if (a.size === 0 || (transposeA && transposeB) || y.size * inner < BLOCKED_FROM) byWords(device, product, inner, finish(2));
  else inBlocks(device, product, finish(4));
}

function byWords(device: ShaderDevice, { a, b, y, transposeA, transposeB }: Product, inner: number, finish: Finish): void {
  const [, rows, columns] = y.shape as readonly [number, number, number];
  device.run({
    key: `matmul ${finish.key}`,
    outputs: [y],
    inputs: [a, b, ...finish.inputs],
    parameters: {
      rows,
      columns,
      inner,
      aBatch: a.shape[0] === 1 ? 0 : rows * inner,
      aRow: transposeA ? 1 : inner,
      aInner: transposeA ? rows : 1,
      bBatch: b.shape[0] === 1 ? 0 : columns * inner,
      bInner: transposeB ? 1 : columns,
      bColumn: transposeB ? inner : 1,
    },
    scalars: finish.scalars,
    code: () => `${finish.code}void word(u32 i) {
u32 column = i % $columns;
u32 row = (i / $columns) % $rows;
u32 batch = i / ($columns * $rows);
u32 left = batch * $aBatch + row * $aRow;
u32 right = batch * $bBatch + column * $bColumn;
f32 total = 0.0;
for (u32 k = 0u; k < $inner; k += 1u) {
total += asFloat(x0(left + k * $aInner)) * asFloat(x1(right + k * $bInner));
}
r0 = finish(asWord(total), i, column);
}
`,
  });
}

function inBlocks(device: ShaderDevice, { a, b, y, transposeA, transposeB }: Product, finish: Finish): void {
  const left = matricesOf(a);
  const right = matricesOf(b);
  // Where texels go along the inner size, both sides have zeros up to a multiple of four.
  const rightRows = transposeA || transposeB ? 1 : 4;
  padded(device, left, 1, (a4) =>
    padded(device, right, rightRows, (b4) => {
      const wideA = wide(left, a4);
      const wideB = wide(right, b4, rightRows);
      const { rows, columns } = { rows: y.shape[1]!, columns: y.shape[2]! };
      if (transposeB) timesTransposed(device, wideA, wideB, (product) => joined(device, { ...product, rows, columns }, y, 1, finish));
      else if (transposeA) {
        const chunks = chunksOf(left.rows);
        transposedTimes(device, wideA, wideB, chunks, (product) => joined(device, { ...product, rows, columns }, y, chunks, finish));
      } else timesPlain(device, wideA, wideB, (product) => joined(device, { ...product, rows, columns }, y, 1, finish));
    }),
  );
}

function matricesOf(view: View): Matrices {
  const [batch, rows, columns] = view.shape as readonly [number, number, number];
  return { view, batch, rows, columns };
}

/** Matrices after `padded`. */
export function wide({ batch, rows, columns }: Matrices, view: View, rowsBy: 1 | 4 = 1): Matrices {
  return { view, batch, rows: rowsBy === 4 ? 4 * fours(rows) : rows, columns: 4 * fours(columns) };
}
