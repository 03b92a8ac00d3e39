// Ops whose result has a shape that depends on values. They wait for the values, so nothing is recorded for gradients.

import { ShapeError, DTypeError } from '../contract/errors.ts';
import type { TypedArray } from '../contract/dtype.ts';
import { formatShape, lengthsOf, normalizeAxis, sameShape, sizeOf } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor, checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { gather } from './gather.ts';
import { reshape } from './reshape.ts';

/** The positions of elements other than 0 in row-major order; NaN is not 0. */
function positionsOf(data: TypedArray): Int32Array {
  const positions = new Int32Array(data.length);
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) positions[count++] = i;
  return positions.subarray(0, count);
}

/**
 * The indices of all elements that are not 0, in row-major order.
 * @param x any dtype and shape
 * @returns int32 `[count, rank of x]`
 */
export async function nonZero(x: Tensor): Promise<Tensor> {
  checkTensor('nonZero', x);
  const { shape } = x;
  const positions = positionsOf(await x.data());
  const indices = new Int32Array(positions.length * shape.length);
  positions.forEach((position, row) => {
    for (let axis = shape.length - 1, rest = position; axis >= 0; axis--) {
      indices[row * shape.length + axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
  });
  return writeAt(x, specOf('int32', [positions.length, shape.length]), indices);
}

/**
 * The slices of x at which a mask is true, one after another. Inside a gradient, and where shapes must not depend on values, use `where`.
 * @param mask bool, of the shape of x from `axis` on
 * @returns the axes of the mask become one, of the length of what was picked
 * @throws ShapeError when the mask does not have x's shape there
 */
export async function booleanMask(x: Tensor, mask: Tensor, axis = 0): Promise<Tensor> {
  checkTogether('booleanMask', [x, mask]);
  if (mask.dtype !== 'bool') throw new DTypeError(`booleanMask: the mask must be bool, got ${mask.dtype}`);
  if (mask.shape.length === 0) throw new ShapeError('booleanMask: the mask must have an axis');
  const at = normalizeAxis('booleanMask', axis, x.shape.length);
  const end = at + mask.shape.length;
  if (!sameShape(lengthsOf(x.shape, at, Math.min(end, x.shape.length)), mask.shape))
    throw new ShapeError(`booleanMask: the mask ${formatShape(mask.shape)} does not fit ${formatShape(x.shape)} from axis ${at} on`);
  const own = x.alias().keep(); // the caller's handle may go while the values of the mask arrive
  try {
    const positions = positionsOf(await mask.data());
    const merged = reshape(own, [...lengthsOf(own.shape, 0, at), sizeOf(mask.shape), ...lengthsOf(own.shape, end)]);
    const indices = writeAt(own, specOf('int32', [positions.length]), positions);
    try {
      return gather(merged, indices, at);
    } finally {
      merged.dispose();
      indices.dispose();
    }
  } finally {
    own.dispose();
  }
}

/** The distinct values of a tensor. */
export interface Unique {
  /** In ascending order, NaN last. */
  readonly values: Tensor;
  /** int32, x's shape: the index in `values` of each element. */
  readonly inverse: Tensor;
  /** int32: how often each of `values` occurs. */
  readonly counts: Tensor;
}

/**
 * The distinct values of x in ascending order; all NaN count as one value.
 * @param x any dtype and shape
 */
export async function unique(x: Tensor): Promise<Unique> {
  checkTensor('unique', x);
  const { dtype, shape } = x;
  const data = await x.data();
  const order = Array.from(data.keys()).sort((i, j) => compare(data[i]!, data[j]!));
  const inverse = new Int32Array(data.length);
  const [firsts, counts]: [number[], number[]] = [[], []];
  order.forEach((element, i) => {
    if (i === 0 || compare(data[element]!, data[order[i - 1]!]!) !== 0) {
      firsts.push(element);
      counts.push(0);
    }
    inverse[element] = firsts.length - 1;
    counts[firsts.length - 1]!++;
  });
  const values = data.slice(0, firsts.length);
  firsts.forEach((element, i) => (values[i] = data[element]!));
  return {
    values: writeAt(x, specOf(dtype, [firsts.length]), values),
    inverse: writeAt(x, specOf('int32', shape), inverse),
    counts: writeAt(x, specOf('int32', [counts.length]), Int32Array.from(counts)),
  };
}

/** NaN comes last and equals itself. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a < b ? -1 : 1;
}
