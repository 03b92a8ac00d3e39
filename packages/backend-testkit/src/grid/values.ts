// Values to run kernels on: classes of numbers that kernels often get wrong, drawn from a key.

import type { DType, FloatProperties, RandomKey, Shape, Spec, TypedArray } from '@sinapse/core';
import { hostArray, IEEE_754, sizeOf, specOf } from '@sinapse/core';
import { Draws } from './draws.ts';

/** A tensor on the host. Floats are float32 values, so that every backend starts from the same numbers. */
export interface HostTensor extends Spec {
  readonly data: TypedArray;
}

export function hostTensor(dtype: DType, shape: Shape, values: ArrayLike<number>): HostTensor {
  const spec = specOf(dtype, shape);
  const data = hostArray(dtype, spec.size);
  data.set(values);
  return { ...spec, data };
}

/** A larger tensor that has other values before and after this one, and the offset at which this one begins. */
export function surrounded({ dtype, shape, size, data }: HostTensor): { readonly whole: HostTensor; readonly before: number } {
  const row = Math.max(1, sizeOf(shape.slice(1)));
  const around = hostArray(dtype, size + 2 * row).fill(dtype === 'float32' ? NaN : dtype === 'bool' ? 1 : 77);
  around.set(data, row);
  return { whole: { ...specOf(dtype, [around.length]), data: around }, before: row };
}

/**
 * - `ordinary`: up to 3 (integers up to 50), no zero; `tens`: up to 100
 * - `ties`: few different values
 * - `zeros`: half of them zero, of both signs
 * - `nan`, `infinities`: some of them
 * - `wide`: magnitudes from 2^-30 to 2^30; `nearOne`: 1 and -1 up to 2^-k
 * - `extremes`: the largest and smallest of the type, and its neighbours; subnormal floats too
 */
export type ValueClass = 'ordinary' | 'tens' | 'ties' | 'zeros' | 'nan' | 'infinities' | 'wide' | 'nearOne' | 'extremes';

const LARGEST_FLOAT = 3.4028234663852886e38;
/** The smallest normal float32. A backend that says so (`info.floats.subnormals`) may flush smaller values to 0. */
export const SMALLEST_NORMAL: number = 2 ** -126;

const SUBNORMAL = [2 ** -127, -1.5 * 2 ** -130, 2 ** -149];

const EXTREME_FLOATS = [
  LARGEST_FLOAT,
  -LARGEST_FLOAT,
  SMALLEST_NORMAL,
  -SMALLEST_NORMAL,
  ...SUBNORMAL,
  0x1000000,
  -0x1000001,
  2147483648,
  -2147483648,
  4294967296,
  255.5,
  -0.5,
  1.5,
  2.5,
];
const EXTREME_INTEGERS = [0x7fffffff, -0x80000000, -1, 0, 1, 0x1000000, 0x1000001, -0x1000001, 65536, 46341, -46341];
const EXTREME_BYTES = [0, 1, 127, 128, 255];

const FLOATS: Readonly<Record<ValueClass, (random: Draws) => number>> = {
  ordinary: (random) => signed(random, 0.01 + 2.99 * random.uniform()),
  tens: (random) => signed(random, 100 * random.uniform()),
  ties: (random) => random.below(9) / 2 - 2,
  zeros: (random) => [0, -0][random.below(4)] ?? FLOATS.ordinary(random),
  nan: (random) => (random.below(5) === 0 ? NaN : FLOATS.ordinary(random)),
  infinities: (random) => [Infinity, -Infinity][random.below(12)] ?? FLOATS.ordinary(random),
  wide: (random) => signed(random, 2 ** (60 * random.uniform() - 30)),
  nearOne: (random) => signed(random, 1 + signed(random, 2 ** -(1 + random.below(20)))),
  extremes: (random) => EXTREME_FLOATS[random.below(2 * EXTREME_FLOATS.length)] ?? FLOATS.ordinary(random),
};

const INTEGERS: Readonly<Partial<Record<ValueClass, (random: Draws) => number>>> = {
  ordinary: (random) => random.below(101) - 50,
  ties: (random) => random.below(5) - 2,
  zeros: (random) => (random.below(2) === 0 ? 0 : random.below(101) - 50),
  extremes: (random) => EXTREME_INTEGERS[random.below(16)] ?? random.below(101) - 50,
};

const BYTES: Readonly<Partial<Record<ValueClass, (random: Draws) => number>>> = {
  ordinary: (random) => random.below(256),
  extremes: (random) => EXTREME_BYTES[random.below(8)] ?? random.below(256),
};

function signed(random: Draws, size: number): number {
  return random.below(2) === 0 ? size : -size;
}

/** Whether a dtype has values of a class. */
export function hasClass(dtype: DType, values: ValueClass): boolean {
  if (dtype === 'float32') return true;
  if (dtype === 'bool') return values === 'ordinary';
  return values in (dtype === 'int32' ? INTEGERS : BYTES);
}

/** How exact a backend is: drawn int32 values stay below the limit, and drawn floats are ones that it keeps. */
export interface Precisely {
  readonly integerLimit: number;
  readonly floats: FloatProperties;
}

/** Draws tensors. */
export class Values {
  readonly random: Draws;
  private readonly can: Precisely;

  constructor(key: RandomKey, can: Precisely = { integerLimit: 2 ** 31, floats: IEEE_754 }) {
    this.random = new Draws(key);
    this.can = can;
  }

  /** Values of a class; `ordinary` ones where the dtype has no such class. */
  tensor(dtype: DType, shape: Shape, values: ValueClass): HostTensor {
    if (dtype === 'bool') return this.from(dtype, shape, () => this.random.below(2));
    const draw = dtype === 'float32' ? FLOATS : dtype === 'int32' ? INTEGERS : BYTES;
    const next = draw[values] ?? draw.ordinary!;
    const limit = this.can.integerLimit - 1;
    if (dtype === 'int32') return this.from(dtype, shape, () => Math.max(-limit - 1, Math.min(limit, next(this.random))));
    if (dtype === 'float32') return this.from(dtype, shape, () => this.kept(next(this.random)));
    return this.from(dtype, shape, () => next(this.random));
  }

  /** The value itself, or one that the backend keeps. */
  private kept(value: number): number {
    const { signedZeros, subnormals } = this.can.floats;
    if (value === 0) return signedZeros ? value : 0;
    return !subnormals && Math.abs(value) < SMALLEST_NORMAL ? SMALLEST_NORMAL : value; // NaN and infinities stay
  }

  /** float32 values uniform in [low, high). */
  uniform(shape: Shape, low: number, high: number): HostTensor {
    return this.from('float32', shape, () => low + (high - low) * this.random.uniform());
  }

  /** int32 values uniform in [low, high). */
  integers(shape: Shape, low: number, high: number): HostTensor {
    return this.from('int32', shape, () => (high > low ? low + this.random.below(high - low) : low));
  }

  private from(dtype: DType, shape: Shape, next: () => number): HostTensor {
    const tensor = hostTensor(dtype, shape, []);
    for (let i = 0; i < tensor.size; i++) tensor.data[i] = next();
    return tensor;
  }
}
