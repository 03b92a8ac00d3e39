// The mean of several tensors.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { add, mul } from '@sinapse/core';
import type { Layer } from '../layer.ts';
import { printsAsModel } from '../print.ts';
import { elementwise, mergedShape } from './merge.ts';

export class Average implements Layer<readonly Tensor[], Tensor> {
  readonly type = 'average';

  /** @param inputShapes one for each input; a length of 1 stretches */
  build(inputShapes: readonly Shape[]): Shape {
    return mergedShape(this, inputShapes);
  }

  /**
   * (x₁ + x₂ + … + xₙ) / n, element by element.
   * @param xs float32 tensors `[batch, …]` of one shape; a length of 1 stretches
   */
  call(xs: readonly Tensor[], _context?: Context): Tensor {
    return mul(elementwise(this, xs, add), 1 / xs.length);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}

printsAsModel(Average, 'Average');

/** Averages several tensors element by element, e.g. the outputs of an ensemble: `connect([a, b], average())`. */
export function average(): Average {
  return new Average();
}
