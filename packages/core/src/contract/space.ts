// The spaces that windows slide over: sequences, images and volumes. Their tensors are [batch, …axes, channels].

import type { Shape } from './shape.ts';
import { formatShape } from './shape.ts';
import { ShapeError } from './errors.ts';

/** 1 for sequences, 2 for images, 3 for volumes. */
export type Dimensions = 1 | 2 | 3;

export interface Space {
  readonly noun: string;
  /** The spatial axes, in the order of a tensor's shape. */
  readonly axes: readonly string[];
  /** A list of one number for each axis. Sequences have none: there a number stands alone. */
  readonly list: string | undefined;
  /** The border's width at each side. */
  readonly sides: string;
}

export const SPACES: Readonly<Record<Dimensions, Space>> = {
  1: { noun: 'sequence', axes: ['length'], list: undefined, sides: '[before, after]' },
  2: { noun: 'image', axes: ['height', 'width'], list: '[height, width]', sides: '[[top, bottom], [left, right]]' },
  3: {
    noun: 'volume',
    axes: ['depth', 'height', 'width'],
    list: '[depth, height, width]',
    sides: '[[front, back], [top, bottom], [left, right]]',
  },
};

/** @throws ShapeError unless a tensor has the axes of the space */
export function checkSpace(op: string, dimensions: Dimensions, shape: Shape): void {
  if (shape.length !== dimensions + 2)
    throw new ShapeError(`${op}: input must be [batch, ${SPACES[dimensions].axes.join(', ')}, channels], got ${formatShape(shape)}`);
}
