// Checks of values: a number within bounds, a word of a list, and so on. Every message words the same check the same way.

import { BYTES } from './dtype.ts';
import { isScalar } from './scalar.ts';
import type { Dimensions } from './space.ts';
import { SPACES } from './space.ts';
import { arrayKind } from './typed-array.ts';

/** One check of a value. */
export interface Check {
  /** What would be right, as it follows `expected` in a message: `an integer >= 1`. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** The words that are right; the message for a misspelt one names the nearest. */
  readonly words?: readonly string[];
  /** Whether the option must be given. Otherwise it may be left out or undefined. */
  readonly required?: boolean;
}

function isNumber(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isInteger(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && isNumber(value, least, most);
}

function isIntegers(value: unknown, length: number, least: number): boolean {
  return Array.isArray(value) && value.length === length && value.every((each) => isInteger(each, least));
}

export const finite: Check = { expected: 'a finite number', accepts: (value) => Number.isFinite(value) };

export const positive: Check = { expected: 'a finite number > 0', accepts: (value) => isNumber(value, Number.MIN_VALUE, Number.MAX_VALUE) };

export const notNegative: Check = { expected: 'a finite number >= 0', accepts: (value) => isNumber(value, 0, Number.MAX_VALUE) };

/** A part less than the whole: the rate of dropout, the momentum of a running average. */
export const fraction: Check = { expected: 'a number within [0, 1)', accepts: (value) => isNumber(value, 0, 1) && value < 1 };

/** A probability. */
export const probability: Check = { expected: 'a number within [0, 1]', accepts: (value) => isNumber(value, 0, 1) };

/** A number of things, which may be none. */
export const natural: Check = { expected: 'an integer >= 0', accepts: (value) => isInteger(value, 0) };

export const count: Check = { expected: 'an integer >= 1', accepts: (value) => isInteger(value, 1) };

/** A number of things of which one is in the middle. */
export const odd: Check = { expected: 'an odd integer >= 1', accepts: (value) => isInteger(value, 1) && (value as number) % 2 === 1 };

/** An integer within bounds, both included. */
export function integer(least: number, most: number): Check {
  return {
    get expected() {
      return `an integer from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
    },
    accepts: (value) => isInteger(value, least, most),
  };
}

/** A shift or an offset, of either sign. */
export const offset: Check = integer(-(2 ** 31), 2 ** 31 - 1);

export const flag: Check = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };

export const callable: Check = { expected: 'a function', accepts: (value) => typeof value === 'function' };

/** The bytes of a file; a Buffer of Node is one, and so is an array of another realm. */
export const bytes: Check = { expected: 'bytes, a Uint8Array', accepts: (value) => arrayKind(value) === 'Uint8Array' };

/** A word of a list. */
export function oneOf(words: readonly string[]): Check {
  return { expected: `one of ${words.join(', ')}`, accepts: (value) => (words as readonly unknown[]).includes(value), words };
}

/** A window, its strides or its dilation: one number for all spatial axes, or one for each. */
export function perAxis(dimensions: Dimensions, least = 1): Check {
  const { list } = SPACES[dimensions];
  return {
    expected: `an integer >= ${least}${list === undefined ? '' : ` or ${list}`}`,
    accepts: (value) => isInteger(value, least) || (list !== undefined && isIntegers(value, dimensions, least)),
  };
}

/** Height and width of a window, its strides or its dilation. */
export const pair: Check = /* @__PURE__ */ perAxis(2);

/** A border's width at each side: `[before, after]` of a sequence, a list of such pairs elsewhere. */
function isSides(value: unknown, dimensions: Dimensions): boolean {
  if (dimensions === 1) return isIntegers(value, 2, 0);
  return Array.isArray(value) && value.length === dimensions && value.every((sides) => isIntegers(sides, 2, 0));
}

/** The zeros around a sequence, image or volume, by number: so many at every side, or for each side its own. */
export function border(dimensions: Dimensions): Check {
  return {
    expected: `an integer >= 0 or ${SPACES[dimensions].sides}`,
    accepts: (value) => isInteger(value, 0) || isSides(value, dimensions),
  };
}

/** A border by number or by name. */
export function paddingOf(dimensions: Dimensions, words: readonly string[] = ['valid', 'same']): Check {
  const { expected, accepts } = border(dimensions);
  return {
    expected: `${words.map((word) => `'${word}'`).join(', ')}, ${expected}`,
    accepts: (value) => (words as readonly unknown[]).includes(value) || accepts(value),
    words,
  };
}

/** The border of an image. */
export const padding: Check = /* @__PURE__ */ paddingOf(2);

/** One axis of a tensor; the op checks its range. */
export const axis: Check = { expected: 'an integer', accepts: Number.isSafeInteger };

/** One axis or several; the op checks their range. */
export const axes: Check = {
  expected: 'an integer or a list of integers',
  accepts: (value) => Number.isSafeInteger(value) || (Array.isArray(value) && value.every(Number.isSafeInteger)),
};

/** A tensor; the op checks that it is of this copy of the package, and alive. */
export const tensor: Check = {
  expected: 'a tensor',
  accepts: (value) => typeof value === 'object' && value !== null && 'storage' in value,
};

/** A number that may change from step to step: a number or a cell; the op checks its range. */
export const scalar: Check = { expected: 'a number or a cell', accepts: isScalar };

export const dtype: Check = oneOf(Object.keys(BYTES));

/** Where random numbers start: the same seed gives the same numbers. */
export const seed: Check = {
  expected: 'an integer from 0 to 2^53 - 1 or a random key',
  accepts: (value) => isInteger(value, 0) || (typeof value === 'object' && value !== null && 'fold' in value),
};

/** The lengths of a tensor's axes. */
export const shape: Check = {
  expected: 'a list of integers >= 0',
  accepts: (value) => Array.isArray(value) && value.every((length) => isInteger(length, 0)),
};

/** Any value: the code that uses it checks it. */
export const any: Check = { expected: 'a value', accepts: () => true };

/** The check of an option that must be given. */
export function required(check: Check): Check {
  return { ...check, required: true };
}
