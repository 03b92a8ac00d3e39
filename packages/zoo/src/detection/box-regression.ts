// Box regression: how a box must move and stretch to become another, in numbers that do not depend on the box's size. Girshick, Donahue, Darrell, Malik
// 2014, "Rich feature hierarchies for accurate object detection and semantic segmentation", appendix C.

import { check, checkValue } from '@sinapse/core';
import type { Check } from '@sinapse/core';
import type { Box } from './box.ts';
import { BOX } from './box.ts';

/** The shift of the centre as a part of the width and the height, and the logarithms of the factors for both. */
export type BoxShift = readonly [x: number, y: number, width: number, height: number];

const SHIFT: Check = {
  expected: 'four finite numbers',
  accepts: (value) => Array.isArray(value) && value.length === 4 && value.every(check.finite.accepts),
};

function centred([left, top, right, bottom]: Box): BoxShift {
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
}

/**
 * What `shiftBox` must be told to make a box of another: equations 6 to 9.
 * @throws SinapseError unless both are boxes
 */
export function boxShift(from: Box, to: Box): BoxShift {
  checkValue('boxShift: from', from, BOX);
  checkValue('boxShift: to', to, BOX);
  const [x, y, width, height] = centred(from);
  const [toX, toY, toWidth, toHeight] = centred(to);
  return [(toX - x) / width, (toY - y) / height, Math.log(toWidth / width), Math.log(toHeight / height)];
}

/**
 * Moves and stretches a box: equations 1 to 4.
 * @throws SinapseError unless they are a box and four numbers
 */
export function shiftBox(box: Box, shift: BoxShift): Box {
  checkValue('shiftBox: the box', box, BOX);
  checkValue('shiftBox: the shift', shift, SHIFT);
  const [x, y, width, height] = centred(box);
  const [newX, newY] = [x + width * shift[0], y + height * shift[1]];
  const [newWidth, newHeight] = [width * Math.exp(shift[2]), height * Math.exp(shift[3])];
  return [newX - newWidth / 2, newY - newHeight / 2, newX + newWidth / 2, newY + newHeight / 2];
}
