// The largest of several tensors.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { maximum as larger } from '@sinapse/core';
import type { Layer } from '../layer.ts';
import { printsAsModel } from '../print.ts';
import { elementwise, mergedShape } from './merge.ts';

export class Maximum implements Layer<readonly Tensor[], Tensor> {
  readonly type = 'maximum';

  /** @param inputShapes one for each input; a length of 1 stretches */
  build(inputShapes: readonly Shape[]): Shape {
    return mergedShape(this, inputShapes);
  }

  /**
   * max(x₁, x₂, …), element by element.
   * @param xs float32 tensors `[batch, …]` of one shape; a length of 1 stretches
   */
  call(xs: readonly Tensor[], _context?: Context): Tensor {
    return elementwise(this, xs, larger);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}

printsAsModel(Maximum, 'Maximum');

/** Takes the largest of several tensors element by element: `connect([a, b], maximum())`. */
export function maximum(): Maximum {
  return new Maximum();
}
