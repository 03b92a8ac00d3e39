// Gaussian noise: adds random numbers in training, so that a network does not rely on exact values.

import type { Context, LayerCall, OptionChecks, Shape, Tensor } from '@sinapse/core';
import { add, check, checkOptions, randomNormal, withBackend } from '@sinapse/core';
import { checkInput, outputShapeOf } from './build.ts';
import type { Layer } from './layer.ts';
import { printsAsModel } from './print.ts';

export interface GaussianNoiseOptions {
  /** The standard deviation of the noise, >= 0. */
  readonly deviation: number;
}

const GAUSSIAN_NOISE: OptionChecks<GaussianNoiseOptions> = { deviation: check.required(check.notNegative) };

export class GaussianNoise implements Layer {
  readonly type = 'gaussianNoise';
  readonly deviation: number;

  constructor({ deviation }: GaussianNoiseOptions) {
    this.deviation = deviation;
  }

  build(inputShape: Shape): Shape {
    return outputShapeOf(this, inputShape);
  }

  /**
   * In training, adds to each element a number of the normal distribution with mean 0. Otherwise, returns x.
   * @param x float32, any shape
   * @throws SinapseError in training, when the context has no seed
   */
  call(x: Tensor, context?: Context): Tensor {
    checkInput(this, x);
    const { deviation } = this;
    if (context?.training !== true || deviation === 0) return x.alias();
    const { key } = context;
    return add(x, withBackend(x.backend, () => randomNormal(x.shape, { seed: key, deviation }))); // prettier-ignore
  }

  describe(): LayerCall {
    const { type: layer, deviation } = this;
    return { layer, arguments: [{ deviation }] };
  }
}

printsAsModel(GaussianNoise, 'GaussianNoise');

/**
 * Adds noise in training: `gaussianNoise({ deviation: 0.1 })`. Holmström, Koistinen 1992; Bishop 1995 ("Training with noise is equivalent to
 * Tikhonov regularization").
 * @throws SinapseError when the deviation is out of range
 */
export function gaussianNoise(options: GaussianNoiseOptions): GaussianNoise {
  checkOptions('gaussianNoise', options, GAUSSIAN_NOISE);
  return new GaussianNoise(options);
}
