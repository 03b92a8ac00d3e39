// Functions that make tensors on the backend in use.

import { checkIsBackend } from '../contract/check-backend.ts';
import { activeBackend } from '../dispatch/active-backend.ts';
import type { Backend } from '../contract/backend.ts';
import * as check from '../contract/checks.ts';
import type { DType, TypedArray } from '../contract/dtype.ts';
import { hostArray, isValueOf } from '../contract/dtype.ts';
import { DTypeError, SinapseError, allocating } from '../contract/errors.ts';
import { arrayKind, bytesIn, dtypeOfArray, elementCount, isHostArray } from '../contract/typed-array.ts';
import { minimum } from '../ops/arithmetic.ts';
import { filled } from '../ops/fill.ts';
import { rangeAt } from '../ops/gather.ts';
import { bernoulliAt, randomUniformAt } from '../ops/random.ts';
import type { TensorMaker } from './tensor-maker.ts';
import { float32Below, hostNormal, hostPermutation, hostTruncatedNormal } from '../random/host.ts';
import type { Seed } from '../random/key.ts';
import { randomKey } from '../random/key.ts';
import type { Shape } from '../contract/shape.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions, checkValue } from '../contract/options.ts';
import { checkShape, formatShape, sizeOf } from '../contract/shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import { numberOf } from '../contract/scalar.ts';
import { specOf } from '../contract/storage.ts';
import type { NestedArray } from './nested.ts';
import { flattenNested } from './nested.ts';
import { scope } from './scope.ts';
import { Tensor } from './tensor.ts';
import { writeAt } from './write.ts';

/** A maker of tensors on a backend. */
export function makerOn(backend: Backend): TensorMaker {
  checkIsBackend('makerOn', backend);
  return { backend, make: (storage, offset, spec) => new Tensor(backend, storage, offset, spec) };
}

function here(): TensorMaker {
  return makerOn(activeBackend());
}

/** Typed arrays that `tensor` takes: those of a dtype, the bytes of a canvas, and, if the dtype is given, other integers of up to 32 bits. */
export type ArrayOfNumbers = TypedArray | Uint8ClampedArray | Int8Array | Int16Array | Uint32Array;

function dtypeFor(data: ArrayBufferView): DType {
  const dtype = dtypeOfArray(data);
  if (dtype !== undefined) return dtype;
  const kind = arrayKind(data) ?? 'DataView';
  const what =
    kind === 'Uint16Array' ? 'its dtype: float16 or bfloat16 for bits, int32 for integers' : "its dtype, e.g. { dtype: 'int32' }";
  throw new DTypeError(
    `tensor: a ${kind} needs ${what}; by themselves are taken Float32Array, Float64Array (as float32), Int32Array, Uint8Array, Uint8ClampedArray (as uint8)`,
  );
}

/** @throws DTypeError for arrays that do not hold numbers */
function checkHoldsNumbers(data: ArrayBufferView): void {
  const kind = arrayKind(data);
  if (kind === undefined)
    throw new DTypeError('tensor: a DataView has no elements; make a typed array of its buffer, e.g. new Uint8Array(view.buffer)');
  if (kind.startsWith('Big'))
    throw new DTypeError(`tensor: a ${kind} holds bigints, and no dtype has 64 bits; convert it: Int32Array.from(data, Number)`);
}

export interface TensorOptions {
  /** The shape. By default that of the nested arrays; a typed array gives a vector. */
  readonly shape?: Shape | undefined;
  /** The dtype. By default that of the values. */
  readonly dtype?: DType | undefined;
}

const TENSOR: OptionChecks<TensorOptions> = { shape: check.shape, dtype: check.dtype };

/**
 * A tensor from a number, nested arrays, or a typed array, in row-major order.
 * @param values numbers give float32, booleans bool; a Float32Array float32, a Float64Array float32 (rounded), an Int32Array int32, a Uint8Array or
 *   Uint8ClampedArray (the pixels of a canvas) uint8, unless `dtype` is given. Other typed arrays need `dtype`; those of bigints are refused.
 * @throws ShapeError when rows differ in length, or the data does not fill the shape
 * @throws DTypeError when a value is not one of the dtype, or a typed array's kind stands for none
 */
