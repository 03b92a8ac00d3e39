// A tensor is an immutable, dense array on a backend. The most common ops are methods; all ops are functions.

import type { Backend } from '../contract/backend.ts';
import { checkIsBackend } from '../contract/check-backend.ts';
import type { DType, TypedArray } from '../contract/dtype.ts';
import { isFloat } from '../contract/dtype.ts';
import { BackendError, SinapseError } from '../contract/errors.ts';
import { printsAs } from '../contract/inspect.ts';
import { abs, exp, log, neg, sigmoid, sqrt, square, tanh } from '../ops/unary.ts';
import { add, div, mul, sub } from '../ops/arithmetic.ts';
import type { Operand } from '../ops/binary.ts';
import { pow } from '../ops/power.ts';
import { cast } from '../ops/cast.ts';
import { matmul } from '../ops/matmul.ts';
import type { MatmulOptions } from '../ops/matmul.ts';
import { relu } from '../ops/activation.ts';
import { max, mean, min } from '../ops/statistics.ts';
import { argMax } from '../ops/arg-reduce.ts';
import type { ArgReduceOptions } from '../ops/arg-reduce.ts';
import { flatten, reshape } from '../ops/reshape.ts';
import { slice } from '../ops/slice.ts';
import type { Range } from '../ops/slice.ts';
import { softmax } from '../ops/softmax.ts';
import type { SoftmaxOptions } from '../ops/softmax.ts';
import { sum } from '../ops/sum.ts';
import type { ReduceOptions } from '../ops/sum.ts';
import { transpose } from '../ops/transpose.ts';
import type { Maker } from './maker.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape } from '../contract/shape.ts';
import type { Spec, Storage } from '../contract/storage.ts';
import { formatTensor, formatTensorLine, shortest } from './format.ts';
import { Handle, TENSOR_BRAND } from './handle.ts';
import { nest } from './nested.ts';
import type { NestedArray } from './nested.ts';
import { writeAt } from './write.ts';

/** A tensor with more values is text in JSON. */
const MOST_IN_JSON = 1000;

/** A tensor in JSON: `tensor(values, { shape, dtype })` makes it again where it has `values` without null. */
export interface TensorJSON {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly values?: NestedArray;
  readonly text?: string;
}

export class Tensor extends Handle implements Maker<Tensor> {
  /** Recognises tensors across copies of this package. */
  get brand(): symbol {
    return TENSOR_BRAND;
  }

  /** @internal A tensor on a storage of the same backend, or a part of it. */
  make(storage: Storage, offset: number, spec: Spec): Tensor {
    return new Tensor(this.backend, storage, offset, spec);
  }

  /**
   * Another handle to the same values, with its own lifetime.
   * @example
   * tensor([1, 2]).alias(); // float32 [2] [1, 2]
   */
  alias(): Tensor {
    this.assertAlive('alias');
    const twin = new Tensor(this.backend, this.storage, this.offset, this);
    twin.node = this.node;
    twin.output = this.output;
    return twin;
  }

  /** @internal Another handle to the same values, a constant to gradients. */
  detached(): Tensor {
    const constant = this.alias();
    constant.node = undefined;
    return constant;
  }

  /**
   * The number of axes.
   * @example
   * zeros([2, 3]).rank; // 2
   */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * The values at the time of the call, in row-major order. The array belongs to the caller.
   * @example
   * await tensor([[1, 2], [3, 4]]).data(); // 1,2,3,4
   */
  data(): Promise<TypedArray> {
    this.assertAlive('data');
    return this.backend.read(this);
  }

  /**
   * `data` without waiting.
   * @throws BackendError when the backend cannot read synchronously
   * @example
   * tensor([1, 2]).dataSync(); // 1,2
   */
  dataSync(): TypedArray {
    this.assertAlive('dataSync');
    if (this.backend.readSync === undefined)
      throw new BackendError(`dataSync: the backend ${this.backend.name} reads asynchronously; use await x.data()`);
    return this.backend.readSync(this);
  }

  /**
   * The values as nested arrays, bool as true and false; of a scalar the value itself.
   * @example
   * JSON.stringify(await tensor([[1, 2]]).array()); // [[1,2]]
   */
  async array(): Promise<NestedArray> {
    this.assertAlive('array');
    return nest(await this.data(), this.shape, this.dtype);
  }

