// Turns the words of a command line into values; a wrong number is refused before anything is read or written.
//
// The checks are written here and not taken from core: `--help` reads this file and loads no package of Sinapse.

import type { Check } from '@sinapse/core';
import { InvalidArgumentError } from 'commander';
import type { ModelOptions } from './model-options.ts';

type Range = readonly [least: number, most: number];

/** The ranges of whole numbers that options take, both ends included. */
export const ranges: Readonly<Record<'epochs' | 'batchSize' | 'seed' | 'images' | 'steps', Range>> = {
  epochs: [1, 1_000_000],
  batchSize: [1, 65_536],
  seed: [0, Number.MAX_SAFE_INTEGER],
  images: [1, 1_000_000], // the most digits that can be generated; no data set in files has more
  steps: [1, 100_000],
};

function integer([least, most]: Range): Check {
  return {
    expected: `an integer from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`,
    accepts: (value) => Number.isSafeInteger(value) && least <= (value as number) && (value as number) <= most,
  };
}

/** Checks of whole numbers, for words of a command line and members of `config.json`. */
export const whole: Readonly<Record<keyof typeof ranges, Check>> = {
  epochs: integer(ranges.epochs),
  batchSize: integer(ranges.batchSize),
  seed: integer(ranges.seed),
  images: integer(ranges.images),
  steps: integer(ranges.steps),
};

export const rate: Check = {
  expected: 'a finite number > 0, e.g. 0.001 or 1e-3',
  accepts: (value) => typeof value === 'number' && value > 0 && value < Infinity,
};

export const filledWord: Check = {
  expected: 'a word that is not empty',
  accepts: (value) => typeof value === 'string' && value.trim() !== '',
};

function accepted<T>(value: T, { accepts, expected }: Check): T {
  if (!accepts(value)) throw new InvalidArgumentError(`expected ${expected}`);
  return value;
}

/** Makes a parser of whole numbers in a range. */
export function wholeNumber(range: Range): (text: string) => number {
  return (text) => accepted(/^[+-]?\d+(e\d+)?$/i.test(text.trim()) ? Number(text) : NaN, integer(range));
}

/** Parses a number above 0. */
export function positiveNumber(text: string): number {
  return accepted(text.trim() === '' ? NaN : Number(text), rate);
}

/** Parses a number of at least 0. */
export function notNegative(text: string): number {
  return accepted(text.trim() === '' ? NaN : Number(text), {
    expected: 'a finite number >= 0, e.g. 0.8',
    accepts: (value) => typeof value === 'number' && value >= 0 && value < Infinity,
  });
}

/** Parses a probability above 0. */
export function share(text: string): number {
  return accepted(text.trim() === '' ? NaN : Number(text), {
    expected: 'a number within (0, 1]',
    accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
  });
}

/** Parses a span of time, e.g. `90s`, `10m`, `1.5h` or a number of seconds, into seconds. */
export function timeSpan(text: string): number {
  const [, number, unit = 's'] = /^\s*(\d+(?:\.\d+)?)\s*([smh])?\s*$/.exec(text) ?? [];
  const seconds = number === undefined ? 0 : Number(number) * { s: 1, m: 60, h: 3600 }[unit]!;
  if (!(seconds > 0)) throw new InvalidArgumentError('expected a time above 0, e.g. 90s, 10m or 1h');
  return seconds;
}

/** Parses the shape of an input, e.g. `28,28,1`. */
export function inputShape(text: string): number[] {
  const sizes = text.split(/[,x]/i).map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  if (sizes.length > 4 || sizes.some((size) => !(size >= 1 && size <= 65_536))) {
    throw new InvalidArgumentError('expected height, width and channels, e.g. 28,28,1');
  }
  return sizes;
}

/** Parses a word that is not empty. */
export function word(text: string): string {
  return accepted(text, filledWord);
}

/**
 * Adds one option of a model, `name=value`. The value is a number, several numbers (`28,28,1` or `28x28x1`), true, false or a word.
 * @param before the options given so far
 */
export function modelOption(text: string, before: ModelOptions = {}): ModelOptions {
  const equals = text.indexOf('=');
  const [name, value] = [text.slice(0, Math.max(equals, 0)).trim(), text.slice(equals + 1).trim()];
  if (name === '' || value === '' || /\s/.test(name)) throw new InvalidArgumentError('expected a name and a value, e.g. variant=original');
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given twice`);
  return { ...before, [name]: valueOf(value) };
}

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const parts = text.split(/^\d+(?:x\d+)+$/.test(text) ? 'x' : ',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (parts.some((part) => !Number.isFinite(part))) return text;
  return parts.length === 1 ? parts[0] : parts;
}
