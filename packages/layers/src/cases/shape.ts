// Layers that arrange values anew.

import { flatten } from '../flatten.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

export const shapeCases: readonly LayerCase[] = [
  layerCase('flatten', (random) => {
    const shape = random.lengths(random.integer(1, 3));
    return { layer: flatten(), inputShape: shape, outputShape: [shape.reduce((a, b) => a * b, 1)] };
  }),
];
