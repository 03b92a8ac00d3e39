// A model is a tree of objects. `walk` finds its parameters and states, and names them after the fields that hold them.

import { SinapseError } from '../contract/errors.ts';
import { shown } from '../contract/shown.ts';
import { TENSOR_BRAND } from '../tensor/handle.ts';
import type { Parameter, State } from './parameter.ts';
import { isParameter, isState } from './parameter.ts';

/** A variable and its path, e.g. `layers/0/kernel`. */
export interface Named<T> {
  readonly path: string;
  readonly cell: T;
}

/**
 * Every parameter and state of a model, in the order of its fields. Items of arrays and sets are named by their index, those of maps by their key.
 * Fields that begin with an underscore are private and skipped, as are tensors and backends. A variable found twice is listed once. An object may
 * list its own children and their names in a method `children()`.
 */
export function walk(model: object): Named<Parameter | State>[] {
  return variablesOf('walk', model);
}

function variablesOf(op: string, model: unknown): Named<Parameter | State>[] {
  if (typeof model !== 'object' || model === null) throw new SinapseError(`${op}: takes a model, got ${shown(model)}`);
  const found: Named<Parameter | State>[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || isOpaque(value)) return;
    seen.add(value);
    if (isParameter(value) || isState(value)) {
      found.push({ path, cell: value });
      return;
    }
    for (const [name, child] of childrenOf(value)) located(name, () => visit(child, path === '' ? name : `${path}/${name}`));
  };
  visit(model, '');
  return found;
}

/** Visits a part; an error thrown there (e.g. it was not built) gets the part's path. */
function located(name: string, visit: () => void): void {
  try {
    visit();
  } catch (error) {
    if (error instanceof SinapseError) error.within(name);
    throw error;
  }
}

/** Whether an object is skipped: a typed array, a tensor (it leads to its backend) or a backend (it leads to all it holds). */
function isOpaque(value: object): boolean {
  return ArrayBuffer.isView(value) || ('brand' in value && value.brand === TENSOR_BRAND) || ('kernels' in value && 'allocate' in value);
}

function childrenOf(value: object): Iterable<readonly [string, unknown]> {
  if ('children' in value && typeof value.children === 'function')
    return (value as { children(): Iterable<readonly [string, unknown]> }).children();
  if (value instanceof Set) return [...value].map((child, i) => [String(i), child] as const);
  if (value instanceof Map) return [...value].map(([name, child]) => [String(name), child] as const);
  return Object.entries(value).filter(([name]) => !name.startsWith('_'));
}

/** The parameters of a model, including those with `trainable` false, which optimizers do not change. */
export function parametersOf(model: object): Named<Parameter>[] {
  return variablesOf('parametersOf', model).filter((named): named is Named<Parameter> => isParameter(named.cell));
}

/** The states of a model. */
export function statesOf(model: object): Named<State>[] {
  return variablesOf('statesOf', model).filter((named): named is Named<State> => isState(named.cell));
}
