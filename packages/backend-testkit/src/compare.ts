// Compares two arrays of values, element by element, with an allowed error for each.

import type { DType, FloatProperties, TypedArray } from '@sinapse/core';
import { SMALLEST_NORMAL } from './grid/values.ts';
import { ulp } from './tolerances/rounding.ts';

export interface Rules {
  readonly dtype: DType;
  /** Allowed absolute error of each element, on top of the rounding to float32. Infinity: any value is right. Undefined: all must be exact. */
  readonly allowed: Float64Array | undefined;
  readonly zeroSigns: boolean;
  /** The properties of floats that the backend keeps; the others are not checked. */
  readonly floats: FloatProperties;
  /** Multiplies the allowance. */
  readonly factor: number;
}

interface Difference {
  readonly index: number;
  readonly actual: number;
  readonly expected: number;
  readonly reason: string;
}

export interface Comparison {
  /** The largest error as a share of what is allowed: 1 is the limit. */
  readonly worst: number;
  /** The largest error in ulps of float32, among results where little cancels. */
  readonly worstUlps: number;
  /** The first element that is wrong. */
  readonly difference: Difference | undefined;
  readonly wrong: number;
}

/** Room for eight roundings among subnormals: each is off by half a step of 2^-149, however small the result. */
const SUBNORMAL_STEPS = 4 * 2 ** -149;

const LARGEST = 3.4028234663852886e38;

/** @param expected exact values: float64 for floats */
export function compare(actual: TypedArray, expected: TypedArray, rules: Rules): Comparison {
  let worst = 0;
  let worstUlps = 0;
  let wrong = 0;
  let difference: Difference | undefined;
  for (let i = 0; i < expected.length; i++) {
    // Results in float64 are rounded to float32 before they are compared.
    const verdict =
      rules.dtype === 'float32'
        ? floatVerdict(Math.fround(actual[i]!), expected[i]!, i, rules)
        : integerVerdict(actual[i]!, expected[i]!, rules.allowed?.[i]);
    if (typeof verdict === 'string') {
      wrong++;
      difference ??= { index: i, actual: actual[i]!, expected: expected[i]!, reason: verdict };
    } else if (verdict !== undefined) {
      worst = Math.max(worst, verdict.share);
      worstUlps = Math.max(worstUlps, verdict.ulps);
    }
  }
  return { worst, worstUlps, difference, wrong };
}

/** What is wrong with an element, or how much of the allowance it uses; undefined if there is nothing to measure. */
type Verdict = string | { readonly share: number; readonly ulps: number } | undefined;

function integerVerdict(actual: number, expected: number, allowed: number | undefined): Verdict {
  return actual === expected || allowed === Infinity ? undefined : 'must be exact';
}

function floatVerdict(actual: number, expected: number, i: number, rules: Rules): Verdict {
  const { allowed, floats, factor } = rules;
  const slack = allowed?.[i];
  if (slack === Infinity) return undefined;
  const rounded = Math.fround(expected);
  if (Number.isNaN(expected)) return Number.isNaN(actual) || !floats.nan ? undefined : 'must be NaN';
  if (Math.abs(rounded) === Infinity && !floats.infinities) return undefined;
  if (Number.isNaN(actual)) return 'is NaN';
  const zeroSigns = rules.zeroSigns && floats.signedZeros;
  if (expected === 0 && zeroSigns && !Object.is(actual, expected)) return actual === 0 ? 'zero has the other sign' : 'must be zero';
  if (actual === rounded) return undefined;
  if (slack === undefined) return 'must be exact';
  // A result beyond the range of float32 must be infinite; a result close to the end of the range may be.
  const error = Math.abs(
    (Math.abs(actual) === Infinity ? Math.sign(actual) * LARGEST : actual) -
      (Math.abs(rounded) === Infinity ? Math.sign(rounded) * LARGEST : expected),
  );
  const limit = factor * (slack + ulp(rounded) / 2 + (floats.subnormals ? SUBNORMAL_STEPS : SMALLEST_NORMAL));
  if (Math.abs(expected) === Infinity || !(error <= limit))
    return `is off by ${error.toPrecision(3)} (${(error / ulp(rounded)).toPrecision(3)} ulps), allowed ${limit.toPrecision(3)}`;
  return { share: error / limit, ulps: limit < Math.abs(expected) / 1000 ? error / ulp(rounded) : 0 };
}
