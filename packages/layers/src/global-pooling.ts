// What the layers of global pooling share: they have no options.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';

export abstract class GlobalPooling implements Layer {
  abstract readonly type: string;
  protected abstract readonly op: (x: Tensor) => Tensor;

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x float32 `[batch, …axes, channels]`
   * @returns `[batch, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    return this.op(x);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}
