// Matrix products.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import * as check from '../contract/checks.ts';
import type { DType } from '../contract/dtype.ts';
import { isFloat } from '../contract/dtype.ts';
import { DTypeError, ShapeError } from '../contract/errors.ts';
import type { Precision } from '../contract/kernels.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { readable } from '../contract/own-shape.ts';
import type { Shape } from '../contract/shape.ts';
import { broadcastShapes, formatShape, lastLength, lengthsOf, sizeOf } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor, onTwoBackends } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { reshape, viewAs } from './reshape.ts';
import { broadcastTo, sumTo } from './sum.ts';
import { transpose } from './transpose.ts';

/** The precision for each input dtype: sums are kept in float32 at least. Each is one object, because attributes are static. */
const PRECISIONS: Readonly<Partial<Record<DType, Precision>>> = {
  float32: { output: 'float32', accumulation: 'float32' },
  float16: { output: 'float16', accumulation: 'float32' },
  bfloat16: { output: 'bfloat16', accumulation: 'float32' },
};

/** The precision of a product of floats, whose result has the dtype of the operands. */
export function precisionOf({ dtype }: Spec): Precision {
  return PRECISIONS[dtype] ?? PRECISIONS.float32!;
}

/** Rows of an operand after transposition. */
function rows(x: Spec, transposed: boolean): number {
  return readable(x.shape)[transposed ? 2 : 1]!;
}

/** Columns of an operand after transposition. */
function columns(x: Spec, transposed: boolean): number {
  return readable(x.shape)[transposed ? 1 : 2]!;
}

export const matmulKernel: KernelDefinition<'matmul', Tensor> = defineKernel({
  name: 'matmul',
  infer: ({ a, b }, { transposeA, transposeB, precision }) => {
    if (columns(a, transposeA) !== rows(b, transposeB))
      throw new ShapeError(
        `matmul: inner lengths differ: ${formatShape(a.shape)}${transposeA ? ' transposed' : ''} and ${formatShape(b.shape)}${transposeB ? ' transposed' : ''}`,
      );
    const [batchA, batchB] = [a.shape[0]!, b.shape[0]!];
    const batch = batchA === batchB ? batchA : broadcastShapes('matmul', [batchA], [batchB])[0]!;
    return { y: specOf(precision.output, [batch, rows(a, transposeA), columns(b, transposeB)]) };
  },
  macs: ({ a }, { y }, { transposeA }) => y.size * columns(a, transposeA),
});

const matmulRule: Rule<'matmul'> = {
  kernel: matmulKernel,
  save: [],
  saveFor: { a: ['b'], b: ['a'] },
  gradient: ({ d, saved, specs, attrs, needs }) => {
    const dy = d.y;
    if (dy === undefined) return {};
    const { a, b } = saved;
    const { transposeA: ta, transposeB: tb } = attrs;
    // C = op(A) op(B): dop(A) = dC op(B)^T and dop(B) = op(A)^T dC; where an operand is stored transposed, the two factors are swapped.
    const da = (): Tensor => (ta ? product(b, dy, tb, true) : product(dy, b, false, !tb));
    const db = (): Tensor => (tb ? product(dy, a, true, ta) : product(a, dy, !ta, false));
    return { a: needs.a && sumTo(da(), specs.a.shape), b: needs.b && sumTo(db(), specs.b.shape) };
  },
};

/** Calls the kernel, which takes rank-3 operands. */
function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  return apply(matmulRule, { a, b }, { transposeA, transposeB, precision: precisionOf(a) }, NO_SCALARS, a).y;
}

/** Which operands to read transposed (their last two axes), without a copy. */
export interface MatmulOptions {
  readonly transposeA?: boolean | undefined;
  readonly transposeB?: boolean | undefined;
}

const MATMUL: OptionChecks<MatmulOptions> = { transposeA: check.flag, transposeB: check.flag };

/**
 * The matrix product over the last two axes; leading axes broadcast. A vector counts as a row on the left and as a column on the right, and the
 * result lacks that axis.
 * @param a float32 `[…, m, k]`
 * @param b float32 `[…, k, n]`
 * @returns `[…, m, n]`
 * @throws ShapeError when the inner lengths differ
 */
