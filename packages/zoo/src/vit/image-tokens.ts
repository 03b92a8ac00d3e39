// Makes the sequence that a vision transformer reads of an image's patches: eq. 1 of its paper.

import type { LayerCall, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, add, broadcastTo, concat, formatShape, randomKey } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { built, builtParameters, initializers, makeParameter, outputShapeOf } from '@sinapse/layers';

const initializer = initializers.truncatedNormal({ deviation: 0.02 });

export class ImageTokens implements Layer {
  readonly type = 'imageTokens';
  /** The class token, which stands before the patches, `[1, features]`; undefined until built. */
  token: Parameter | undefined;
  /** What each position adds, `[1 + patches, features]`; undefined until built. */
  positions: Parameter | undefined;

  /** @param inputShape `[patches, features]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    const [patches, features] = inputShape;
    if (patches === undefined || features === undefined || inputShape.length !== 2)
      throw new ShapeError(`imageTokens: each example must be [patches, features], got ${formatShape(inputShape)}`);
    const key = randomKey(seed);
    this.token = makeParameter([1, features], initializer, key.fold('token'));
    this.positions = makeParameter([1 + patches, features], initializer, key.fold('positions'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * [token, x₁, x₂, …] + positions.
   * @param x float32 `[batch, patches, features]`
   * @returns `[batch, 1 + patches, features]`
   */
  call(x: Tensor): Tensor {
    const [batch, , features] = x.shape as readonly [number, number, number];
    const tokens = broadcastTo(built(this, this.token).value, [batch, 1, features]);
    return add(concat([tokens, x], 1), built(this, this.positions).value);
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { token: this.token, positions: this.positions });
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [] };
  }
}
