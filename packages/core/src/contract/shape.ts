// Shapes: lists of axis lengths, row-major, the last axis contiguous. A scalar has shape [].

import { ShapeError } from './errors.ts';
import { readable } from './own-shape.ts';
import { shown } from './shown.ts';

export type Shape = readonly number[];

/** The number of elements. */
export function sizeOf(shape: Shape): number {
  const lengths = readable(shape);
  let size = 1;
  for (let i = 0; i < lengths.length; i++) size *= lengths[i]!;
  return size;
}

/** The number of elements from one index to the next, for each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** The lengths of the axes from `begin` to `end`, exclusive. (Array's `slice` takes many times as long for a tensor's shape, which is frozen.) */
export function lengthsOf(shape: Shape, begin: number, end: number = shape.length): number[] {
  const from = readable(shape);
  const lengths: number[] = [];
  for (let i = begin; i < end; i++) lengths.push(from[i]!);
  return lengths;
}

/** The length of the last axis, or of the `back`th from the end; undefined if there is no such axis. */
export function lastLength(shape: Shape, back = 1): number | undefined {
  return shape.length < back ? undefined : shape[shape.length - back];
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  const [m, n] = [readable(a), readable(b)];
  if (m.length !== n.length) return false;
  for (let i = 0; i < m.length; i++) if (m[i] !== n[i]) return false;
  return true;
}

/** `[8,28,28,1]`, as messages write shapes. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** @throws ShapeError unless it is an array; its elements are not checked */
export function checkIsList(op: string, list: unknown, expected = 'a shape: a list of lengths, e.g. [2, 3]'): void {
  if (!Array.isArray(list)) throw new ShapeError(`${op}: ${shown(list)} is not ${expected}`);
}

/** The most axes of a tensor: kernels have room for so many. */
const MOST_AXES = 64;

/**
 * @throws ShapeError when it is not a list, has more than 64 axes, a length is not an integer >= 0, or the size is beyond 2^53
 */
export function checkShape(op: string, shape: Shape): void {
  checkIsList(op, shape);
  if (shape.length > MOST_AXES) throw new ShapeError(`${op}: a shape can have ${MOST_AXES} axes, got ${shape.length}`);
  for (let i = 0; i < shape.length; i++) {
    if (!Number.isSafeInteger(shape[i]) || shape[i]! < 0)
      throw new ShapeError(`${op}: ${shown(shape)} is not a shape: lengths are integers >= 0`);
  }
  if (!Number.isSafeInteger(sizeOf(shape))) throw new ShapeError(`${op}: shape ${formatShape(shape)} is too large`);
}

/**
 * The shape that two shapes broadcast to by NumPy's rule: last axes are aligned, and a length of 1 stretches.
 * @throws ShapeError when two lengths differ and neither is 1
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  return stretched(op, readable(a), readable(b));
}

function stretched(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1)
      throw new ShapeError(`${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: axis -${i} is ${m} and ${n}`);
    out[rank - i] = m === 1 ? n : m;
  }
  return out;
}

/**
 * An axis counted from the front; negative axes count from the back.
 * @throws ShapeError when it is no integer, or out of range
 */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new ShapeError(`${op}: axis ${shown(axis)} is out of range for a tensor of rank ${rank}`);
  return axis < 0 ? axis + rank : axis + 0; // -0 becomes 0
}

/**
 * Axes as distinct numbers >= 0 in ascending order, in a list of its own; all axes when none are given.
 * @throws ShapeError when one is no integer, out of range, or named twice
 */
export function normalizeAxes(op: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) {
    const all: number[] = [];
    for (let i = 0; i < rank; i++) all.push(i);
    return all;
  }
  if (typeof axes === 'number') return [normalizeAxis(op, axes, rank)];
  checkIsList(op, axes, 'an axis or a list of axes');
  const normal = Array.from({ length: axes.length }, (_, i) => normalizeAxis(op, axes[i]!, rank));
  if (new Set(normal).size !== normal.length) throw new ShapeError(`${op}: axes ${shown(axes)} name one axis twice`);
  return normal.sort((a, b) => a - b);
}