  /**
   * The only element, as a number.
   * @throws BackendError when there is not exactly one
   * @example
   * await tensor([1, 2]).sum().item(); // 3
   */
  async item(): Promise<number> {
    this.assertAlive('item');
    if (this.size !== 1) throw new BackendError(`item: ${formatShape(this.shape)} has ${this.size} elements, not one; use await x.data()`);
    return (await this.data())[0]!;
  }

  /**
   * A copy on another backend.
   * @example
   * await tensor([1, 2]).to(activeBackend()); // float32 [2] [1, 2]
   */
  async to(backend: Backend): Promise<Tensor> {
    this.assertAlive('to');
    checkIsBackend('to', backend);
    if (backend === this.backend) return this.alias();
    const data = await this.data();
    return writeAt({ backend, make: (storage, offset, spec) => new Tensor(backend, storage, offset, spec) }, this.spec(), data);
  }

  /**
   * The dtype, shape and values; many values are shortened. Without values if the backend cannot read synchronously.
   * @example
   * String(tensor([1, 1e-5])); // float32 [2] [1, 0.00001]
   */
  override toString(): string {
    return this.print(formatTensor);
  }

  /**
   * What `JSON.stringify` writes: up to 1000 values in full, as nested arrays (JSON has null for NaN and infinities); more as text, shortened as by
   * `toString`. Without values if the backend cannot read synchronously.
   * @example
   * JSON.stringify(tensor([1, 2])); // {"dtype":"float32","shape":[2],"values":[1,2]}
   */
  toJSON(): TensorJSON {
    const { dtype, shape } = this;
    if (this.size > MOST_IN_JSON) return { dtype, shape, text: this.toString() };
    const data = this.readable();
    return { dtype, shape, ...(data && { values: nest(data, shape, dtype, isFloat(dtype) ? shortest : undefined) }) };
  }

  /** @internal Writes it with a formatter, which is given a note to follow the shape. */
  print(format: typeof formatTensor, note = ''): string {
    const data = this.readable();
    if (data !== undefined) return format(this.dtype, this.shape, data, note);
    return `${this.dtype} ${formatShape(this.shape)}${note} ${this.disposed ? '(disposed)' : `on ${this.backend.name}`}`;
  }

  /** The values if they can be had at once: printing throws no error, not even for a backend that was lost or closed. */
  private readable(): TypedArray | undefined {
    try {
      return this.disposed ? undefined : this.backend.readSync?.(this);
    } catch {
      return undefined;
    }
  }

  /**
   * As text, the same as `toString`.
   * @throws SinapseError where JavaScript wants a number: its operators (x + 1) do not compute with tensors
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new SinapseError('a tensor is no number: for x + 1 use x.add(1); for its value await x.item()');
  }

  private spec(): Spec {
    return { dtype: this.dtype, shape: this.shape, size: this.size };
  }

  /**
   * x + b, element by element. Shapes broadcast; dtypes are the same, and a number takes the tensor's.
   * @throws DTypeError, ShapeError when the dtypes differ or the shapes do not broadcast
   * @example
   * tensor([1, 2]).add(3); // float32 [2] [4, 5]
   */
  add(b: Operand): Tensor {
    return add(this, b);
  }

  /**
   * x - b, element by element. Shapes broadcast.
   * @throws DTypeError, ShapeError when the dtypes differ or the shapes do not broadcast
   * @example
   * tensor([5, 7]).sub(tensor([1, 2])); // float32 [2] [4, 5]
   */
  sub(b: Operand): Tensor {
    return sub(this, b);
  }

  /**
   * x · b, element by element (`matmul` multiplies matrices). Shapes broadcast.
   * @throws DTypeError, ShapeError when the dtypes differ or the shapes do not broadcast
   * @example
   * tensor([1, 2]).mul(tensor([3, 4])); // float32 [2] [3, 8]
   */
  mul(b: Operand): Tensor {
    return mul(this, b);
  }

