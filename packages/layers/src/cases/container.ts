// Layers that hold layers.

import { conv2d } from '../conv2d.ts';
import { convNorm } from '../conv-norm.ts';
import { dense } from '../dense.ts';
import { dropout } from '../dropout.ts';
import { flatten } from '../flatten.ts';
import { identityShortcut } from '../identity-shortcut.ts';
import { maxPool2d } from '../max-pool2d.ts';
import { residual } from '../residual.ts';
import { sequential } from '../sequential.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

export const containerCases: readonly LayerCase[] = [
  layerCase('sequential', (random) => {
    const units = random.integer(1, 3);
    const layers = [conv2d({ filters: 2, kernelSize: 2, activation: 'tanh' }), maxPool2d(), flatten(), dropout({ rate: 0.2 })];
    return { layer: sequential([...layers, ['last', dense({ units })]]), inputShape: [4, 5, 2], outputShape: [units] };
  }),
  layerCase('residual', (random) => ({
    layer: residual([dense({ units: 3, activation: 'tanh' }), dense({ units: 3 })], { activation: random.activation() }),
    inputShape: [3],
    outputShape: [3],
  })),
  layerCase('residual, with a shortcut', (random) => {
    const strides = random.integer(1, 2);
    const layers = [
      convNorm({ filters: 3, kernelSize: 3, strides, padding: 1, activation: 'sigmoid' }),
      convNorm({ filters: 4, kernelSize: 3, padding: 1 }),
    ];
    return {
      layer: residual(layers, { activation: 'tanh', shortcut: identityShortcut({ filters: 4, strides }) }),
      inputShape: [4, 4, 2],
      outputShape: [4 / strides, 4 / strides, 4],
    };
  }),
];
