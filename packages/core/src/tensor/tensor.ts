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

  /** Another handle to the same values, with its own lifetime. */
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

  /** The number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** The values at the time of the call, in row-major order. The array belongs to the caller. */
  data(): Promise<TypedArray> {
    this.assertAlive('data');
    return this.backend.read(this);
  }

  /**
   * `data` without waiting.
   * @throws BackendError when the backend cannot read synchronously
   */
  dataSync(): TypedArray {
    this.assertAlive('dataSync');
    if (this.backend.readSync === undefined)
      throw new BackendError(`dataSync: the backend ${this.backend.name} reads asynchronously; use await x.data()`);
    return this.backend.readSync(this);
  }

  /** The values as nested arrays, bool as true and false; of a scalar the value itself. */
  async array(): Promise<NestedArray> {
    this.assertAlive('array');
    return nest(await this.data(), this.shape, this.dtype);
  }

  /** The only element, as a number. */
  async item(): Promise<number> {
    this.assertAlive('item');
    if (this.size !== 1) throw new BackendError(`item: ${formatShape(this.shape)} has ${this.size} elements, not one; use await x.data()`);
    return (await this.data())[0]!;
  }

  /** A copy on another backend. */
  async to(backend: Backend): Promise<Tensor> {
    this.assertAlive('to');
    checkIsBackend('to', backend);
    if (backend === this.backend) return this.alias();
    const data = await this.data();
    return writeAt({ backend, make: (storage, offset, spec) => new Tensor(backend, storage, offset, spec) }, this.spec(), data);
  }

  /** The dtype, shape and values; many values are shortened. Without values if the backend cannot read synchronously. */
  override toString(): string {
    return this.print(formatTensor);
  }

  /**
   * What `JSON.stringify` writes: up to 1000 values in full, as nested arrays (JSON has null for NaN and infinities); more as text, shortened as by
   * `toString`. Without values if the backend cannot read synchronously.
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

  add(b: Operand): Tensor {
    return add(this, b);
  }
  sub(b: Operand): Tensor {
    return sub(this, b);
  }
  mul(b: Operand): Tensor {
    return mul(this, b);
  }
  div(b: Operand): Tensor {
    return div(this, b);
  }
  pow(b: Operand): Tensor {
    return pow(this, b);
  }
  neg(): Tensor {
    return neg(this);
  }
  abs(): Tensor {
    return abs(this);
  }
  exp(): Tensor {
    return exp(this);
  }
  log(): Tensor {
    return log(this);
  }
  sqrt(): Tensor {
    return sqrt(this);
  }
  square(): Tensor {
    return square(this);
  }
  tanh(): Tensor {
    return tanh(this);
  }
  sigmoid(): Tensor {
    return sigmoid(this);
  }
  relu(): Tensor {
    return relu(this);
  }
  softmax(options?: SoftmaxOptions): Tensor {
    return softmax(this, options);
  }
  matmul(b: Tensor, options?: MatmulOptions): Tensor {
    return matmul(this, b, options);
  }
  sum(options?: ReduceOptions): Tensor {
    return sum(this, options);
  }
  mean(options?: ReduceOptions): Tensor {
    return mean(this, options);
  }
  max(options?: ReduceOptions): Tensor {
    return max(this, options);
  }
  min(options?: ReduceOptions): Tensor {
    return min(this, options);
  }
  argMax(options?: ArgReduceOptions): Tensor {
    return argMax(this, options);
  }
  reshape(shape: Shape): Tensor {
    return reshape(this, shape);
  }
  flatten(start?: number): Tensor {
    return flatten(this, start);
  }
  transpose(permutation?: readonly number[]): Tensor {
    return transpose(this, permutation);
  }
  slice(ranges: readonly (number | Range | null)[]): Tensor {
    return slice(this, ranges);
  }
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
