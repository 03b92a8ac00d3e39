// The sum of several tensors.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { add as plus } from '@sinapse/core';
import type { Layer } from '../layer.ts';
import { printsAsModel } from '../print.ts';
import { elementwise, mergedShape } from './merge.ts';

export class Add implements Layer<readonly Tensor[], Tensor> {
  readonly type = 'add';

  /** @param inputShapes one for each input; a length of 1 stretches */
  build(inputShapes: readonly Shape[]): Shape {
    return mergedShape(this, inputShapes);
  }

  /**
   * x₁ + x₂ + …, element by element.
   * @param xs float32 tensors `[batch, …]` of one shape; a length of 1 stretches
   */
  call(xs: readonly Tensor[], _context?: Context): Tensor {
    return elementwise(this, xs, plus);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}

printsAsModel(Add, 'Add');

/** Adds several tensors element by element: `connect([a, b], add())`. */
export function add(): Add {
  return new Add();
}
