// Shapes that core holds: frozen, so that nobody changes the shape of a tensor that kernels will read. Equal shapes are usually one list, which is
// cheaper to find than to copy and freeze, and makes most comparisons one of identities.

import type { Shape } from './shape.ts';

/** Marks the lists made here. */
const OWN: unique symbol = Symbol('own shape');

interface Known {
  /** The same lengths in a list that is not frozen: those are faster to read. */
  readonly lengths: Shape;
  readonly own: Shape;
}

/** The shapes met last, by hash. A program with ever new shapes replaces them, and does not fill memory. */
const SLOTS = 1024;
const known = new Array<Known | undefined>(SLOTS).fill(undefined);

/** A frozen list of the same lengths; the list itself if it was made here. */
export function ownShape(shape: Shape): Shape {
  if ((shape as { readonly [OWN]?: true })[OWN] === true) return shape;
  const rank = shape.length;
  let hash = rank;
  for (let i = 0; i < rank; i++) hash = (Math.imul(hash, 31) + shape[i]!) | 0;
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
  const found = known[slot];
  if (found !== undefined && isEqual(found.lengths, shape)) return found.own;
  return remember(slot, shape);
}

function isEqual(a: Shape, b: Shape): boolean {
  const rank = a.length;
  if (rank !== b.length) return false;
  for (let i = 0; i < rank; i++) if (a[i] !== b[i]) return false;
  return true;
}

function remember(slot: number, shape: Shape): Shape {
  const lengths = Array.from({ length: shape.length }, (_, i) => shape[i]! + 0); // -0 becomes 0
  const own = Object.freeze(Object.defineProperty([...lengths], OWN, { value: true }));
  known[slot] = { lengths, own };
  return own;
}
