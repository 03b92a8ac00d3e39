// Rectangles in an image.

import type { Check } from '@sinapse/core';
import { checkValue } from '@sinapse/core';

/** A rectangle in pixels; `right` and `bottom` are behind its last pixel. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** The check of a box. */
export const BOX: Check = {
  expected: 'a box [left, top, right, bottom] with right > left and bottom > top',
  accepts: (value) =>
    Array.isArray(value) && value.length === 4 && value.every(Number.isFinite) && value[2] > value[0] && value[3] > value[1],
};

/** The check of a list of boxes. */
export const BOXES: Check = {
  expected: 'a list of boxes [left, top, right, bottom] with right > left and bottom > top',
  accepts: (value) => Array.isArray(value) && value.every(BOX.accepts),
};

export function areaOf([left, top, right, bottom]: Box): number {
  return (right - left) * (bottom - top);
}

/**
 * The area that two boxes share, divided by the area that they cover together: 1 for equal boxes, 0 for boxes that do not touch.
 * @throws SinapseError unless both are boxes
 */
export function intersectionOverUnion(a: Box, b: Box): number {
  checkValue('intersectionOverUnion: a', a, BOX);
  checkValue('intersectionOverUnion: b', b, BOX);
  return overlapOf(a, b);
}

/** `intersectionOverUnion` without its checks. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (areaOf(a) + areaOf(b) - width * height);
}

/** The smallest box around two. */
export function boxAround(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
