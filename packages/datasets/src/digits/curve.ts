// Pen strokes as smooth curves: a stroke is a few control points, the curve through them is a Catmull-Rom spline, and a corner cuts the
// spline in two. Only + - * / and comparisons are used, so that a glyph is the same polyline on every JavaScript engine.

import { SinapseError } from '@sinapse/core';

/** One movement of the pen without lifting it. */
export interface Stroke {
  /** Control points `[x0, y0, x1, y1, …]`, x to the right and y downwards. */
  readonly points: readonly number[];
  /** For each control point, whether the direction may break there. */
  readonly corners: readonly boolean[];
}

/** A chain of straight segments, several strokes one after the other. */
export interface Polyline {
  readonly xs: number[];
  readonly ys: number[];
  /** For each vertex, its position along its stroke: 0 at the start, 1 at the end. */
  readonly along: number[];
  /** Index of the first vertex of each stroke. */
  readonly starts: number[];
}

/**
 * Reads a stroke written as text: control points separated by commas, `!` after a corner.
 * @example stroke('10 8, 88 5!, 56 48, 40 100') // a seven
 */
export function stroke(text: string): Stroke {
  const points: number[] = [];
  const corners: boolean[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(-?\d+) (-?\d+)(!?)\s*$/.exec(part);
    if (match === null) throw new SinapseError(`stroke: expected 'x y' or 'x y!', got '${part}'`);
    points.push(Number(match[1]), Number(match[2]));
    corners.push(match[3] === '!');
  }
  return { points, corners };
}

/** Segments between two neighbouring control points: so many that a digit of 20 pixels looks smooth. */
const SEGMENTS_PER_SPAN = 5;

/** Adds a stroke's curve to a polyline. */
export function flatten(points: readonly number[], corners: readonly boolean[], into: Polyline): void {
  const count = corners.length;
  into.starts.push(into.xs.length);
  for (let i = 0; i + 1 < count; i++) {
    // An end or a corner lacks a neighbour on one side and takes itself as that neighbour.
    const before = i === 0 || corners[i]! ? i : i - 1;
    const after = i + 2 >= count || corners[i + 1]! ? i + 1 : i + 2;
    for (let step = i === 0 ? 0 : 1; step <= SEGMENTS_PER_SPAN; step++) {
      const t = step / SEGMENTS_PER_SPAN;
      into.xs.push(catmullRom(points[2 * before]!, points[2 * i]!, points[2 * i + 2]!, points[2 * after]!, t));
      into.ys.push(catmullRom(points[2 * before + 1]!, points[2 * i + 1]!, points[2 * i + 3]!, points[2 * after + 1]!, t));
      into.along.push((i + t) / (count - 1));
    }
  }
}

/** The cubic from b (t = 0) to c (t = 1) with tangents (c - a) / 2 and (d - b) / 2. Catmull, Rom 1974. */
function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
