// The matrix product c = a b for a [m, k] and b [k, n], in blocks.
//
// The caller gives functions that copy a block of a or b into float64, and one that stores a finished block of c. So no transposed matrix is made
// as a whole, and the inner loop sees one kind of array. Sums are kept in float64, in an order that depends only on the shapes.

/** Writes rows [row, row + rows) and columns [column, column + columns) of a matrix to `block`, `stride` elements from row to row. */
export type Pack = (row: number, rows: number, column: number, columns: number, block: Float64Array, stride: number) => void;

/** Takes a finished block of c. */
export type Store = Pack;

// Blocks of a, b and c: 120, 240 and 64 KB. DEPTH is not a power of two, because then the rows of a block would share a few cache lines.
const ROWS = 64;
const DEPTH = 240;
const COLUMNS = 128;

let aBlock = new Float64Array(0);
let bBlock = new Float64Array(0);
let cBlock = new Float64Array(0);

/** Bytes of the blocks, held between calls by all TypeScript backends together. */
export function productBytes(): number {
  return aBlock.byteLength + bBlock.byteLength + cBlock.byteLength;
}

export function product(m: number, n: number, k: number, packA: Pack, packB: Pack, store: Store): void {
  if (aBlock.length === 0) {
    aBlock = new Float64Array(ROWS * DEPTH);
    bBlock = new Float64Array(DEPTH * COLUMNS);
    cBlock = new Float64Array(ROWS * COLUMNS);
  }
  for (let i = 0; i < m; i += ROWS) {
    const rows = Math.min(ROWS, m - i);
    for (let j = 0; j < n; j += COLUMNS) {
      const columns = Math.min(COLUMNS, n - j);
      const stride = (columns + 3) & ~3;
      cBlock.fill(0, 0, ((rows + 3) & ~3) * stride);
      for (let t = 0; t < k; t += DEPTH) {
        const depth = Math.min(DEPTH, k - t);
        packA(i, rows, t, depth, aBlock, depth);
        packB(t, depth, j, columns, bBlock, stride);
        multiplyAdd(rows, depth, stride, aBlock, bBlock, cBlock);
      }
      store(i, rows, j, columns, cBlock, stride);
    }
  }
}

/**
 * c += a b by tiles of 4 x 4: sixteen sums stay in registers, and eight loads serve sixteen multiplications. `columns` is a multiple of
 * 4; rows beyond `rows` and columns that the caller did not fill are computed too, and never read.
 */
function multiplyAdd(rows: number, depth: number, columns: number, a: Float64Array, b: Float64Array, c: Float64Array): void {
  // prettier-ignore
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j < columns; j += 4) {
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0;
      let s10 = 0, s11 = 0, s12 = 0, s13 = 0;
      let s20 = 0, s21 = 0, s22 = 0, s23 = 0;
      let s30 = 0, s31 = 0, s32 = 0, s33 = 0;
      let p0 = i * depth, p1 = p0 + depth, p2 = p1 + depth, p3 = p2 + depth, q = j;
      for (let t = 0; t < depth; t++) {
        const a0 = a[p0++], a1 = a[p1++], a2 = a[p2++], a3 = a[p3++];
        const b0 = b[q], b1 = b[q + 1], b2 = b[q + 2], b3 = b[q + 3];
        s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
        s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
        s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
        s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
        q += columns;
      }
      let at = i * columns + j;
      c[at] += s00; c[at + 1] += s01; c[at + 2] += s02; c[at + 3] += s03;
      at += columns;
      c[at] += s10; c[at + 1] += s11; c[at + 2] += s12; c[at + 3] += s13;
      at += columns;
      c[at] += s20; c[at + 1] += s21; c[at + 2] += s22; c[at + 3] += s23;
      at += columns;
      c[at] += s30; c[at + 1] += s31; c[at + 2] += s32; c[at + 3] += s33;
    }
  }
}
