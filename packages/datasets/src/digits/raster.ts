// From a polyline to pixels: the distance to the nearest segment decides how much ink a pixel gets, so edges are anti-aliased without
// supersampling. The picture is then centred by its mass, as in MNIST.

import type { Polyline } from './curve.ts';

/** Side of a finished image, in pixels. */
export const IMAGE_SIZE = 28;
/** Side of the drawing area, in pixels: it leaves room to centre the digit by its mass. */
export const CANVAS_SIZE = 40;

/** A reusable drawing area of ink values in [0, 1], shape `[40, 40]`. */
export function createCanvas(): Float32Array {
  return new Float32Array(CANVAS_SIZE * CANVAS_SIZE);
}

/**
 * Draws a polyline, in pixels relative to the middle of the canvas.
 * @param radii half the stroke's width at each vertex, in pixels
 * @param softness width of the grey edge, in pixels: 1 gives a straight edge its exact area coverage, more blurs it
 */
export function drawPolyline(canvas: Float32Array, line: Polyline, radii: readonly number[], softness: number): void {
  canvas.fill(0);
  let stroke = 0;
  for (let i = 0; i < line.xs.length; i++) {
    if (line.starts[stroke] === i) {
      stroke++;
      continue;
    }
    drawSegment(canvas, line.xs[i - 1]!, line.ys[i - 1]!, radii[i - 1]!, line.xs[i]!, line.ys[i]!, radii[i]!, softness);
  }
}

function drawSegment(canvas: Float32Array, x0: number, y0: number, r0: number, x1: number, y1: number, r1: number, softness: number): void {
  const middle = CANVAS_SIZE / 2;
  const reach = (r0 > r1 ? r0 : r1) + softness / 2;
  const left = Math.max(0, Math.ceil(middle + Math.min(x0, x1) - reach));
  const right = Math.min(CANVAS_SIZE - 1, Math.floor(middle + Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.ceil(middle + Math.min(y0, y1) - reach));
  const bottom = Math.min(CANVAS_SIZE - 1, Math.floor(middle + Math.max(y0, y1) + reach));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const inverseSquare = 1 / (dx * dx + dy * dy + 1e-12); // a segment of no length is a dot
  for (let row = top; row <= bottom; row++) {
    const py = row - middle - y0;
    for (let column = left; column <= right; column++) {
      const px = column - middle - x0;
      const projected = (px * dx + py * dy) * inverseSquare;
      const t = projected < 0 ? 0 : projected > 1 ? 1 : projected;
      const ex = px - t * dx;
      const ey = py - t * dy;
      const ink = (r0 + t * (r1 - r0) - Math.sqrt(ex * ex + ey * ey)) / softness + 0.5;
      const at = row * CANVAS_SIZE + column;
      if (ink > canvas[at]!) canvas[at] = ink < 1 ? ink : 1;
    }
  }
}

/**
 * Finds where in the canvas to cut out the image, so that its pixel (14, 14) is the centre of mass, as in MNIST.
 * @returns index of the image's first pixel; its rows are `CANVAS_SIZE` apart
 */
export function imageOrigin(canvas: Float32Array): number {
  let mass = 0;
  let rows = 0;
  let columns = 0;
  for (let row = 0, at = 0; row < CANVAS_SIZE; row++) {
    for (let column = 0; column < CANVAS_SIZE; column++, at++) {
      const ink = canvas[at]!;
      if (ink === 0) continue;
      mass += ink;
      rows += ink * row;
      columns += ink * column;
    }
  }
  return origin(rows / mass) * CANVAS_SIZE + origin(columns / mass);
}

function origin(centre: number): number {
  const start = Math.floor(centre + 0.5) - IMAGE_SIZE / 2;
  return Math.min(Math.max(start, 0), CANVAS_SIZE - IMAGE_SIZE); // keeps the image inside the canvas
}
