// Instance normalisation: brings each channel of each image to mean 0 and variance 1, which removes its contrast.

import type { Context, LayerCall, OptionChecks, Parameter, Seed, Shape, Tensor } from '@sinapse/core';
import { ShapeError, check, checkOptions, formatShape, groupNorm as normalize } from '@sinapse/core';
import type { Affine, AffineOptions } from './affine.ts';
import { AFFINE, makeAffine, parametersPresent } from './affine.ts';
import { built, checkInput, checkInputShape, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface InstanceNormLayerOptions extends AffineOptions {
  /** Added to the variance before the root is taken, > 0. Default 1e-5. */
  readonly epsilon?: number;
}

const INSTANCE_NORM: OptionChecks<InstanceNormLayerOptions> = { epsilon: check.positive, ...AFFINE };

export class InstanceNorm implements Layer {
  readonly type = 'instanceNorm';
  readonly epsilon: number;
  /** `[channels]` each; undefined until built. */
  affine: Affine | undefined;
  private readonly options: Required<AffineOptions>;

  constructor({ epsilon = 1e-5, center = true, scale = true }: InstanceNormLayerOptions) {
    this.epsilon = epsilon;
    this.options = { center, scale };
  }

  /** @param inputShape `[…, channels]`, of more than one pixel */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    if (inputShape.length < 2 || inputShape.slice(0, -1).every((length) => length === 1))
      throw new ShapeError(
        `instanceNorm: each example must be [height, width, channels] or the like, of more than one pixel; got ${formatShape(inputShape)}`,
      );
    this.affine = makeAffine(this.options, [inputShape.at(-1)!], seed);
    return outputShapeOf(this, inputShape);
  }

  /**
   * (x - mean) / √(variance + epsilon) · scale + offset, with the mean and the variance of each image and channel.
   * @param x float32 `[batch, …, channels]`
   */
  call(x: Tensor, _context?: Context): Tensor {
    checkInput(this, x);
    const { scale, offset } = built(this, this.affine);
    return normalize(x, Math.max(1, x.shape.at(-1) ?? 1), { epsilon: this.epsilon, scale: scale?.value, offset: offset?.value });
  }

  children(): [string, Parameter][] {
    return parametersPresent(built(this, this.affine));
  }

  describe(): LayerCall {
    const { type: layer, epsilon, options } = this;
    return { layer, arguments: [{ epsilon, ...options }] };
  }
}

printsAsModel(InstanceNorm, 'InstanceNorm');

/**
 * Instance normalisation: `instanceNorm()`, for images whose style should not matter. Ulyanov, Vedaldi, Lempitsky 2016.
 * @throws SinapseError when an option is out of range
 */
export function instanceNorm(options: InstanceNormLayerOptions = {}): InstanceNorm {
  checkOptions('instanceNorm', options, INSTANCE_NORM);
  return new InstanceNorm(options);
}
