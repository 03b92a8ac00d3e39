// Penalties.

import { activityRegularization } from '../activity-regularization.ts';
import { dense } from '../dense.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

export const regularisationCases: readonly LayerCase[] = [
  layerCase('activityRegularization', (random) => {
    const shape = random.lengths(random.integer(1, 2));
    return { layer: activityRegularization({ l1: random.number(0, 1), l2: 0.1 }), inputShape: shape, outputShape: shape };
  }),
  layerCase('dense, with penalties and constraints', (random) => ({
    layer: dense({
      units: 2,
      kernelRegularizer: { l1: random.number(0, 1), l2: random.number(0, 1) },
      biasRegularizer: { l2: 0.1 },
      activityRegularizer: { l1: 0.1 },
      kernelConstraint: random.pick(['nonNegative', { name: 'maxNorm', limit: 1, axis: 0 }, { name: 'unitNorm' }] as const),
      biasConstraint: 'maxNorm',
    }),
    inputShape: [3],
    outputShape: [2],
  })),
];
