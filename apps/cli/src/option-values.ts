// From the words of a command line to values: what is no number, or out of range, is refused before anything is read or written.

import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+(e\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most.toLocaleString('en-US')}`);
    }
    return value;
  };
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0, e.g. 0.001 or 1e-3');
  return value;
}

/** Sizes of an input, e.g. `28,28,1`. */
export function inputShape(text: string): number[] {
  const sizes = text.split(/[,x]/i).map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  if (sizes.length > 4 || sizes.some((size) => !(size >= 1 && size <= 65_536))) {
    throw new InvalidArgumentError('expected height, width and channels, e.g. 28,28,1');
  }
  return sizes;
}

/** A word that is not empty. */
export function word(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a word, got nothing');
  return text;
}
