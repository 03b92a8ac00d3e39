// Normalisation.

import { batchNorm } from '../batch-norm.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

export const normalisationCases: readonly LayerCase[] = [
  layerCase('batchNorm', (random) => {
    const shape = [...random.lengths(random.integer(0, 2)), random.integer(2, 4)];
    const layer = batchNorm({ momentum: random.number(0, 0.9), epsilon: random.number(1e-3, 0.1), activation: random.activation() });
    return { layer, inputShape: shape, outputShape: shape };
  }),
];
