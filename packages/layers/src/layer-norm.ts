// Layer normalisation: brings each example, or each position in it, to mean 0 and variance 1 by itself.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { check, checkOptions, layerNorm as normalize } from '@sinapse/core';
import type { Affine, AffineOptions } from './affine.ts';
import { AFFINE, axesOfExample, makeAffine, parametersPresent } from './affine.ts';
import { built, checkInput, checkInputShape, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface LayerNormLayerOptions extends AffineOptions {
  /** The axis or axes over which to normalise; axis 0 is the batch and cannot be among them. Default -1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the variance before the root is taken, > 0. Default 1e-5. */
  readonly epsilon?: number;
}

const LAYER_NORM: OptionChecks<LayerNormLayerOptions> = { axis: check.axes, epsilon: check.positive, ...AFFINE };

export class LayerNorm implements Layer {
  readonly type = 'layerNorm';
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  /** Of the lengths of the axes; undefined until built. */
  affine: Affine | undefined;
  private readonly options: Required<AffineOptions>;

  constructor({ axis = -1, epsilon = 1e-5, center = true, scale = true }: LayerNormLayerOptions) {
    this.axis = axis;
    this.epsilon = epsilon;
    this.options = { center, scale };
  }

  /** @param inputShape at least one axis */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const axes = axesOfExample(this.type, this.axis, inputShape);
    this.affine = makeAffine(this.options, axes.map((axis) => inputShape[axis - 1]!), seed); // prettier-ignore
    return outputShapeOf(this, inputShape);
  }

  /**
   * (x - mean) / √(variance + epsilon) · scale + offset.
   * @param x float32 `[batch, …]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const { scale, offset } = built(this, this.affine);
    return normalize(x, { axis: this.axis, epsilon: this.epsilon, scale: scale?.value, offset: offset?.value });
  }

  children(): [string, Parameter][] {
    return parametersPresent(built(this, this.affine));
  }

  describe(): LayerCall {
    const { type: layer, axis, epsilon, options } = this;
    return { layer, arguments: [{ axis, epsilon, ...options }] };
  }
}

printsAsModel(LayerNorm, 'LayerNorm');

/**
 * Layer normalisation: `layerNorm()` normalises the last axis, the features of each position. It does the same in training and prediction. Ba,
 * Kiros, Hinton 2016.
 * @throws SinapseError when an option is out of range
 */
export function layerNorm(options: LayerNormLayerOptions = {}): LayerNorm {
  checkOptions('layerNorm', options, LAYER_NORM);
  return new LayerNorm(options);
}
