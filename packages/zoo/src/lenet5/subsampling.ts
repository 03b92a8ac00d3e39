// The sub-sampling of the original network: average pooling with a trainable coefficient and bias for each channel.

import type { Context, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, add, avgPool2d, formatShape, mul, randomKey } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { built, builtParameters, initializers, makeParameter, outputShapeOf, printsAsModel } from '@sinapse/layers';
import { initialBound, squash } from './squash.ts';

/** The number of inputs of a unit: 2 by 2 pixels. */
const INPUTS = 4;

export class Subsampling implements Layer {
  readonly type = 'subsampling';
  /** `[channels]`; undefined until built. */
  coefficient: Parameter | undefined;
  /** `[channels]`; undefined until built. */
  bias: Parameter | undefined;

  /** @param inputShape `[height, width, channels]` */
  build(inputShape: Shape, seed: Seed): Shape {
    if (inputShape.length !== 3)
      throw new ShapeError(`subsampling: each example must be [height, width, channels], got ${formatShape(inputShape)}`);
    const channels = [inputShape[2]!];
    const bound = initialBound(INPUTS);
    this.coefficient = makeParameter(channels, initializers.uniform({ low: -bound, high: bound }), randomKey(seed).fold('coefficient'));
    this.bias = makeParameter(channels, initializers.zeros, randomKey(seed).fold('bias'));
    return outputShapeOf(this, inputShape);
  }

  /**
   * f(coefficient Σ + bias), where Σ is the sum of 2 by 2 pixels.
   * @param x float32 `[batch, height, width, channels]`
   * @returns `[batch, height / 2, width / 2, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    const sums = mul(avgPool2d(x, { window: 2 }), INPUTS);
    return squash(add(mul(sums, built(this, this.coefficient).value), built(this, this.bias).value));
  }

  children(): [string, Parameter][] {
    return builtParameters(this, { coefficient: this.coefficient, bias: this.bias });
  }
}

printsAsModel(Subsampling, 'Subsampling');
