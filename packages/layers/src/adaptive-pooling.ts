// What the layers of adaptive pooling share in one, two and three dimensions.

import type { Context, Dimensions, LayerCall, OptionChecks, PerAxis, Shape, Tensor } from '@sinapse/core';
import { check } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';

export interface AdaptivePoolOptions<D extends Dimensions> {
  /** The lengths of the result. One number stands for all directions. */
  readonly outputSize: PerAxis<D>;
}

/** The checks of the options in a space. */
export function adaptivePoolChecks(dimensions: Dimensions): OptionChecks<AdaptivePoolOptions<Dimensions>> {
  return { outputSize: check.required(check.perAxis(dimensions)) };
}

export abstract class AdaptivePooling<D extends Dimensions> implements Layer {
  abstract readonly type: string;
  readonly outputSize: PerAxis<D>;
  protected abstract readonly op: (x: Tensor, outputSize: PerAxis<D>) => Tensor;

  constructor({ outputSize }: AdaptivePoolOptions<D>) {
    this.outputSize = outputSize;
  }

  /** @param inputShape one length for each spatial axis, and the channels */
  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * @param x float32 `[batch, …axes, channels]`
   * @returns `[batch, …outputSize, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    return this.op(x, this.outputSize);
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [{ outputSize: this.outputSize }] };
  }
}
