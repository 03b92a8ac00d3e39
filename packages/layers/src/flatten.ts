// Turns each image into a row of features.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { ShapeError, flatten as mergeAxes } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export class Flatten implements Layer {
  readonly type = 'flatten';

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x `[batch, …]`
   * @returns `[batch, features]`, the same values in row-major order; nothing is copied
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    if (x.rank === 0) throw new ShapeError('flatten: input must have a batch axis, got a scalar');
    return mergeAxes(x, 1);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}

printsAsModel(Flatten, 'Flatten');

/** Merges all axes except the batch axis, e.g. between convolutions and a dense layer. */
export function flatten(): Flatten {
  return new Flatten();
}
