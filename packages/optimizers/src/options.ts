// Checks of optimizer options. Each message names the optimizer and the option, and says what would be right.

import { SinapseError, nearestName } from '@sinapse/core';

function fail(owner: string, option: string, expected: string, value: unknown): never {
  const shown = typeof value === 'object' && value !== null ? 'an object' : String(value);
  throw new SinapseError(`${owner}: ${option}: expected ${expected}, got ${shown}`);
}

/** @throws SinapseError unless the value is a finite number > 0 */
export function checkPositive(owner: string, option: string, value: unknown): void {
  if (!(typeof value === 'number' && value > 0 && value < Infinity)) fail(owner, option, 'a positive finite number', value);
}

/** @throws SinapseError unless the value is a finite number >= 0 */
export function checkNotNegative(owner: string, option: string, value: unknown): void {
  if (!(typeof value === 'number' && value >= 0 && value < Infinity)) fail(owner, option, 'a finite number >= 0', value);
}

/** @throws SinapseError unless the value is a number within [0, 1) */
export function checkFraction(owner: string, option: string, value: unknown): void {
  if (!(typeof value === 'number' && value >= 0 && value < 1)) fail(owner, option, 'a number within [0, 1)', value);
}

/** @throws SinapseError unless the value is an integer >= 1 */
export function checkCount(owner: string, option: string, value: unknown): void {
  if (!(Number.isSafeInteger(value) && (value as number) >= 1)) fail(owner, option, 'an integer >= 1', value);
}

/** @throws SinapseError unless the value is true or false */
export function checkFlag(owner: string, option: string, value: unknown): void {
  if (typeof value !== 'boolean') fail(owner, option, 'true or false', value);
}

/** @throws SinapseError unless the value is a function or left out */
export function checkFunction(owner: string, option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') fail(owner, option, 'a function', value);
}

/** @throws SinapseError when there is an option that is not known: a misspelt one would otherwise do nothing */
export function checkNames(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new SinapseError(`${owner}: options: expected an object, got ${String(options)}`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new SinapseError(`${owner}: ${name} is no option; ${nearest ? `did you mean ${nearest}?` : `there are ${known.join(', ')}`}`);
  }
}
