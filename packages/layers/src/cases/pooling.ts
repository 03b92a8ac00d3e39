// Pooling.

import { avgPool2d } from '../avg-pool2d.ts';
import { globalAvgPool2d } from '../global-avg-pool2d.ts';
import { maxPool2d } from '../max-pool2d.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

const windows = [
  ['maxPool2d', maxPool2d],
  ['avgPool2d', avgPool2d],
] as const;

export const poolingCases: readonly LayerCase[] = [
  ...windows.flatMap(([name, pool]) => [
    layerCase(name, (random) => {
      const [window, strides, channels] = [random.integer(1, 3), random.integer(1, 2), random.integer(1, 3)];
      const length = Math.floor((5 - window) / strides) + 1;
      return { layer: pool({ window, strides }), inputShape: [5, 5, channels], outputShape: [length, length, channels] };
    }),
    layerCase(`${name}, padded`, (random) => {
      const strides = random.integer(1, 3);
      return {
        layer: pool({ window: 3, strides, padding: 'same' }),
        inputShape: [5, 4, 2],
        outputShape: [Math.ceil(5 / strides), Math.ceil(4 / strides), 2],
      };
    }),
  ]),
  layerCase('globalAvgPool2d', (random) => {
    const channels = random.integer(1, 4);
    return { layer: globalAvgPool2d(), inputShape: [random.integer(1, 4), 3, channels], outputShape: [channels] };
  }),
];
