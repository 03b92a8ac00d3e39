// Scopes: everything a synchronous callback creates is released when it ends, unless it is returned or kept. Users never free tensors.

import { requireSynchronous } from '../synchronous.ts';

/** What a scope can own: a tensor, seen from here. */
interface Owned {
  scope: Scope | undefined;
  readonly disposed: boolean;
  dispose(): void;
  /** Called when it leaves its last scope: from now on the garbage collector decides. */
  leaveScopes(): void;
}

export type Scope = Owned[];

let current: Scope | undefined;

/** The innermost scope that is open, if any. */
export function currentScope(): Scope | undefined {
  return current;
}

/**
 * Runs a function and releases every tensor made in it, but those that it returns (in arrays, plain objects, maps and sets, at any depth) and
 * those passed to `keep`. Scopes nest; what is returned belongs to the enclosing one.
 * @throws SinapseError when the callback returns a promise: a scope that is left and entered again would release tensors still in use
 */
export function scope<T>(callback: () => T): T {
  const outer = current;
  const mine: Scope = [];
  current = mine;
  let result: T;
  try {
    result = requireSynchronous('scope', callback());
    current = outer;
    adoptResult(result, mine, outer, undefined);
  } finally {
    current = outer;
    release(mine);
  }
  return result;
}

/** Hands what the result holds of this scope's tensors to the enclosing scope. `seen` are the containers on the way: results may be cyclic. */
function adoptResult(value: unknown, from: Scope, to: Scope | undefined, seen: Set<object> | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  if (isOwned(value)) {
    if (value.scope !== from) return;
    value.scope = to;
    if (to === undefined) value.leaveScopes();
    else to.push(value);
    return;
  }
  const items = itemsOf(value);
  if (items === undefined || seen?.has(value)) return;
  const containers = (seen ?? new Set<object>()).add(value);
  for (const item of items) adoptResult(item, from, to, containers);
}

/** What a container holds; undefined for other objects, whose insides are their own business. */
function itemsOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value) || value instanceof Set) return value as Iterable<unknown>;
  if (value instanceof Map) return value.values();
  return isPlain(value) ? Object.values(value) : undefined;
}

function release(scoped: Scope): void {
  for (let i = 0; i < scoped.length; i++) {
    const owned = scoped[i]!;
    if (owned.scope === scoped && !owned.disposed) owned.dispose();
  }
}

function isOwned(value: object): value is Owned {
  return 'leaveScopes' in value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
