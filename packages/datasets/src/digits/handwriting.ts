// Writes one digit: the control points of a style are moved a little, bent by a smooth displacement field, slanted, turned and
// stretched, then fitted into MNIST's 20 x 20 box.
//
// Only + - * /, Math.sqrt and comparisons are used, because IEEE 754 fixes their results; random numbers come from core. Math.sin, cos,
// exp, log and pow differ between JavaScript engines, so rotations use the tangent of half the angle, and factors are rational.

import type { RandomStream } from '@sinapse/core';
import { flatten } from './curve.ts';
import type { Polyline } from './curve.ts';
import type { Glyph } from './glyphs.ts';

/** Side of the box that a digit fills, in pixels (LeCun et al. 1998, "Gradient-based learning applied to document recognition"). */
const BOX = 20;

/** A digit ready to be drawn; coordinates are in pixels from the middle of its bounding box. */
export interface Handwriting {
  readonly line: Polyline;
  /** Half the stroke's width at each vertex, in pixels. */
  readonly radii: number[];
  /** Width of the grey edge, in pixels. */
  readonly softness: number;
}

/** Writes a digit in one of its styles. */
export function write(styles: readonly Glyph[], random: RandomStream): Handwriting {
  const glyph = choose(styles, random);
  const line: Polyline = { xs: [], ys: [], along: [], starts: [] };
  const jitter = 1.5 + 3 * random.uniform(); // in a glyph's units, 100 to a side
  for (const { points, corners } of glyph.strokes) {
    const shiftX = 2 * random.normal(); // moves whole strokes, so that they do not always meet
    const shiftY = 2 * random.normal();
    const moved = points.map((value, i) => value + jitter * random.normal() + (i % 2 === 0 ? shiftX : shiftY));
    const kept = corners.map((corner) => corner && random.uniform() < 0.75); // a quick hand rounds some corners
    flatten(moved, kept, line);
  }
  bend(line, 6 * random.uniform(), random);
  transform(line, random);
  const radius = 1.24 + 0.34 * clamp(random.normal(), -1.6, 2.6); // 1.4 to 4.2 pixels wide, as in MNIST
  const softness = 0.9 + 0.5 * random.uniform();
  fit(line, radius + 0.4 * softness); // 0.4 of the grey edge is visible
  const radii = pressure(line, radius, random);
  return { line, radii, softness };
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function choose(styles: readonly Glyph[], random: RandomStream): Glyph {
  let total = 0;
  for (const { weight } of styles) total += weight;
  let mark = total * random.uniform();
  for (const style of styles) {
    mark -= style.weight;
    if (mark < 0) return style;
  }
  return styles[styles.length - 1]!;
}

/** Number of knots of the displacement field along one side. */
const FIELD = 5;

/** Elastic deformation (Simard et al. 2003): a random displacement at each knot of a grid, joined by cubic B-splines. */
function bend(line: Polyline, amplitude: number, random: RandomStream): void {
  const knots = Array.from({ length: 2 * FIELD * FIELD }, () => amplitude * random.normal());
  const wx = new Float64Array(4);
  const wy = new Float64Array(4);
  for (let i = 0; i < line.xs.length; i++) {
    const cellX = splineWeights(line.xs[i]! / 100, wx);
    const cellY = splineWeights(line.ys[i]! / 100, wy);
    let dx = 0;
    let dy = 0;
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 4; column++) {
        const weight = wy[row]! * wx[column]!;
        const knot = 2 * ((cellY + row) * FIELD + cellX + column);
        dx += weight * knots[knot]!;
        dy += weight * knots[knot + 1]!;
      }
    }
    line.xs[i]! += dx;
    line.ys[i]! += dy;
  }
}

/** Writes the four uniform cubic B-spline weights at `position`, 0 to 1 along a side; returns the first knot they apply to. */
function splineWeights(position: number, weights: Float64Array): number {
  const cells = FIELD - 3;
  const scaled = clamp(position, 0, 1) * cells;
  const cell = scaled >= cells ? cells - 1 : Math.floor(scaled);
  const t = scaled - cell;
  const u = 1 - t;
  weights[0] = (u * u * u) / 6;
  weights[1] = (4 - 6 * t * t + 3 * t * t * t) / 6;
  weights[2] = (4 - 6 * u * u + 3 * u * u * u) / 6;
  weights[3] = (t * t * t) / 6;
  return cell;
}

/** Changes proportions, slant and stretch, then rotates. */
function transform(line: Polyline, random: RandomStream): void {
  const slant = 0.14 + 0.24 * random.normal();
  const stretch = stretchFactor(random);
  const taper = 0.12 * random.normal(); // above 0 the foot is wider than the head, below 0 narrower
  const high = clamp(0.18 * random.normal(), -0.45, 0.45); // moves the middle up or down; within ±1/2 the map stays monotonic
  const aside = clamp(0.1 * random.normal(), -0.45, 0.45); // the same to the left or right
  const h = 0.05 * random.normal(); // tangent of half the angle of rotation
  const cosine = (1 - h * h) / (1 + h * h);
  const sine = (2 * h) / (1 + h * h);
  for (let i = 0; i < line.xs.length; i++) {
    const v = line.ys[i]! / 50 - 1;
    const u = line.xs[i]! / 50 - 1;
    const y = 50 * (v + high * (1 - v * v));
    const x = 50 * stretch * (1 + taper * v) * (u + aside * (1 - u * u)) - slant * y;
    line.xs[i] = cosine * x - sine * y;
    line.ys[i] = sine * x + cosine * y;
  }
}

/** Factor on the glyph's ratio of width to height: from 1/2 to 2, as often above 1 as below. */
function stretchFactor(random: RandomStream): number {
  const z = clamp(0.2 * random.normal(), -1, 1);
  return z < 0 ? 1 / (1 - z) : 1 + z;
}

/** Scales the digit, stroke width included, to the 20 x 20 box, keeps its proportions, and centres it at the origin. */
function fit(line: Polyline, radius: number): void {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < line.xs.length; i++) {
    left = Math.min(left, line.xs[i]!);
    right = Math.max(right, line.xs[i]!);
    top = Math.min(top, line.ys[i]!);
    bottom = Math.max(bottom, line.ys[i]!);
  }
  const scale = (BOX - 2 * radius) / Math.max(right - left, bottom - top);
  for (let i = 0; i < line.xs.length; i++) {
    line.xs[i] = (line.xs[i]! - (left + right) / 2) * scale;
    line.ys[i] = (line.ys[i]! - (top + bottom) / 2) * scale;
  }
}

/** Number of knots of the pressure along one stroke. */
const PRESSURE_KNOTS = 5;

/** The radius at each vertex, which varies with the pen's pressure along each stroke. */
function pressure(line: Polyline, radius: number, random: RandomStream): number[] {
  const variation = 0.16 * random.uniform();
  const roughness = 0.28 * random.uniform(); // ink runs into the paper
  const radii: number[] = [];
  let knots: number[] = [];
  let stroke = 0;
  for (let i = 0; i < line.xs.length; i++) {
    if (line.starts[stroke] === i) {
      knots = Array.from({ length: PRESSURE_KNOTS }, () => variation * random.normal());
      stroke++;
    }
    const position = line.along[i]! * (PRESSURE_KNOTS - 1);
    const knot = Math.min(PRESSURE_KNOTS - 2, Math.floor(position));
    const t = position - knot;
    const factor = 1 + (1 - t) * knots[knot]! + t * knots[knot + 1]! + roughness * (random.bits() / 0x80000000 - 1);
    radii.push(radius * clamp(factor, 0.5, 1.5));
  }
  return radii;
}
