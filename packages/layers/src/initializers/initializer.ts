// The type of initialisers, and the fans by which most of them scale.

import type { Check, RandomKey, Shape } from '@sinapse/core';
import { checkShape } from '@sinapse/core';

/**
 * Returns the initial values of a parameter in row-major order. They are computed on the host from the arguments alone, so that the same
 * seed gives the same bits on every backend.
 * @param shape `[inputs, units]` for a dense kernel, `[height, width, channels / groups, filters]` for a convolution's
 * @param key the key of this parameter, derived from the seed and the path in the model
 * @param groups the groups of a convolution; 1 elsewhere
 */
export type Initializer = (shape: Shape, key: RandomKey, groups?: number) => Float32Array;

/** The check of an option. */
export const INITIALIZER: Check = {
  expected: 'an initialiser, e.g. initializers.heNormal',
  accepts: (value) => typeof value === 'function',
};

/** The number of inputs of a unit (fanIn), and of units that an input is connected to (fanOut). */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The fans of a kernel. Its last two axes are inputs and outputs; the axes before them are the window, whose size multiplies both fans. In
 * a grouped convolution an input reaches only the filters of its group.
 */
export function fansOf(shape: Shape, groups = 1): Fans {
  checkShape('fansOf', shape);
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0]!, fanOut: shape[0]! };
  const field = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return { fanIn: field * shape.at(-2)!, fanOut: (field * shape.at(-1)!) / groups };
}
