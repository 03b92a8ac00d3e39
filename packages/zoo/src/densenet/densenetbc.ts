// DenseNet-BC for small images: Huang, Liu, van der Maaten, Weinberger: "Densely connected convolutional networks", CVPR 2017 (arXiv 1608.06993),
// sections 3 and 4.

import type { OptionChecks } from '@sinapse/core';
import { check } from '@sinapse/core';
import type { Sequential } from '@sinapse/layers';
import { conv2d, dense, globalAvgPool2d, sequential } from '@sinapse/layers';
import type { ImageNetworkOptions } from '../image-classifier.ts';
import { CIFAR, completeOptions, imageNetworkChecks } from '../image-classifier.ts';
import type { ModelEntry } from '../model-entry.ts';
import { denseBlocks, kernelInitializer } from './blocks.ts';

export interface DensenetbcOptions extends Omit<ImageNetworkOptions, 'width'> {
  /** The number of layers with weights, the paper's L: 6 n + 4, from 10 to 400. Default 100. */
  readonly depth?: number;
  /** The channels that each layer of a dense block adds, the paper's k, from 1 to 128. Default 12. */
  readonly growth?: number;
}

export type CompleteDensenetbcOptions = Required<DensenetbcOptions>;

const { width: _, ...COMMON } = imageNetworkChecks([8, 8, 1], [512, 512, 16]);
const { width: __, ...DEFAULTS } = CIFAR;

const CHECKS: OptionChecks<DensenetbcOptions> = {
  ...COMMON,
  depth: {
    expected: 'an integer 6 n + 4 from 10 to 400',
    accepts: (value) => check.integer(10, 400).accepts(value) && (value as number) % 6 === 4,
  },
  growth: check.integer(1, 128),
};

/** The number of dense blocks. */
const BLOCKS = 3;

function complete(given: unknown): CompleteDensenetbcOptions {
  return completeOptions('densenetbc', given, CHECKS, { ...DEFAULTS, depth: 100, growth: 12 });
}

/**
 * DenseNet-BC, the paper's network for CIFAR-10 with bottlenecks and compression: 769,162 parameters for L = 100 and k = 12. The paper also has
 * L = 250, k = 24 and L = 190, k = 40. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. The paper
 * normalises channels, pads by 4 pixels, crops and mirrors at random, and trains 300 epochs with batches of 64, weight decay 0.0001, Nesterov momentum
 * 0.9 and a learning rate of 0.1 that is divided by 10 after 150 and 225 epochs. Its error is 4.51 %.
 * @throws SinapseError when an option is unknown or out of range
 */
export function densenetbc(options: DensenetbcOptions = {}): Sequential {
  const completed = complete(options);
  const { growth, depth, classes } = completed;
  const layers = (depth - 4) / (2 * BLOCKS); // each has two convolutions
  return sequential(
    [
      ['conv0', conv2d({ filters: 2 * growth, kernelSize: 3, padding: 1, useBias: false, kernelInitializer })],
      ...denseBlocks(
        2 * growth,
        growth,
        Array.from({ length: BLOCKS }, () => layers),
      ),
      ['pool', globalAvgPool2d()],
      ['classifier', dense({ units: classes, kernelInitializer })],
    ],
    { madeBy: { layer: 'densenetbc', arguments: [completed] } },
  );
}

export const densenetbcEntry: ModelEntry<CompleteDensenetbcOptions, Sequential> = {
  name: 'densenetbc',
  title: 'DenseNet-BC (L = 100, k = 12)',
  year: 2016,
  paper: {
    citation: 'Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks. CVPR 2017',
    url: 'https://arxiv.org/abs/1608.06993',
  },
  complete,
  make: densenetbc,
  figures: { parameters: 769_162, multiplyAdds: 287_929_692, top1: 95.49, source: 'CIFAR-10, augmented; table 2 of the paper' },
};
