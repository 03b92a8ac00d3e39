// Scopes release the tensors that a synchronous callback makes when it ends, except those that it returns or keeps. Users need not free tensors.

import { synchronously } from '../contract/synchronous.ts';

/** The part of a tensor that scopes need. */
export interface Owned {
  /** The scope that will release it; undefined once it has left all scopes. */
  scope: Scope | undefined;
  /** The tensor that entered its scope before it. */
  previous: Owned | undefined;
  dispose(): void;
  /** Called when it leaves its last scope; the garbage collector will release it. */
  leaveScopes(): void;
}

/** A linked list of the tensors made while the scope was innermost. Tensors that have left it may still be linked. */
export interface Scope {
  last: Owned | undefined;
}

let current: Scope | undefined;

/** The innermost open scope, if any. */
export function currentScope(): Scope | undefined {
  return current;
}

/** Whether the innermost open scope will release a tensor: one made in it or returned to it, and not kept. */
export function ownedByScope(tensor: Owned): boolean {
  return current !== undefined && tensor.scope === current;
}

/**
 * Runs a function and releases every tensor made in it, except those it returns (in arrays, plain objects, maps and sets, at any depth) and
 * those kept by `keep`. Scopes nest: returned tensors then belong to the enclosing scope.
 * @throws SinapseError when the callback returns a promise, as tensors would be released before asynchronous code uses them
 */
export function scope<T>(callback: () => T): T {
  const outer = current;
  const mine: Scope = { last: undefined };
  current = mine;
  try {
    const result = synchronously('scope', callback);
    if (typeof result === 'object' && result !== null) adoptResult(result, mine, outer);
    return result;
  } finally {
    current = outer;
    close(mine, outer);
  }
}

/** Adds a tensor to a scope. Unlinks tensors before the last one that have left, so that a loop that disposes of old results builds up no chain of them. */
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

/** Releases the tensors still in the scope. Moves those handed to the enclosing scope into that scope's list. */
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

/** Gives this scope's tensors in the result to the enclosing scope. `seen` holds the containers visited, as results may be cyclic. */
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
    if (!isOwned(item)) containers ??= new Set([value]); // not made for a list of tensors, the usual result
    adoptResult(item, from, to, containers);
  }
}

/** The items of a container; undefined for other objects, which are not searched. */
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
