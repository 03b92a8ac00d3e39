import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks, RandomStream } from '@sinapse/core';
import { exponential } from '../../maths/elementary.ts';
import type { Transform } from './picture.ts';
import { warp } from './resample.ts';

export interface ElasticOptions {
  /** Strength of the displacement, in pixels. @default 34 */
  readonly alpha?: number;
  /** Smoothness: standard deviation of the Gaussian, in pixels, above 0, at most 100. @default 4 */
  readonly sigma?: number;
  /** The byte outside the image. @default 0 */
  readonly fill?: number;
}

const ELASTIC: OptionChecks<ElasticOptions> = {
  alpha: check.notNegative,
  sigma: { expected: 'a number > 0, at most 100', accepts: (value) => typeof value === 'number' && value > 0 && value <= 100 },
  fill: check.integer(0, 255),
};

/**
 * Elastic distortion (Simard et al. 2003): each pixel is displaced by a random field, uniform in [-1, 1], smoothed by a Gaussian and times
 * `alpha`. The defaults are the paper's for MNIST.
 * @throws SinapseError when an option is out of range
 */
export function elastic(options: ElasticOptions = {}): Transform {
  checkOptions('elastic', options, ELASTIC);
  const { alpha = 34, sigma = 4, fill = 0 } = options;
  const kernel = gaussian(sigma);
  return (picture, random) => {
    const { height, width } = picture;
    const across = smooth(field(height * width, random), height, width, kernel);
    const down = smooth(field(height * width, random), height, width, kernel);
    return warp(
      picture,
      height,
      width,
      (x, y, at) => {
        const place = Math.floor(y) * width + Math.floor(x);
        at[0] = x + alpha * across[place]!;
        at[1] = y + alpha * down[place]!;
      },
      fill,
    );
  };
}

function field(size: number, random: RandomStream): Float64Array {
  return Float64Array.from({ length: size }, () => 2 * random.uniform() - 1);
}

/** The weights of a Gaussian within three standard deviations; their sum is 1. */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => exponential(-((i - reach) * (i - reach)) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** A separable convolution; outside the image lies 0. */
function smooth(values: Float64Array, height: number, width: number, kernel: Float64Array): Float64Array {
  const reach = (kernel.length - 1) / 2;
  const pass = (from: Float64Array, count: number, length: number, step: number, stride: number): Float64Array => {
    const out = new Float64Array(from.length);
    for (let line = 0; line < count; line++)
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = Math.max(-reach, -i); k <= Math.min(reach, length - 1 - i); k++)
          sum += kernel[k + reach]! * from[line * stride + (i + k) * step]!;
        out[line * stride + i * step] = sum;
      }
    return out;
  };
  return pass(pass(values, height, width, 1, width), width, height, width, 1);
}
