// Pooling.

import { adaptiveAvgPool1d } from '../adaptive-avg-pool1d.ts';
import { adaptiveAvgPool2d } from '../adaptive-avg-pool2d.ts';
import { adaptiveAvgPool3d } from '../adaptive-avg-pool3d.ts';
import { adaptiveMaxPool1d } from '../adaptive-max-pool1d.ts';
import { adaptiveMaxPool2d } from '../adaptive-max-pool2d.ts';
import { adaptiveMaxPool3d } from '../adaptive-max-pool3d.ts';
import { avgPool1d } from '../avg-pool1d.ts';
import { avgPool2d } from '../avg-pool2d.ts';
import { avgPool3d } from '../avg-pool3d.ts';
import { globalAvgPool1d } from '../global-avg-pool1d.ts';
import { globalAvgPool2d } from '../global-avg-pool2d.ts';
import { globalAvgPool3d } from '../global-avg-pool3d.ts';
import { globalMaxPool1d } from '../global-max-pool1d.ts';
import { globalMaxPool2d } from '../global-max-pool2d.ts';
import { globalMaxPool3d } from '../global-max-pool3d.ts';
import { maxPool1d } from '../max-pool1d.ts';
import { maxPool2d } from '../max-pool2d.ts';
import { maxPool3d } from '../max-pool3d.ts';
import { positions } from './convolution.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

const windows = [
  ['maxPool1d', 1, maxPool1d],
  ['avgPool1d', 1, avgPool1d],
  ['maxPool2d', 2, maxPool2d],
  ['avgPool2d', 2, avgPool2d],
  ['maxPool3d', 3, maxPool3d],
  ['avgPool3d', 3, avgPool3d],
] as const;

const wholes = [
  ['globalAvgPool1d', 1, globalAvgPool1d],
  ['globalMaxPool1d', 1, globalMaxPool1d],
  ['globalAvgPool2d', 2, globalAvgPool2d],
  ['globalMaxPool2d', 2, globalMaxPool2d],
  ['globalAvgPool3d', 3, globalAvgPool3d],
  ['globalMaxPool3d', 3, globalMaxPool3d],
] as const;

const bins = [
  ['adaptiveAvgPool1d', 1, adaptiveAvgPool1d],
  ['adaptiveMaxPool1d', 1, adaptiveMaxPool1d],
  ['adaptiveAvgPool2d', 2, adaptiveAvgPool2d],
  ['adaptiveMaxPool2d', 2, adaptiveMaxPool2d],
  ['adaptiveAvgPool3d', 3, adaptiveAvgPool3d],
  ['adaptiveMaxPool3d', 3, adaptiveMaxPool3d],
] as const;

/** Lengths for so many spatial axes, few enough elements to differentiate each. */
const lengthsOf = (dimensions: number): number[] => (dimensions === 3 ? [4, 3, 3] : [5, 4].slice(0, dimensions));

export const poolingCases: readonly LayerCase[] = [
  ...windows.flatMap(([name, dimensions, pool]) => [
    layerCase(name, (random) => {
      const [window, strides, channels] = [random.integer(1, 3), random.integer(1, 2), random.integer(1, 2)];
      const lengths = lengthsOf(dimensions);
      const output = lengths.map((length) => positions(length, window, strides));
      return { layer: pool({ window, strides }), inputShape: [...lengths, channels], outputShape: [...output, channels] };
    }),
    layerCase(`${name}, padded`, (random) => {
      const strides = random.integer(1, 3);
      const lengths = lengthsOf(dimensions);
      const output = lengths.map((length) => Math.ceil(length / strides));
      return { layer: pool({ window: 3, strides, padding: 'same' }), inputShape: [...lengths, 1], outputShape: [...output, 1] };
    }),
  ]),
  ...wholes.map(([name, dimensions, pool]) =>
    layerCase(name, (random) => {
      const channels = random.integer(1, 3);
      return { layer: pool(), inputShape: [...random.lengths(dimensions), channels], outputShape: [channels] };
    }),
  ),
  ...bins.map(([name, dimensions, pool]) =>
    layerCase(name, (random) => {
      const [outputSize, channels] = [random.integer(1, 5), random.integer(1, 2)];
      const output = Array.from({ length: dimensions }, () => outputSize);
      return { layer: pool({ outputSize }), inputShape: [...random.lengths(dimensions), channels], outputShape: [...output, channels] };
    }),
  ),
];
