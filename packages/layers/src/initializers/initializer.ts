// What an initialiser is, and the fans that most of them scale by.

import type { RandomKey, Shape } from '@sinapse/core';

/**
 * The initial values of a parameter, in row-major order. A function of shape and key alone, computed on the host: the same seed gives the same
 * bits on every backend.
 * @param shape `[inputs, units]` for a dense kernel, `[height, width, channels / groups, filters]` for a convolution's
 * @param key the key of this parameter, derived from the seed and the path in the model
 * @param groups the groups of a convolution; 1 elsewhere
 */
export type Initializer = (shape: Shape, key: RandomKey, groups?: number) => Float32Array;

/** How many inputs a unit has, and to how many units an input goes. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The fans of a kernel. The last two axes are inputs and outputs, those before them the receptive field, which multiplies both. In a grouped
 * convolution an input reaches only the filters of its group.
 */
export function fansOf(shape: Shape, groups = 1): Fans {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0]!, fanOut: shape[0]! };
  const field = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return { fanIn: field * shape.at(-2)!, fanOut: (field * shape.at(-1)!) / groups };
}
