// Reading a model's options from anywhere: code, a command line, a model file. Every name and value is checked; the result is complete, and
// plain data that JSON can carry.

import { SinapseError, nearestName } from '@sinapse/core';

/** Options as they come in: nothing is known of them. */
export type Unchecked = Readonly<Record<string, unknown>>;

/**
 * @throws SinapseError unless the options are an object whose every name is known
 */
export function checkNames(model: string, options: unknown, known: readonly string[]): asserts options is Unchecked {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new SinapseError(`${model}: options: expected an object, got ${shown(options)}`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new SinapseError(`${model}: ${name} is no option; ${nearest ? `did you mean ${nearest}?` : `there are ${known.join(', ')}`}`);
  }
}

/** One of a list of names. */
export function readChoice<T extends string>(model: string, options: Unchecked, name: string, choices: readonly T[], fallback: T): T {
  const value = own(options, name);
  if (value === undefined) return fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw new SinapseError(`${model}: ${name}: expected one of ${choices.join(', ')}, got ${shown(value)}`);
}

/** An integer within bounds, both included. */
export function readInteger(
  model: string,
  options: Unchecked,
  name: string,
  [least, most]: readonly [number, number],
  fallback: number,
): number {
  const value = own(options, name);
  if (value === undefined) return fallback;
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw new SinapseError(`${model}: ${name}: expected an integer from ${least} to ${most}, got ${shown(value)}`);
  }
  return value as number;
}

/** An image's shape, as a file or a form gives it. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** `[height, width, channels]`, each within bounds, both included. */
export function readImageShape(
  model: string,
  options: Unchecked,
  name: string,
  [least, most]: readonly [ImageShape, ImageShape],
  fallback: ImageShape,
): ImageShape {
  const value = own(options, name);
  if (value === undefined) return fallback;
  const isShape =
    Array.isArray(value) &&
    value.length === 3 &&
    value.every((length, i) => Number.isInteger(length) && length >= least[i]! && length <= most[i]!);
  if (!isShape)
    throw new SinapseError(
      `${model}: ${name}: expected [height, width, channels] from [${least.join(',')}] to [${most.join(',')}], got ${shown(value)}`,
    );
  const [height, width, channels] = value as [number, number, number];
  return [height, width, channels];
}

/** A value that the object itself has: never one of its prototype. */
function own(options: Unchecked, name: string): unknown {
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** A value in a message of one line, shortened. */
function shown(value: unknown): string {
  const text = typeof value === 'number' || value === undefined ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
