// Shapes that core holds: frozen, so that nobody changes the shape of a tensor that kernels will read. Equal shapes are usually one list, which is
// cheaper to find than to copy and freeze, and makes most comparisons one of identities.

/** As in shape.ts, which reads shapes through this file. */
type Shape = readonly number[];

/** Marks the lists made here, and leads to the same lengths in a list that is not frozen. */
const LENGTHS: unique symbol = Symbol('lengths');

interface Own {
  readonly [LENGTHS]?: Shape;
}

/** The shapes met last, by hash. A program with ever new shapes replaces them, and does not fill memory. */
const SLOTS = 1024;
const known = new Array<Shape | undefined>(SLOTS).fill(undefined);

/** A frozen list of the same lengths; the list itself if it was made here. */
export function ownShape(shape: Shape): Shape {
  if ((shape as Own)[LENGTHS] !== undefined) return shape;
  const rank = shape.length;
  let hash = rank;
  for (let i = 0; i < rank; i++) hash = (Math.imul(hash, 31) + shape[i]!) | 0;
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
  const found = known[slot];
  if (found !== undefined && isEqual(readable(found), shape)) return found;
  return remember(slot, shape);
}

/**
 * The same lengths in a list that is read several times as fast, as JavaScript engines read frozen lists slowly. It is core's own: whoever reads
 * much calls this, and hands the list to nobody.
 */
export function readable(shape: Shape): Shape {
  return (shape as Own)[LENGTHS] ?? shape;
}

function isEqual(a: Shape, b: Shape): boolean {
  const rank = a.length;
  if (rank !== b.length) return false;
  for (let i = 0; i < rank; i++) if (a[i] !== b[i]) return false;
  return true;
}

function remember(slot: number, shape: Shape): Shape {
  const lengths = Array.from({ length: shape.length }, (_, i) => shape[i]! + 0); // -0 becomes 0
  return (known[slot] = Object.freeze(Object.defineProperty([...lengths], LENGTHS, { value: lengths })));
}
