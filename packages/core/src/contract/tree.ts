// Values in lists and objects: what a model with several inputs or outputs takes and gives, e.g. `[a, b]` or `{ image, meta }`.

import type { Check } from './checks.ts';
import { SinapseError } from './errors.ts';
import { problemOf } from './options.ts';
import { shown, shownName } from './shown.ts';

/** A leaf, or leaves in lists and plain objects at any depth. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [name: string]: Tree<Leaf> };

/** The deepest nesting. An object that contains itself would otherwise have no end. */
const DEEPEST = 64;

/**
 * Replaces each leaf of a tree and keeps its lists and objects.
 * @param owner of the tree, for messages
 * @param leaf which values are leaves
 * @param map is given the leaf and its path, e.g. `image` or `0/mean`; the path of a tree that is a leaf is empty
 * @throws SinapseError when something in the tree is no leaf, no list and no plain object
 */
export function mapTree<A, B>(owner: string, tree: unknown, leaf: Check, map: (value: A, path: string) => B): Tree<B> {
  const visit = (value: unknown, path: string, depth: number): Tree<B> => {
    if (leaf.accepts(value)) return map(value as A, path);
    if (depth >= DEEPEST) throw new SinapseError(`${owner}: nested deeper than ${DEEPEST} levels`);
    if (Array.isArray(value)) return value.map((item: unknown, i) => visit(item, below(path, String(i)), depth + 1));
    if (!isPlain(value)) throw new SinapseError(`${owner}: ${at(path)}${problemOf(value, leaf)}`);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item, below(path, name), depth + 1)]));
  };
  return visit(tree, '', 0);
}

/** The leaves of a tree in the order of its lists and members. @throws SinapseError as `mapTree` */
export function leavesOf<A>(owner: string, tree: unknown, leaf: Check): A[] {
  const leaves: A[] = [];
  mapTree<A, void>(owner, tree, leaf, (value) => void leaves.push(value));
  return leaves;
}

/**
 * Goes over two trees of one form. The first says what the form is; the second may list the members of an object in another order.
 * @param owner of the second tree, for messages
 * @param patternLeaf, leaf which values are leaves of the first, and of the second
 * @throws SinapseError when the second tree has another form
 */
export function pairTrees<A, B>(
  owner: string,
  pattern: unknown,
  patternLeaf: Check,
  tree: unknown,
  leaf: Check,
  visit: (a: A, b: B, path: string) => void,
): void {
  const pair = (a: unknown, b: unknown, path: string): void => {
    if (patternLeaf.accepts(a)) {
      if (!leaf.accepts(b)) throw new SinapseError(`${owner}: ${at(path)}${problemOf(b, leaf)}`);
      visit(a as A, b as B, path);
    } else if (Array.isArray(a)) {
      if (leaf.accepts(b) || !Array.isArray(b) || b.length !== a.length) throw otherForm(a, b, path);
      a.forEach((item: unknown, i) => pair(item, b[i], below(path, String(i))));
    } else {
      const members = Object.entries(a as object);
      if (leaf.accepts(b) || !isPlain(b) || Object.keys(b).length !== members.length) throw otherForm(a, b, path);
      for (const [name, item] of members) {
        if (!Object.hasOwn(b, name)) throw otherForm(a, b, path);
        pair(item, (b as Readonly<Record<string, unknown>>)[name], below(path, name));
      }
    }
  };
  const otherForm = (a: unknown, b: unknown, path: string): SinapseError =>
    new SinapseError(`${owner}: ${at(path)}expected ${formOf(a)}, got ${leaf.accepts(b) ? shown(b) : formOf(b)}`);
  pair(pattern, tree, '');
}

/** A list or an object in words: `a list of 2`, `{ image, meta }`. */
function formOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isPlain(value) ? `{ ${Object.keys(value).slice(0, 8).map(shownName).join(', ')} }` : shown(value);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function at(path: string): string {
  return path === '' ? '' : `${shownName(path)}: `;
}
