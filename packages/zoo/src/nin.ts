// Network in network: Lin, Chen, Yan: "Network in network", ICLR 2014 (arXiv 1312.4400).

import type { Sequential, SequentialEntry } from '@sinapse/layers';
import { avgPool2d, conv2d, dropout, globalAvgPool2d, initializers, maxPool2d, sequential } from '@sinapse/layers';
import type { ModelEntry } from './model-entry.ts';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from './image-classifier.ts';
import { CIFAR, completeOptions, imageNetworkChecks, widened } from './image-classifier.ts';

function completeNinOptions(given: unknown): CompleteImageNetworkOptions {
  return completeOptions('nin', given, imageNetworkChecks([8, 8, 1]), CIFAR);
}

/**
 * Network in network for CIFAR-10: 966,986 parameters for 10 classes. Each convolution is followed by two of 1 by 1, a small perceptron that slides over
 * the maps. The last of them gives one map for each class, whose mean is its score: there is no dense layer. The sizes are those of the authors' published
 * network. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. The paper
 * normalises contrast, whitens, and trains with batches of 128, and learning rates that fall when the error stops falling.
 * @throws SinapseError when an option is unknown or out of range
 */
export function nin(options: ImageNetworkOptions = {}): Sequential {
  const complete = completeNinOptions(options);
  const { classes, width } = complete;
  const { heNormal: kernelInitializer } = initializers;
  /** A convolution and two of 1 by 1: "mlpconv". */
  const perceptron = (block: number, kernelSize: number, ...filters: number[]): SequentialEntry[] =>
    filters.map((count, i): SequentialEntry => [
      `conv${block}_${i + 1}`,
      conv2d({
        filters: block === 3 && i === 2 ? classes : widened(count, width),
        kernelSize: i === 0 ? kernelSize : 1,
        padding: i === 0 ? (kernelSize - 1) / 2 : 0,
        activation: 'relu',
        kernelInitializer,
      }),
    ]);
  // Windows at the lower and right border may reach over it, so that 32 pixels become 16.
  const pooling = { window: 3, strides: 2, padding: [[0, 1], [0, 1]] } as const; // prettier-ignore
  return sequential(
    [
      ...perceptron(1, 5, 192, 160, 96),
      ['pool1', maxPool2d(pooling)],
      ['dropout1', dropout({ rate: 0.5 })],
      ...perceptron(2, 5, 192, 192, 192),
      ['pool2', avgPool2d(pooling)],
      ['dropout2', dropout({ rate: 0.5 })],
      ...perceptron(3, 3, 192, 192, classes),
      ['pool3', globalAvgPool2d()],
    ],
    { madeBy: { layer: 'nin', arguments: [complete] } },
  );
}

export const ninEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'nin',
  title: 'Network in network',
  year: 2013,
  paper: { citation: 'Lin, Chen, Yan: Network in network. ICLR 2014', url: 'https://arxiv.org/abs/1312.4400' },
  complete: completeNinOptions,
  make: nin,
  figures: {
    parameters: 966_986,
    multiplyAdds: 222_486_528,
    top1: 91.19,
    source: 'CIFAR-10, images moved and mirrored; table 1 of the paper',
  },
};