  /**
   * x / b, element by element. Shapes broadcast. Dividing a float by 0 gives an infinity or NaN.
   * @throws DTypeError, ShapeError when the dtypes differ or the shapes do not broadcast
   * @example
   * tensor([1, -1, 0]).div(0); // float32 [3] [Infinity, -Infinity, NaN]
   */
  div(b: Operand): Tensor {
    return div(this, b);
  }

  /**
   * x to the power b, element by element. Shapes broadcast.
   * @throws DTypeError, ShapeError when the dtypes differ or the shapes do not broadcast
   * @example
   * tensor([2, 3]).pow(2); // float32 [2] [4, 9]
   */
  pow(b: Operand): Tensor {
    return pow(this, b);
  }

  /**
   * -x, element by element.
   * @throws DTypeError for uint8 and bool
   * @example
   * tensor([1, -2]).neg(); // float32 [2] [-1, 2]
   */
  neg(): Tensor {
    return neg(this);
  }

  /**
   * |x|, element by element.
   * @throws DTypeError for uint8 and bool
   * @example
   * tensor([1, -2]).abs(); // float32 [2] [1, 2]
   */
  abs(): Tensor {
    return abs(this);
  }

  /**
   * e to the power x, element by element, of floats.
   * @throws DTypeError for other dtypes
   * @example
   * tensor([0, -Infinity]).exp(); // float32 [2] [1, 0]
   */
  exp(): Tensor {
    return exp(this);
  }

  /**
   * The natural logarithm, element by element, of floats: -Infinity at 0, NaN below.
   * @throws DTypeError for other dtypes
   * @example
   * tensor([1, 0, -1]).log(); // float32 [3] [0, -Infinity, NaN]
   */
  log(): Tensor {
    return log(this);
  }

  /**
   * The square root, element by element, of floats: NaN below 0.
   * @throws DTypeError for other dtypes
   * @example
   * tensor([4, 2]).sqrt(); // float32 [2] [2, 1.4142135]
   */
  sqrt(): Tensor {
    return sqrt(this);
  }

  /**
   * x², element by element.
   * @throws DTypeError for uint8 and bool
   * @example
   * tensor([2, -3]).square(); // float32 [2] [4, 9]
   */
  square(): Tensor {
    return square(this);
  }

  /**
   * The hyperbolic tangent, element by element, of floats.
   * @throws DTypeError for other dtypes
   * @example
   * tensor([0, 100]).tanh(); // float32 [2] [0, 1]
   */
  tanh(): Tensor {
    return tanh(this);
  }

  /**
   * 1 / (1 + e^-x), element by element, of floats.
   * @throws DTypeError for other dtypes
   * @example
   * tensor([0, 100]).sigmoid(); // float32 [2] [0.5, 1]
   */
  sigmoid(): Tensor {
    return sigmoid(this);
  }

  /**
   * max(x, 0), element by element, of floats.
   * @throws DTypeError for other dtypes
   * @example
   * tensor([-1, 2]).relu(); // float32 [2] [0, 2]
   */
  relu(): Tensor {
    return relu(this);
  }

  /**
   * e^x / Σ e^x along an axis, the last by default: numbers that add up to 1. The shape stays.
   * @throws ShapeError when there is no such axis
   * @throws DTypeError unless x is of floats
   * @example
   * tensor([[1, 1], [0, 200]]).softmax().argMax({ axis: 1 }); // int32 [2] [0, 1]
   * tensor([7, 7]).softmax(); // float32 [2] [0.5, 0.5]
   */
  softmax(options?: SoftmaxOptions): Tensor {
    return softmax(this, options);
  }

  /**
   * The matrix product `[…, m, k]` · `[…, k, n]` = `[…, m, n]`. Axes before the last two broadcast; options transpose an operand.
   * @throws ShapeError when k differs or leading axes do not broadcast
   * @example
   * tensor([[1, 2]]).matmul(tensor([[3], [4]])); // float32 [1,1] [[11]]
   */
  matmul(b: Tensor, options?: MatmulOptions): Tensor {
    return matmul(this, b, options);
  }

