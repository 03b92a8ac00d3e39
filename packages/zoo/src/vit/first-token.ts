// Keeps the class token, which the classifier of a vision transformer reads.

import type { LayerCall, Shape, Tensor } from '@sinapse/core';
import { reshape, slice } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { outputShapeOf } from '@sinapse/layers';

export class FirstToken implements Layer {
  readonly type = 'firstToken';

  /** @param inputShape `[tokens, features]` */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x float32 `[batch, tokens, features]`
   * @returns `[batch, features]`
   */
  call(x: Tensor): Tensor {
    const [batch, , features] = x.shape as readonly [number, number, number];
    return reshape(slice(x, [null, { end: 1 }]), [batch, features]);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}
