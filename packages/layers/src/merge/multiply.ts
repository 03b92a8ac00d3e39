// The product of several tensors.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { mul } from '@sinapse/core';
import type { Layer } from '../layer.ts';
import { printsAsModel } from '../print.ts';
import { elementwise, mergedShape } from './merge.ts';

export class Multiply implements Layer<readonly Tensor[], Tensor> {
  readonly type = 'multiply';

  /** @param inputShapes one for each input; a length of 1 stretches */
  build(inputShapes: readonly Shape[]): Shape {
    return mergedShape(this, inputShapes);
  }

  /**
   * x₁ · x₂ · …, element by element.
   * @param xs float32 tensors `[batch, …]` of one shape; a length of 1 stretches
   */
  call(xs: readonly Tensor[], _context?: Context): Tensor {
    return elementwise(this, xs, mul);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}

printsAsModel(Multiply, 'Multiply');

/** Multiplies several tensors element by element, such as a gate and what passes through it: `connect([x, gate], multiply())`. */
export function multiply(): Multiply {
  return new Multiply();
}
