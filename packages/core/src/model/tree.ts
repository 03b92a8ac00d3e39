// A model is a tree of plain objects: the walk finds its parameters and states by the names of the fields that hold them.

import { SinapseError } from '../contract/errors.ts';
import { TENSOR_BRAND } from '../tensor/handle.ts';
import type { Parameter, State } from './parameter.ts';
import { isParameter, isState } from './parameter.ts';

/** A cell and its path, e.g. `layers/0/kernel`. */
export interface Named<T> {
  readonly path: string;
  readonly cell: T;
}

/**
 * Every parameter and state below a model, in the order of its fields; what stands in arrays and sets is named by its place, in maps by its key.
 * Fields that begin with an underscore are private and passed over, and so are tensors and backends; a cell reached twice is listed once. An
 * object may say which children it has, and their names, with a method `children()`.
 */
export function walk(model: object): Named<Parameter | State>[] {
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

/** What a part says (it was not built) names the way to it. */
function located(name: string, visit: () => void): void {
  try {
    visit();
  } catch (error) {
    if (error instanceof SinapseError) error.within(name);
    throw error;
  }
}

/** What has no parameters of the model inside: a tensor would lead to its backend, and that to all it holds. */
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

/** The parameters below a model, those with `trainable` false among them: optimizers leave these where they are. */
export function parametersOf(model: object): Named<Parameter>[] {
  return walk(model).filter((named): named is Named<Parameter> => isParameter(named.cell));
}

/** The states below a model. */
export function statesOf(model: object): Named<State>[] {
  return walk(model).filter((named): named is Named<State> => isState(named.cell));
}
