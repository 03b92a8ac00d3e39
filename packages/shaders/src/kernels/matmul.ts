// Products of matrices, a word at a time. Backends have faster ones.

import type { Kernels } from '../pass.ts';

export const matmul: Kernels = (device) => ({
  matmul({ in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }) {
    const [, rows, columns] = y.shape as readonly [number, number, number];
    const inner = a.shape[transposeA ? 1 : 2]!;
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
  },
});