export function tensor(values: NestedArray | ArrayOfNumbers, options: TensorOptions = {}): Tensor {
  checkOptions('tensor', options, TENSOR);
  const given = options.shape && [...options.shape];
  if (given !== undefined) checkShape('tensor', given);
  if (ArrayBuffer.isView(values)) {
    checkHoldsNumbers(values);
    const dtype = options.dtype ?? dtypeFor(values);
    const count = elementCount(values);
    return writeAt(here(), specOf(dtype, given ?? [count]), asDType(values, dtype, count));
  }
  const { shape, values: flat, boolean } = flattenNested(values);
  checkShape('tensor', shape);
  const dtype = options.dtype ?? (boolean ? 'bool' : 'float32');
  return writeAt(here(), specOf(dtype, given ?? shape), converted(dtype, flat.length, flat));
}

/** The caller's array where it holds the dtype's values as they are, else a copy. */
function asDType(data: ArrayOfNumbers, dtype: DType, count: number): TypedArray {
  if (dtype !== 'bool' && isHostArray(dtype, data)) return data;
  return dtype === 'uint8' && arrayKind(data) === 'Uint8ClampedArray' ? bytesIn(data) : converted(dtype, count, data);
}

function converted(dtype: DType, size: number, values: ArrayLike<number>): TypedArray {
  if (dtype === 'float16' || dtype === 'bfloat16')
    throw new DTypeError(`tensor: give ${dtype} values as their bits in a Uint16Array, or cast a float32 tensor`);
  const data = hostArray(dtype, size);
  for (let i = 0; i < size; i++) {
    const value = dtype === 'bool' ? Number(values[i] !== 0) : values[i]!;
    if (!isValueOf(dtype, value)) throw new DTypeError(`tensor: ${value} is not a value of ${dtype}; make a float32 tensor and cast it`);
    data[i] = value;
  }
  return data;
}

/** A tensor of values made on the host, 4 bytes each. A replay of a recording makes them again: with the key of that step, if they are random. */
function fromHost(op: string, shape: Shape, make: (size: number) => TypedArray, dtype: 'float32' | 'int32' = 'float32'): Tensor {
  checkShape(op, shape);
  const size = sizeOf(shape);
  const made = (): TypedArray => allocating(`${op} ${formatShape(shape)}`, 4 * size, () => make(size));
  let first: TypedArray | undefined = made(); // before any memory of the device is taken
  return writeAt(here(), specOf(dtype, shape), () => {
    const values = first ?? made();
    first = undefined;
    return values;
  });
}

function constant(op: string, shape: Shape, value: Scalar, dtype: DType): Tensor {
  checkShape(op, shape);
  checkValue(op, value, check.scalar, 'value');
  checkValue(op, dtype, check.dtype, 'dtype');
  const number = numberOf(value);
  if (!isValueOf(dtype, number)) throw new DTypeError(`${op}: ${number} is not a value of ${dtype}; make a float32 tensor`);
  return filled(here(), [...shape], value, dtype);
}

/**
 * A tensor filled with one value.
 * @throws DTypeError when the dtype cannot hold it
 */
export function full(shape: Shape, value: Scalar, dtype: DType = 'float32'): Tensor {
  return constant('full', shape, value, dtype);
}

export function zeros(shape: Shape, dtype: DType = 'float32'): Tensor {
  return constant('zeros', shape, 0, dtype);
}

export function ones(shape: Shape, dtype: DType = 'float32'): Tensor {
  return constant('ones', shape, 1, dtype);
}

/** int32 0, 1, …, count - 1. */
export function range(count: number): Tensor {
  checkValue('range', count, check.natural, 'count');
  return rangeAt(here(), count);
}

/**
 * float32 numbers at equal distances, the first `start` and the last `stop`; of one, `start`.
 * @param count >= 0
 */