  /**
   * The sum over `axis`, a number or a list (all axes by default). The axes disappear unless `keepDims`.
   * @throws ShapeError when there is no such axis
   * @throws DTypeError for uint8 and bool
   * @example
   * tensor([[1, 2], [3, 4]]).sum(); // float32 [] 10
   * tensor([[1, 2], [3, 4]]).sum({ axis: 0 }); // float32 [2] [4, 6]
   */
  sum(options?: ReduceOptions): Tensor {
    return sum(this, options);
  }

  /**
   * The mean over `axis`, a number or a list (all axes by default), of floats.
   * @throws ShapeError when there is no such axis
   * @throws DTypeError for other dtypes
   * @example
   * tensor([[1, 2], [3, 4]]).mean({ axis: 1 }); // float32 [2] [1.5, 3.5]
   */
  mean(options?: ReduceOptions): Tensor {
    return mean(this, options);
  }

  /**
   * The largest value over `axis`, a number or a list (all axes by default); -Infinity of no floats.
   * @throws ShapeError when there is no such axis
   * @example
   * tensor([3, 1, 2]).max(); // float32 [] 3
   */
  max(options?: ReduceOptions): Tensor {
    return max(this, options);
  }

  /**
   * The least value over `axis`, a number or a list (all axes by default); Infinity of no floats.
   * @throws ShapeError when there is no such axis
   * @example
   * tensor([3, 1, 2]).min(); // float32 [] 1
   */
  min(options?: ReduceOptions): Tensor {
    return min(this, options);
  }

  /**
   * The index of the largest value along `axis`, the last by default, as int32; of equal ones the first.
   * @throws ShapeError when there is no such axis, or it is empty
   * @example
   * tensor([[1, 9], [8, 2]]).argMax({ axis: 1 }); // int32 [2] [1, 0]
   */
  argMax(options?: ArgReduceOptions): Tensor {
    return argMax(this, options);
  }

  /**
   * The same values in another shape. Nothing is copied.
   * @throws ShapeError unless the sizes agree
   * @example
   * range(4).reshape([2, 2]).shape; // [2,2]
   */
  reshape(shape: Shape): Tensor {
    return reshape(this, shape);
  }

  /**
   * Merges the axes from `start` on (default 0) into one. Nothing is copied.
   * @throws SinapseError when there is no such axis
   * @example
   * zeros([8, 28, 28]).flatten(1).shape; // [8,784]
   */
  flatten(start?: number): Tensor {
    return flatten(this, start);
  }

  /**
   * The axes in another order; by default reversed.
   * @throws ShapeError unless `permutation` names every axis once
   * @example
   * zeros([2, 3]).transpose().shape; // [3,2]
   */
  transpose(permutation?: readonly number[]): Tensor {
    return transpose(this, permutation);
  }

  /**
   * A part: for each axis a number (that index; the axis disappears), a range `{ begin, end, step }`, or null (all of it). Axes left out are taken whole.
   * @throws ShapeError when an index is out of range
   * @example
   * tensor([[1, 2], [3, 4]]).slice([1]); // float32 [2] [3, 4]
   * range(9).slice([{ begin: 2, end: 5 }]); // int32 [3] [2, 3, 4]
   */
  slice(ranges: readonly (number | Range | null)[]): Tensor {
    return slice(this, ranges);
  }

  /**
   * The values as another dtype. To integers, floats are truncated towards 0 and clamped, and NaN becomes 0; to bool, all but 0 is true.
   * @throws DTypeError when the backend has no such dtype
   * @example
   * tensor([1.9, -1.9, NaN]).cast('int32'); // int32 [3] [1, -1, 0]
   */
  cast(dtype: DType): Tensor {
    return cast(this, dtype);
  }
}

printsAs(Tensor, 'Tensor', String, (tensor) => tensor.print(formatTensorLine));

/**
 * Whether a value is a tensor.
 * @throws BackendError for a tensor of another copy of the package
 */
export function isTensor(value: unknown): value is Tensor {
  if (value instanceof Tensor) return true;
  if (typeof value === 'object' && value !== null && 'brand' in value && value.brand === TENSOR_BRAND) {
    throw new BackendError(
      'two copies of @sinapse/core are loaded: this tensor comes from the other one; deduplicate your dependencies (npm dedupe)',
    );
  }
  return false;
}
