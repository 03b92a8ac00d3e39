// What a layer is, and how a model calls the layers it is made of.

import type { Buildable, Context, Model, Tensor } from '@sinapse/core';
import { SinapseError, scope } from '@sinapse/core';

/**
 * A part of a model. `build` makes its parameters once the shape of the input is known, `call` is its formula. Anyone's object with these
 * three members is a layer.
 */
export interface Layer extends Model, Buildable {
  /** What kind of layer it is, e.g. `conv2d`: shown in summaries and errors, and the stem of its default name. */
  readonly type: string;
}

/**
 * Calls a part of a model under a name, the way `sequential` does for each of its layers: what the part made on the way is released early,
 * its errors say where in the model they arose, its random numbers are its own, and summaries see it. For `call` methods of one's own:
 * `callChild('conv1', this.conv1, x, context)`.
 */
export function callChild(name: string, child: Model, x: Tensor, context: Context): Tensor {
  const inner = context.child(name);
  const y = located(name, () => scope(() => child.call(x, inner)));
  inner.observe?.(inner.path, child, x, y);
  return y;
}

/** Runs a callback; an error of the caller's that it throws carries the name of the layer on its way out. */
export function located<T>(name: string, callback: () => T): T {
  try {
    return callback();
  } catch (error) {
    if (error instanceof SinapseError) error.within(name);
    throw error;
  }
}
