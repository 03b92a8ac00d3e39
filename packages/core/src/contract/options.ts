// Checks options before they are used. Ops, layers, optimizers, models, data sets and commands share these functions, so the same mistake
// gets the same message everywhere.

import type { Check } from './checks.ts';
import { SinapseError } from './errors.ts';
import { suggestion } from './names.ts';
import { shown } from './shown.ts';

/** A check for every option of an interface; a missing check does not compile. */
export type OptionChecks<O> = { readonly [Name in keyof O]-?: Check };

/** What is wrong with a value, to follow its name in a message: `expected an integer >= 1, got 0`. Undefined when it is right. */
export function problemOf(value: unknown, { expected, accepts, words = [] }: Check): string | undefined {
  if (accepts(value)) return undefined;
  const nearest = typeof value === 'string' ? suggestion(value, words) : '';
  return `expected ${expected}, got ${shown(value)}${nearest.startsWith('did') ? `; ${nearest}` : ''}`;
}

/**
 * @param name of the value, for the message: `clipByValue: limit`
 * @throws SinapseError unless the value is right
 */
export function checkValue(name: string, value: unknown, check: Check): void {
  if (!check.accepts(value)) throw new SinapseError(`${name}: ${problemOf(value, check)}`);
}

/**
 * Checks the names and values of options (a misspelt one would otherwise be ignored). Only an object's own properties are options.
 * @param owner the function that takes them, for the message: `conv2d`
 * @param checks one for each option, by name
 * @throws SinapseError unless the options are an object, every name is known, every value right, and every required option given
 */
export function checkOptions(owner: string, options: unknown, checks: Readonly<Record<string, Check>>): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new SinapseError(`${owner}: options: expected an object, got ${shown(options)}`);
  const given = options as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(checks, name)) throw new SinapseError(`${owner}: ${name} is no option; ${suggestion(name, Object.keys(checks))}`);
    if (given[name] !== undefined) checkValue(`${owner}: ${name}`, given[name], checks[name]!);
  }
  for (const name in checks)
    if (checks[name]!.required === true && given[name] === undefined) checkValue(`${owner}: ${name}`, undefined, checks[name]!);
}
