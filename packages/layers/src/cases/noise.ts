// Layers that draw random numbers in training.

import { alphaDropout } from '../alpha-dropout.ts';
import { dropout } from '../dropout.ts';
import { gaussianDropout } from '../gaussian-dropout.ts';
import { gaussianNoise } from '../gaussian-noise.ts';
import { spatialDropout1d, spatialDropout2d, spatialDropout3d } from '../spatial-dropout.ts';
import { stochasticDepth } from '../stochastic-depth.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

const DROPOUTS = { dropout, alphaDropout, gaussianDropout, stochasticDepth } as const;
const SPATIAL = { spatialDropout1d, spatialDropout2d, spatialDropout3d } as const;

export const noiseCases: readonly LayerCase[] = [
  ...Object.entries(DROPOUTS).map(([name, make]) =>
    layerCase(name, (random) => {
      const shape = random.lengths(random.integer(1, 3));
      return { layer: make({ rate: random.number(0, 0.9) }), inputShape: shape, outputShape: shape };
    }),
  ),
  ...Object.entries(SPATIAL).map(([name, make], i) =>
    layerCase(name, (random) => {
      const shape = random.lengths(i + 2);
      return { layer: make({ rate: random.number(0, 0.9) }), inputShape: shape, outputShape: shape };
    }),
  ),
  layerCase('gaussianNoise', (random) => {
    const shape = random.lengths(random.integer(1, 3));
    return { layer: gaussianNoise({ deviation: random.number(0, 2) }), inputShape: shape, outputShape: shape };
  }),
];
