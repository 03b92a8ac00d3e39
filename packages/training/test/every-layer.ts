// Every layer of the framework once, for tests of model files.

import type { Shape } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import {
  activation,
  avgPool2d,
  batchNorm,
  conv2d,
  convNorm,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  identityShortcut,
  initializers,
  maxPool2d,
  residual,
  sequential,
} from '@sinapse/layers';

/** The shape that all of them take. */
export const image: Shape = [8, 8, 2];
/** Every layer, with options that are not the defaults. */
export const everyLayer: [string, () => Layer][] = [
  ['activation', () => activation({ name: 'leakyRelu', alpha: 0.3 })],
  ['avgPool2d', () => avgPool2d({ window: [2, 3], strides: 1, padding: 'same', includePadding: true })],
  ['batchNorm', () => batchNorm({ momentum: 0.5, epsilon: 0.1, activation: 'relu' })],
  [
    'convNorm',
    () =>
      convNorm({
        filters: 3,
        kernelSize: 3,
        useBias: true,
        padding: [
          [1, 0],
          [2, 0],
        ],
        epsilon: 0.2,
        activation: 'tanh',
      }),
  ],
  ['conv2d', () => conv2d({ filters: 4, kernelSize: [2, 3], strides: 2, dilation: [1, 2], groups: 2, useBias: false, activation: 'elu' })],
  ['dense', () => dense({ units: 6, useBias: false, activation: { name: 'maxout', pieces: 3 }, kernelInitializer: initializers.ones })],
  ['dropout', () => dropout({ rate: 0.25 })],
  ['flatten', () => flatten()],
  ['globalAvgPool2d', () => globalAvgPool2d()],
  ['identityShortcut', () => identityShortcut({ filters: 5, strides: 2 })],
  ['maxPool2d', () => maxPool2d({ window: 3, strides: [1, 2], padding: 1 })],
  [
    'residual',
    () =>
      residual([conv2d({ filters: 3, kernelSize: 1 }), ['norm', batchNorm()]], {
        shortcut: sequential([['projection', conv2d({ filters: 3, kernelSize: 1 })], dropout({ rate: 0.5 })]),
        activation: 'relu',
      }),
  ],
  ['sequential', () => sequential([flatten(), ['hidden', dense({ units: 3, activation: 'softmax' })], sequential([dense({ units: 2 })])])],
];
