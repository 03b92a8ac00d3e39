// Random numbers made on the host, with the same bits on every platform and backend: initial weights, shuffles, generated data.
// Only + - * / and Math.sqrt are used, as IEEE 754 fixes their results; Math.log and Math.cos differ between JavaScript engines.

import * as check from '../contract/checks.ts';
import { SinapseError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import { shown } from '../contract/shown.ts';
import { RandomKey } from './key.ts';
import { philox4x32 } from './philox.ts';

/** @throws SinapseError unless the value is a random key */
function checkKey(op: string, key: RandomKey): void {
  if (!(key instanceof RandomKey)) throw new SinapseError(`${op}: takes a random key, got ${shown(key)}; make one with randomKey(seed)`);
}

/** @throws SinapseError unless the key is one, the count an integer >= 0, and the other numbers finite */
function checkDraw(op: string, key: RandomKey, count: number, ...numbers: number[]): void {
  checkKey(op, key);
  checkValue(op, count, check.natural, 'count');
  for (const number of numbers) checkValue(op, number, check.finite);
}

/** `count` integers uniform in [0, 2^24). Element i depends only on the key and i; backends reproduce these bits exactly. */
export function hostBits24(key: RandomKey, count: number): Int32Array {
  checkDraw('hostBits24', key, count);
  const bits = new Int32Array(count);
  const block = new Uint32Array(4);
  const words = [key.low, key.high] as const;
  for (let i = 0; i < count; i += 4) {
    philox4x32([i / 4, 0, 0, 0], words, block);
    for (let j = 0; j < 4 && i + j < count; j++) bits[i + j] = block[j]! >>> 8;
  }
  return bits;
}

/** `count` float32 values uniform in [low, high): multiples of 2^-24, scaled. A value that would round to `high` becomes the float32 below `high`. */
export function hostUniform(key: RandomKey, count: number, low = 0, high = 1): Float32Array {
  checkDraw('hostUniform', key, count, low, high);
  const most = low < high ? float32Below(high) : high;
  return Float32Array.from(hostBits24(key, count), (bits) => Math.min(low + (high - low) * (bits / 0x1000000), most));
}

/** Rounds a number to float32 and returns the next float32 below. */
export function float32Below(value: number): number {
  const float = Float32Array.of(value);
  const bits = new Int32Array(float.buffer);
  if (float[0] === 0) return -(2 ** -149);
  bits[0]! += float[0]! > 0 ? -1 : 1;
  return float[0]!;
}

/** `count` float32 values from the normal distribution. */
export function hostNormal(key: RandomKey, count: number, mean = 0, deviation = 1): Float32Array {
  checkDraw('hostNormal', key, count, mean, deviation);
  const stream = new RandomStream(key);
  return Float32Array.from({ length: count }, () => mean + deviation * stream.normal());
}

/** P(Z <= -2) of the standard normal distribution. */
const BELOW_MINUS_TWO = 0.02275013194817921;

/** `count` float32 values from the normal distribution truncated to within two deviations of the mean, by inversion (no rejection). */
export function hostTruncatedNormal(key: RandomKey, count: number, mean = 0, deviation = 1): Float32Array {
  checkDraw('hostTruncatedNormal', key, count, mean, deviation);
  const stream = new RandomStream(key);
  const span = 1 - 2 * BELOW_MINUS_TWO;
  return Float32Array.from({ length: count }, () => mean + deviation * inverseNormal(BELOW_MINUS_TWO + span * stream.openUniform()));
}

/** A uniformly random order of 0 .. count-1 (Fisher-Yates). */
export function hostPermutation(key: RandomKey, count: number): Int32Array {
  checkDraw('hostPermutation', key, count);
  const stream = new RandomStream(key);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}

/** The random stream of a key, for host code that draws numbers one after another. */
export class RandomStream {
  private readonly block = new Uint32Array(4);
  private readonly key: readonly [number, number];
  private drawn = 0;

  constructor(key: RandomKey) {
    checkKey('RandomStream', key);
    this.key = [key.low, key.high];
  }

  /** The next 32 bits, as an unsigned integer. */
  bits(): number {
    const lane = this.drawn & 3;
    if (lane === 0) {
      const counter = this.drawn / 4;
      philox4x32([counter >>> 0, Math.floor(counter / 0x100000000), 1, 0], this.key, this.block);
    }
    this.drawn++;
    return this.block[lane]!;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** Uniform in (0, 1): never an end point. */
  openUniform(): number {
    const high = this.bits() >>> 6;
    const low = this.bits() >>> 6;
    return (high * 0x4000000 + low + 0.5) / 0x10000000000000;
  }

  /** Standard normal, by inversion. */
  normal(): number {
    return inverseNormal(this.openUniform());
  }

  /**
   * Uniform integer in [0, count), without bias (rejection).
   * @throws SinapseError unless count is an integer from 1 to 2^32
   */
  below(count: number): number {
    if (!(count >= 1 && count <= 0x100000000)) checkValue('below', count, check.integer(1, 0x100000000), 'count');
    const limit = 0x100000000 - (0x100000000 % count);
    for (;;) {
      const bits = this.bits();
      if (bits < limit) return bits % count;
    }
  }
}

/**
 * The quantile function of the standard normal distribution: -∞ at 0, ∞ at 1, NaN outside [0, 1]. Wichura 1988, algorithm AS 241 (PPND16);
 * relative error about 1e-16.
 */
export function inverseNormal(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, CENTRE_TOP)) / polynomial(r, CENTRE_BOTTOM);
  }
  const r = Math.sqrt(-naturalLog(q < 0 ? p : 1 - p));
  const z =
    r <= 5 ? polynomial(r - 1.6, NEAR_TOP) / polynomial(r - 1.6, NEAR_BOTTOM) : polynomial(r - 5, FAR_TOP) / polynomial(r - 5, FAR_BOTTOM);
  return q < 0 ? -z : z;
}

/** ln(x) for x in (0, 1]: x = m 2^-e with m in [sqrt(1/2), sqrt(2)), then the series of 2 artanh((m - 1) / (m + 1)). */
function naturalLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent--;
  }
  const s = (mantissa - 1) / (mantissa + 1); // |s| <= 0.1716: the term s^23 / 23 is below 1e-18
  const square = s * s;
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return 2 * s * sum + exponent * Math.LN2;
}

/** Horner's rule; coefficients from the highest power down. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let value = 0;
  for (const coefficient of coefficients) value = value * x + coefficient;
  return value;
}

const CENTRE_TOP = [
  2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
  133.14166789178437745, 3.387132872796366608,
];
const CENTRE_BOTTOM = [
  5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
  42.313330701600911252, 1,
];
const NEAR_TOP = [
  7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504,
  5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
];
const NEAR_BOTTOM = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455,
  1.6763848301838038494, 2.05319162663775882187, 1,
];
const FAR_TOP = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123,
  1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
];
const FAR_BOTTOM = [
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525,
  0.13692988092273580531, 0.59983220655588793769, 1,
];
