// Eigenvalues and eigenvectors of symmetric matrices on the host, in float64.

export interface Eigen {
  /** From the largest to the least. */
  readonly values: Float64Array;
  /** Row i is the eigenvector of value i, of length 1. */
  readonly vectors: readonly Float64Array[];
}

/**
 * Cyclic Jacobi rotations (Golub, Van Loan, "Matrix computations", section 8.5).
 * @param matrix `[n, n]`, symmetric, row by row; n up to about a hundred
 */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < 30 && offDiagonal(a, n) > 1e-30 * squares(a); sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]!),
    vectors: order.map((column) => Float64Array.from({ length: n }, (_, row) => v[row * n + column]!)),
  };
}

/** Turns rows and columns p and q so that the entry between them is 0. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const between = a[p * n + q]!;
  if (between === 0) return;
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * between);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  const turn = (m: Float64Array, i: number, j: number): void => {
    const [x, y] = [m[i]!, m[j]!];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q);
}

const squares = (a: Float64Array): number => a.reduce((total, each) => total + each * each, 0);

function offDiagonal(a: Float64Array, n: number): number {
  return squares(a.map((each, i) => (i % (n + 1) === 0 ? 0 : each)));
}
