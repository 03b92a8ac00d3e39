// Scopes: everything a synchronous callback creates is released when it ends, unless it is returned or kept. Users never free tensors.

import { requireSynchronous } from '../contract/synchronous.ts';

/** What a scope can own: a tensor, seen from here. */
export interface Owned {
  /** The scope that will release it; undefined once it has left all of them. */
  scope: Scope | undefined;
  /** The one that entered its scope before it. */
  previous: Owned | undefined;
  dispose(): void;
  /** Called when it leaves its last scope: from now on the garbage collector decides. */
  leaveScopes(): void;
}

/** What was made while it was the innermost one: a list that runs through its members, and through some that have left since. */
export interface Scope {
  last: Owned | undefined;
}

let current: Scope | undefined;

/** The innermost scope that is open, if any. */
export function currentScope(): Scope | undefined {
  return current;
}

/** Whether the innermost open scope will release a tensor when it ends: it was made in it, or returned to it, and not kept. */
export function ownedByScope(tensor: Owned): boolean {
  return current !== undefined && tensor.scope === current;
}

/**
 * Runs a function and releases every tensor made in it, but those that it returns (in arrays, plain objects, maps and sets, at any depth) and
 * those passed to `keep`. Scopes nest; what is returned belongs to the enclosing one.
 * @throws SinapseError when the callback returns a promise: a scope that is left and entered again would release tensors still in use
 */
export function scope<T>(callback: () => T): T {
  const outer = current;
  const mine: Scope = { last: undefined };
  current = mine;
  try {
    const result = requireSynchronous('scope', callback());
    if (typeof result === 'object' && result !== null) adoptResult(result, mine, outer);
    return result;
  } finally {
    current = outer;
    close(mine, outer);
  }
}

/** Takes a new member, and forgets those that have left behind the last one: a loop that disposes of its last result but one leaves no chain of them. */
export function enter(owned: Owned, into: Scope): void {
  const { last } = into;
  if (last !== undefined) {
    for (let left = last.previous; left !== undefined && left.scope === undefined; left = last.previous) {
      last.previous = left.previous;
      left.previous = undefined;
    }
  }
  owned.scope = into;
  owned.previous = last;
  into.last = owned;
}

/** Releases the members that are left, and moves those that were handed to the enclosing scope into its list. */
function close(mine: Scope, outer: Scope | undefined): void {
  let owned = mine.last;
  while (owned !== undefined) {
    const { previous } = owned;
    owned.previous = undefined;
    if (owned.scope === mine) owned.dispose();
    else if (owned.scope !== undefined && owned.scope === outer) enter(owned, outer);
    owned = previous;
  }
}

/** Hands what the result holds of this scope's tensors to the enclosing scope. `seen` are the containers on the way: results may be cyclic. */
function adoptResult(value: object, from: Scope, to: Scope | undefined, seen?: Set<object>): void {
  if (isOwned(value)) {
    if (value.scope !== from) return;
    value.scope = to;
    if (to === undefined) value.leaveScopes();
    return;
  }
  const items = itemsOf(value);
  if (items === undefined || seen?.has(value)) return;
  let containers = seen?.add(value);
  for (const item of items) {
    if (typeof item !== 'object' || item === null) continue;
    if (!isOwned(item)) containers ??= new Set([value]); // a list of tensors, the usual result, needs none
    adoptResult(item, from, to, containers);
  }
}

/** What a container holds; undefined for other objects, whose insides are their own business. */
function itemsOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value) || value instanceof Set) return value as Iterable<unknown>;
  if (value instanceof Map) return value.values();
  return isPlain(value) ? Object.values(value) : undefined;
}

function isOwned(value: object): value is Owned {
  return 'leaveScopes' in value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
