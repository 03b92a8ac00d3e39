// Products of matrices: small ones a word at a time, others in blocks.

import type { KernelCall, View } from '@sinapse/core';
import type { Kernels, ShaderDevice } from '../pass.ts';
import type { Matrices } from './blocked.ts';
import { BLOCKED_FROM, chunksOf, fours, joined, padded, timesPlain, timesTransposed, transposedTimes } from './blocked.ts';

type Call = KernelCall<'matmul'>;

export const matmul: Kernels = (device) => ({
  matmul(call) {
    const { a, y, inner } = { ...call.in, ...call.out, inner: call.in.a.shape[call.attrs.transposeA ? 1 : 2]! };
    const { transposeA, transposeB } = call.attrs;
    if (a.size === 0 || (transposeA && transposeB) || y.size * inner < BLOCKED_FROM) byWords(device, call, inner);
    else inBlocks(device, call);
  },
});

function byWords(device: ShaderDevice, { in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }: Call, inner: number): void {
  const [, rows, columns] = y.shape as readonly [number, number, number];
  device.run({
    key: 'matmul',
    outputs: [y],
    inputs: [a, b],
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
    code: () => `void word(u32 i) {
u32 column = i % $columns;
u32 row = (i / $columns) % $rows;
u32 batch = i / ($columns * $rows);
u32 left = batch * $aBatch + row * $aRow;
u32 right = batch * $bBatch + column * $bColumn;
f32 total = 0.0;
for (u32 k = 0u; k < $inner; k += 1u) {
total += asFloat(x0(left + k * $aInner)) * asFloat(x1(right + k * $bInner));
}
r0 = asWord(total);
}
`,
  });
}

function inBlocks(device: ShaderDevice, { in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }: Call): void {
  const left = matricesOf(a);
  const right = matricesOf(b);
  // Where texels go along the inner size, both sides have zeros up to a multiple of four.
  const rightRows = transposeA || transposeB ? 1 : 4;
  padded(device, left, 1, (a4) =>
    padded(device, right, rightRows, (b4) => {
      const wideA = wide(left, a4);
      const wideB = wide(right, b4, rightRows);
      const { rows, columns } = { rows: y.shape[1]!, columns: y.shape[2]! };
      if (transposeB) timesTransposed(device, wideA, wideB, (product) => joined(device, { ...product, rows, columns }, y));
      else if (transposeA) {
        const chunks = chunksOf(left.rows);
        transposedTimes(device, wideA, wideB, chunks, (product) => joined(device, { ...product, rows, columns }, y, chunks));
      } else timesPlain(device, wideA, wideB, (product) => joined(device, { ...product, rows, columns }, y));
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
