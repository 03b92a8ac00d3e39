// Normalisation by the root mean square: layer normalisation without the mean, as large language models have it.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { check, checkOptions, randomKey, rmsNorm as normalize } from '@sinapse/core';
import { axesOfExample } from './affine.ts';
import { built, builtParameters, checkInput, checkInputShape, makeParameter, outputShapeOf } from './build.ts';
import { ones } from './initializers/distributions.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface RmsNormLayerOptions {
  /** The axis or axes over which to normalise; axis 0 is the batch and cannot be among them. Default -1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the mean square before the root is taken, > 0. Default 1e-6. */
  readonly epsilon?: number;
  /** Whether the result is multiplied by a scale (gamma). Default true. */
  readonly scale?: boolean;
}

const RMS_NORM: OptionChecks<RmsNormLayerOptions> = { axis: check.axes, epsilon: check.positive, scale: check.flag };

export class RmsNorm implements Layer {
  readonly type = 'rmsNorm';
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  /** Of the lengths of the axes, initially 1; undefined until built, and if the option `scale` is false. */
  scale: Parameter | undefined;
  private readonly useScale: boolean;

  constructor({ axis = -1, epsilon = 1e-6, scale = true }: RmsNormLayerOptions) {
    this.axis = axis;
    this.epsilon = epsilon;
    this.useScale = scale;
  }

  /** @param inputShape at least one axis */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const lengths = axesOfExample(this.type, this.axis, inputShape).map((axis) => inputShape[axis - 1]!);
    this.scale = this.useScale ? makeParameter(lengths, ones, randomKey(seed).fold('scale')) : undefined;
    return outputShapeOf(this, inputShape);
  }

  /**
   * x / √(mean(x²) + epsilon) · scale.
   * @param x float32 `[batch, …]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    return normalize(x, { axis: this.axis, epsilon: this.epsilon, scale: this.useScale ? built(this, this.scale).value : undefined });
  }

  children(): [string, Parameter][] {
    return this.useScale ? builtParameters(this, { scale: this.scale }) : [];
  }

  describe(): LayerCall {
    const { type: layer, axis, epsilon, useScale: scale } = this;
    return { layer, arguments: [{ axis, epsilon, scale }] };
  }
}

printsAsModel(RmsNorm, 'RmsNorm');

/**
 * Normalisation by the root mean square of the last axis: `rmsNorm()`. It is cheaper than `layerNorm`, and in transformers as good. Zhang, Sennrich
 * 2019.
 * @throws SinapseError when an option is out of range
 */
export function rmsNorm(options: RmsNormLayerOptions = {}): RmsNorm {
  checkOptions('rmsNorm', options, RMS_NORM);
  return new RmsNorm(options);
}