export function linspace(start: number, stop: number, count: number): Tensor {
  checkValue('linspace', start, check.finite, 'start');
  checkValue('linspace', stop, check.finite, 'stop');
  checkValue('linspace', count, check.natural, 'count');
  const last = Math.max(1, count - 1);
  // As a mean of both ends, the last is `stop` itself, and nothing overflows.
  return fromHost('linspace', [count], (size) => Float32Array.from({ length: size }, (_, i) => start * (1 - i / last) + stop * (i / last)));
}

/** The identity matrix, float32 `[n, n]`; with `columns`, `[n, columns]` with 1 on the main diagonal. */
export function eye(n: number, columns: number = n): Tensor {
  return fromHost('eye', [n, columns], (size) => {
    const data = new Float32Array(size);
    for (let i = 0; i < Math.min(n, columns); i++) data[i * columns + i] = 1;
    return data;
  });
}

/** The seed of random values, or a key derived from one. There is no hidden state: the same seed gives the same values. */
export interface RandomOptions {
  readonly seed: Seed;
}

export interface UniformOptions extends RandomOptions {
  /** The least value. Default 0. */
  readonly low?: number | undefined;
  /** The bound above all values. Default 1. */
  readonly high?: number | undefined;
}

export interface NormalOptions extends RandomOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** The standard deviation, at least 0. Default 1. */
  readonly deviation?: number | undefined;
}

const RANDOM: OptionChecks<RandomOptions> = { seed: check.required(check.seed) };
const UNIFORM: OptionChecks<UniformOptions> = { ...RANDOM, low: check.finite, high: check.finite };
const NORMAL: OptionChecks<NormalOptions> = { ...RANDOM, mean: check.finite, deviation: check.notNegative };

/**
 * float32 values uniform in [low, high), with the bounds rounded to float32. Values that would round to `high` are the float32 below it. If the
 * bounds are equal, all values are `low`.
 * @throws SinapseError unless low <= high, both are finite, and high - low is at most the largest float32
 */
export function randomUniform(shape: Shape, options: UniformOptions): Tensor {
  checkShape('randomUniform', shape);
  checkOptions('randomUniform', options, UNIFORM);
  const { seed, low = 0, high = 1 } = options;
  const [from, to] = [Math.fround(low), Math.fround(high)];
  if (!(low <= high && Number.isFinite(Math.fround(to - from))))
    throw new SinapseError(`randomUniform: low and high must be finite numbers, low <= high, got ${low} and ${high}`);
  if (from === to) return full(shape, from);
  return scope(() => {
    const unit = randomUniformAt(here(), shape, seed);
    return from === 0 && to === 1 ? unit : minimum(unit.mul(to - from).add(from), float32Below(to));
  });
}

/** float32 values of the normal distribution with the given mean (default 0) and standard deviation (default 1). */
export function randomNormal(shape: Shape, options: NormalOptions): Tensor {
  checkOptions('randomNormal', options, NORMAL);
  const { seed, mean = 0, deviation = 1 } = options;
  return fromHost('randomNormal', shape, (size) => hostNormal(randomKey(seed), size, mean, deviation));
}

/** float32 values of the normal distribution truncated to within two standard deviations of the mean. */
export function randomTruncatedNormal(shape: Shape, options: NormalOptions): Tensor {
  checkOptions('randomTruncatedNormal', options, NORMAL);
  const { seed, mean = 0, deviation = 1 } = options;
  return fromHost('randomTruncatedNormal', shape, (size) => hostTruncatedNormal(randomKey(seed), size, mean, deviation));
}

/** bool values, true with probability p. */
export function randomBernoulli(shape: Shape, p: number, options: RandomOptions): Tensor {
  checkShape('randomBernoulli', shape);
  checkValue('randomBernoulli', p, check.probability, 'p');
  checkOptions('randomBernoulli', options, RANDOM);
  return bernoulliAt(here(), shape, p, options.seed);
}

/** int32 0 … count - 1 in random order. */
export function randomPermutation(count: number, options: RandomOptions): Tensor {
  checkOptions('randomPermutation', options, RANDOM);
  return fromHost('randomPermutation', [count], (size) => hostPermutation(randomKey(options.seed), size), 'int32');
}
