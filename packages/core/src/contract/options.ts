// Checks options before they are used. Ops, layers, optimizers, models, data sets and commands share these functions, so the same mistake
// gets the same message everywhere.

import type { Check } from './checks.ts';
import { SinapseError } from './errors.ts';
import { suggestion } from './names.ts';
import { isScalar, numberOf } from './scalar.ts';
import { shown, shownName } from './shown.ts';

/** A check for every option of an interface; a missing check does not compile. */
export type OptionChecks<O> = { readonly [Name in keyof O]-?: Check };

/** What is wrong with a value, to follow its name in a message: `expected an integer >= 1, got 0`. Undefined when it is right. */
export function problemOf(value: unknown, { expected, accepts, words = [] }: Check): string | undefined {
  if (accepts(value)) return undefined;
  const nearest = typeof value === 'string' ? suggestion(value, words) : '';
  return `expected ${expected}, got ${shown(value)}${nearest.startsWith('did') ? `; ${nearest}` : ''}`;
}

/**
 * @param owner of the value, for the message: `clipByValue: limit`, or the function alone if `name` is given
 * @throws SinapseError unless the value is right
 */
export function checkValue(owner: string, value: unknown, check: Check, name?: string): void {
  if (!check.accepts(value)) throw new SinapseError(`${owner}: ${name === undefined ? '' : `${name}: `}${problemOf(value, check)}`);
}

/**
 * Checks the current value of a number or cell.
 * @param owner, name as for `checkValue`
 * @throws SinapseError unless it is a number, or a cell that holds one, and that number is right
 */
export function checkScalar(owner: string, scalar: unknown, check: Check, name?: string): void {
  checkValue(owner, isScalar(scalar) ? numberOf(scalar) : scalar, check, name);
}

/**
 * Checks the names and values of options (a misspelt one would otherwise be ignored).
 * @param owner the function that takes them, for the message: `conv2d`
 * @param checks one for each option, by name
 * @throws SinapseError unless the options are an object, every name is known, every value right, and every required option given
 */
export function checkOptions(owner: string, options: unknown, checks: Readonly<Record<string, Check>>): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw notOptions(owner, options, checks);
  const given = options as Readonly<Record<string, unknown>>;
  // Small ops run this at every call: two plain loops, which allocate nothing.
  for (const name in given) {
    const check = checks[name];
    if (check?.accepts === undefined) {
      if (Object.hasOwn(given, name))
        throw new SinapseError(`${owner}: ${shownName(name)} is no option; ${suggestion(name, Object.keys(checks))}`);
    } else if (given[name] !== undefined) checkValue(owner, given[name], check, name);
  }
  for (const name in checks)
    if (checks[name]!.required === true && given[name] === undefined) checkValue(owner, undefined, checks[name]!, name);
}

function notOptions(owner: string, options: unknown, checks: Readonly<Record<string, Check>>): SinapseError {
  const axis = checks['axis']?.accepts(options) === true ? `; write { axis: ${JSON.stringify(options)} }` : '';
  return new SinapseError(`${owner}: options: expected an object, got ${shown(options)}${axis}`);
}
