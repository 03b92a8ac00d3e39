// Convolutions.

import { conv2d } from '../conv2d.ts';
import { convNorm } from '../conv-norm.ts';
import { identityShortcut } from '../identity-shortcut.ts';
import { normal } from '../initializers/distributions.ts';
import type { LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

const biasInitializer = normal({ deviation: 0.5 });

/** The number of positions of a window along an axis without padding. */
export const positions = (length: number, span: number, stride: number): number => Math.floor((length - span) / stride) + 1;

export const convolutionCases: readonly LayerCase[] = [
  layerCase('conv2d', (random) => {
    const [filters, kernel, stride] = [random.integer(1, 3), random.integer(1, 3), random.integer(1, 2)];
    const [height, width, channels] = [random.integer(3, 5), random.integer(3, 5), random.integer(1, 3)];
    const options = { filters, kernelSize: kernel, strides: stride, activation: random.activation(), useBias: random.flag() };
    return {
      layer: conv2d({ ...options, biasInitializer }),
      inputShape: [height, width, channels],
      outputShape: [positions(height, kernel, stride), positions(width, kernel, stride), filters],
    };
  }),
  layerCase('conv2d, grouped and dilated', (random) => {
    const [groups, dilation] = [random.integer(1, 2), random.integer(1, 2)];
    const span = dilation + 1;
    return {
      layer: conv2d({ filters: 2 * groups, kernelSize: [2, 1], groups, dilation, activation: 'sigmoid', biasInitializer }),
      inputShape: [5, 4, 2 * groups],
      outputShape: [positions(5, span, 1), 4, 2 * groups],
    };
  }),
  layerCase('conv2d, padded', (random) => {
    const stride = random.integer(1, 2);
    const [height, width] = [random.integer(3, 5), random.integer(3, 5)];
    return {
      layer: conv2d({ filters: 2, kernelSize: 3, strides: stride, padding: 'same', biasInitializer }),
      inputShape: [height, width, 2],
      outputShape: [Math.ceil(height / stride), Math.ceil(width / stride), 2],
    };
  }),
  layerCase('convNorm', (random) => {
    const filters = random.integer(1, 3);
    const kernelSize = random.pick([1, 3]);
    return {
      layer: convNorm({ filters, kernelSize, activation: random.activation(), padding: 'same' }),
      inputShape: [4, 3, 2],
      outputShape: [4, 3, filters],
    };
  }),
  layerCase('identityShortcut', (random) => {
    const [strides, filters] = [random.integer(1, 2), random.integer(3, 5)];
    return {
      layer: identityShortcut({ filters, strides }),
      inputShape: [5, 4, 3],
      outputShape: [Math.ceil(5 / strides), 4 / strides, filters],
    };
  }),
];