export function matmul(a: Tensor, b: Tensor, options?: MatmulOptions): Tensor {
  if (options !== undefined) checkOptions('matmul', options, MATMUL);
  return multiply('matmul', a, b, options?.transposeA ?? false, options?.transposeB ?? false);
}

/** The matrix product. @param op the function that a user calls */
function multiply(op: string, a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  checkOperand(op, a);
  checkOperand(op, b);
  if (a.backend !== b.backend) throw onTwoBackends(op, a.backend, b.backend);
  const left = a.shape.length === 1 ? reshape(a, transposeA ? [a.size, 1] : [1, a.size]) : a;
  const right = b.shape.length === 1 ? reshape(b, transposeB ? [1, b.size] : [b.size, 1]) : b;
  if (lastLength(left.shape, transposeA ? 2 : 1) !== lastLength(right.shape, transposeB ? 1 : 2)) {
    // The message shows the shapes as they were given; the kernel sees them with one batch axis.
    const [of, by] = [transposeA, transposeB].map((transposed) => (transposed ? ' transposed' : ''));
    throw new ShapeError(`${op}: inner lengths differ: ${formatShape(a.shape)}${of} and ${formatShape(b.shape)}${by}`);
  }
  const y = batchedMatmul(left, right, transposeA, transposeB);
  if (a.shape.length > 1 && b.shape.length > 1) return y;
  const dropped = lengthsOf(y.shape, 0, y.shape.length - 2);
  if (a.shape.length > 1) dropped.push(lastLength(y.shape, 2)!);
  if (b.shape.length > 1) dropped.push(lastLength(y.shape)!);
  return reshape(y, dropped);
}

function checkOperand(op: string, x: Tensor): void {
  checkTensor(op, x);
  if (!isFloat(x.dtype)) throw new DTypeError(`${op}: takes float32, got ${x.dtype}; cast it`);
  if (x.shape.length === 0) throw new ShapeError(`${op}: an operand is a scalar; use mul`);
}

function batchedMatmul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  if (a.shape.length === 2 && b.shape.length === 2) {
    const y = product(viewAs(a, [1, a.shape[0]!, a.shape[1]!]), viewAs(b, [1, b.shape[0]!, b.shape[1]!]), transposeA, transposeB);
    return viewAs(y, [y.shape[1]!, y.shape[2]!]);
  }
  const batchA = lengthsOf(a.shape, 0, a.shape.length - 2);
  const batchB = lengthsOf(b.shape, 0, b.shape.length - 2);
  if (sizeOf(batchB) === 1 && !transposeA && batchA.length >= batchB.length && a.size > 0) {
    // The whole batch of a meets one matrix b, so the rows of all its matrices are the rows of one product.
    const y = product(reshape(a, [1, -1, lastLength(a.shape)!]), reshape(b, [1, ...matrixOf(b)]), false, transposeB);
    return reshape(y, [...lengthsOf(a.shape, 0, a.shape.length - 1), y.shape[2]!]);
  }
  const batch = broadcastShapes('matmul', batchA, batchB);
  const y = product(asBatch(a, batchA, batch), asBatch(b, batchB, batch), transposeA, transposeB);
  return reshape(y, [...batch, y.shape[1]!, y.shape[2]!]);
}

/** The rows and columns of the matrices in x. */
function matrixOf({ shape }: Tensor): number[] {
  return lengthsOf(shape, shape.length - 2);
}

/** x with one batch axis (rank 3). It has length 1 if all leading axes have (the kernel broadcasts it), else x is stretched to the full batch. */
function asBatch(x: Tensor, own: Shape, batch: Shape): Tensor {
  const matrix = matrixOf(x);
  if (sizeOf(own) === 1) return reshape(x, [1, ...matrix]);
  return reshape(broadcastTo(x, [...batch, ...matrix]), [sizeOf(batch), ...matrix]);
}

/** The inner product of two vectors; for matrices the same as `matmul`. */
export function dot(a: Tensor, b: Tensor): Tensor {
  return multiply('dot', a, b, false, false);
}

/** x with its last two axes exchanged. */
export function matrixTranspose(x: Tensor): Tensor {
  checkTensor('matrixTranspose', x);
  const rank = x.shape.length;
  if (rank < 2) throw new ShapeError(`matrixTranspose: ${formatShape(x.shape)} is not a matrix`);
  return transpose(x, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);
}
