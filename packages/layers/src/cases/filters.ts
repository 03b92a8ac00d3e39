// Convolutions of sequences and volumes, transposed, depthwise and separable ones.

import { conv1d } from '../conv1d.ts';
import { conv1dTranspose } from '../conv1d-transpose.ts';
import { conv2dTranspose } from '../conv2d-transpose.ts';
import { conv3d } from '../conv3d.ts';
import { conv3dTranspose } from '../conv3d-transpose.ts';
import { depthwiseConv2d } from '../depthwise-conv2d.ts';
import { normal } from '../initializers/distributions.ts';
import { separableConv1d } from '../separable-conv1d.ts';
import { separableConv2d } from '../separable-conv2d.ts';
import { positions } from './convolution.ts';
import type { Draws, LayerCase } from './layer-case.ts';
import { layerCase } from './layer-case.ts';

const biasInitializer = normal({ deviation: 0.5 });

/** Options that every layer with filters takes, with all sides of a window alike. */
function drawn(random: Draws) {
  const [kernelSize, strides, dilation] = [random.integer(1, 3), random.integer(1, 2), random.integer(1, 2)];
  return {
    options: { kernelSize, strides, dilation, activation: random.activation(), useBias: random.flag(), biasInitializer },
    span: dilation * (kernelSize - 1) + 1,
  };
}

const transposed = [
  ['conv1dTranspose', 1, conv1dTranspose],
  ['conv2dTranspose', 2, conv2dTranspose],
  ['conv3dTranspose', 3, conv3dTranspose],
] as const;

export const filterCases: readonly LayerCase[] = [
  layerCase('conv1d', (random) => {
    const { options, span } = drawn(random);
    const [groups, length] = [random.integer(1, 2), random.integer(5, 6)];
    return {
      layer: conv1d({ ...options, groups, filters: 2 * groups }),
      inputShape: [length, 2 * groups],
      outputShape: [positions(length, span, options.strides), 2 * groups],
    };
  }),
  layerCase('conv1d, causal', (random) => {
    const { options } = drawn(random);
    return {
      layer: conv1d({ ...options, filters: 2, padding: 'causal' }),
      inputShape: [5, 2],
      outputShape: [Math.ceil(5 / options.strides), 2],
    };
  }),
  layerCase('conv3d', (random) => {
    const [depth, stride, groups] = [random.integer(1, 2), random.integer(1, 2), random.integer(1, 2)];
    return {
      layer: conv3d({ filters: groups, kernelSize: [depth, 2, 1], strides: [1, stride, 1], groups, activation: 'tanh', biasInitializer }),
      inputShape: [3, 3, 2, groups],
      outputShape: [positions(3, depth, 1), positions(3, 2, stride), 2, groups],
    };
  }),
  layerCase('conv3d, padded', (random) => {
    const [strides, dilation] = [random.integer(1, 2), random.integer(1, 2)];
    return {
      layer: conv3d({ filters: 1, kernelSize: 2, strides, dilation, padding: 'same', useBias: random.flag() }),
      inputShape: [2, 3, 2, 1],
      outputShape: [...[2, 3, 2].map((length) => Math.ceil(length / strides)), 1],
    };
  }),
  ...transposed.flatMap(([name, dimensions, make]) => {
    const lengths = [3, 2, 2].slice(0, dimensions);
    return [
      layerCase(name, (random) => {
        const [groups, strides, dilation] = [random.integer(1, 2), random.integer(1, 2), random.integer(1, 2)];
        const [outputPadding, padding] = [random.integer(0, strides - 1), random.integer(0, 1)];
        const options = { filters: groups, kernelSize: 2, strides, dilation, groups, outputPadding, padding, biasInitializer };
        const output = lengths.map((length) => (length - 1) * strides + dilation + 1 + outputPadding - 2 * padding);
        return { layer: make(options), inputShape: [...lengths, groups], outputShape: [...output, groups] };
      }),
      layerCase(`${name}, padded`, (random) => {
        const strides = random.integer(1, 3);
        const options = { filters: 1, kernelSize: 2, strides, padding: 'same', activation: 'tanh', useBias: random.flag() } as const;
        return { layer: make(options), inputShape: [...lengths, 2], outputShape: [...lengths.map((length) => length * strides), 1] };
      }),
    ];
  }),
  layerCase('depthwiseConv2d', (random) => {
    const { options, span } = drawn(random);
    const [depthMultiplier, channels] = [random.integer(1, 2), random.integer(1, 3)];
    return {
      layer: depthwiseConv2d({ ...options, depthMultiplier }),
      inputShape: [5, 6, channels],
      outputShape: [positions(5, span, options.strides), positions(6, span, options.strides), channels * depthMultiplier],
    };
  }),
  layerCase('separableConv1d', (random) => {
    const { options, span } = drawn(random);
    return {
      layer: separableConv1d({ ...options, filters: 2, depthMultiplier: random.integer(1, 2) }),
      inputShape: [6, 3],
      outputShape: [positions(6, span, options.strides), 2],
    };
  }),
  layerCase('separableConv2d', (random) => {
    const { options } = drawn(random);
    return {
      layer: separableConv2d({ ...options, filters: 2, padding: 'same' }),
      inputShape: [4, 3, 2],
      outputShape: [Math.ceil(4 / options.strides), Math.ceil(3 / options.strides), 2],
    };
  }),
];
