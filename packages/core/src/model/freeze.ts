// Freezing keeps parameters as they are while the rest of a model is trained.

import type { Check } from '../contract/checks.ts';
import { SinapseError } from '../contract/errors.ts';
import { nearestName } from '../contract/names.ts';
import { checkValue } from '../contract/options.ts';
import { quote, shownName } from '../contract/shown.ts';
import { partMatcher, partsOf } from './path-pattern.ts';
import { parametersOf } from './tree.ts';

const PATTERN: Check = { expected: 'a pattern of paths, e.g. conv*', accepts: (value) => typeof value === 'string' };

/** The most names that a message lists. */
const MOST_LISTED = 8;

/**
 * Freezes parameters: optimizers do not change them, and `fit` takes no gradients of them. A `batchNorm` whose scale and offset are frozen also
 * keeps its running averages. Freeze before `fit` begins, and again after a model was opened: files do not hold it.
 * @param pattern names parameters or parts of the model by path, where `*` stands for any text: `conv*`, `block1`, `*\/bias`. Default all
 * @returns the paths of the parameters that it names
 * @throws SinapseError when it names none; the message has the nearest name
 */
export function freeze(model: object, pattern = '*'): string[] {
  return setTrainable('freeze', model, pattern, false);
}

/**
 * Makes frozen parameters trainable again.
 * @param pattern as for `freeze`
 * @throws SinapseError when it names no parameter
 */
export function unfreeze(model: object, pattern = '*'): string[] {
  return setTrainable('unfreeze', model, pattern, true);
}

function setTrainable(owner: string, model: object, pattern: string, trainable: boolean): string[] {
  checkValue(owner, model, { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null });
  checkValue(owner, pattern, PATTERN, 'pattern');
  const parameters = parametersOf(model);
  const matches = partMatcher(pattern);
  const named = parameters.filter(({ path }) => matches(path));
  if (named.length === 0) throw new SinapseError(`${owner}: ${nothingNamed(pattern, parameters.map(({ path }) => path))}`); // prettier-ignore
  for (const { cell } of named) cell.trainable = trainable;
  return named.map(({ path }) => path);
}

/** What to say of a pattern that names nothing: the nearest name, or all the outermost ones. */
export function nothingNamed(pattern: string, paths: readonly string[]): string {
  if (paths.length === 0) return 'the model has no parameters';
  const parts = [...new Set(paths.flatMap(partsOf))];
  const nearest = nearestName(pattern.replaceAll('*', ''), parts);
  const outermost = parts.filter((part) => !part.includes('/'));
  const all = outermost.slice(0, MOST_LISTED).map(shownName).join(', ') + (outermost.length > MOST_LISTED ? ', …' : '');
  return `nothing is named ${quote(pattern)}; ${nearest === undefined ? `there are ${all}` : `did you mean ${shownName(nearest)}?`}`;
}
