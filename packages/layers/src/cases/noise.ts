// Layers that draw random numbers in training.

import { dropout } from '../dropout.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

export const noiseCases: readonly LayerCase[] = [
  layerCase('dropout', (random) => {
    const shape = random.lengths(random.integer(1, 3));
    return { layer: dropout({ rate: random.number(0, 0.9) }), inputShape: shape, outputShape: shape };
  }),
];
