// MobileNet: Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam: "MobileNets: efficient convolutional neural networks for mobile vision
// applications", 2017 (arXiv 1704.04861), table 1.

import type { ConvNorm, Sequential, SequentialEntry } from '@sinapse/layers';
import { convNorm, dense, dropout, globalAvgPool2d, initializers, sequential } from '@sinapse/layers';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks, widened } from '../image-classifier.ts';
import type { ModelEntry } from '../model-entry.ts';

/** The channels of the first convolution. */
const FIRST = 32;

/** The strides of each depthwise convolution, and the channels of the convolution of 1 by 1 after it. */
const SEPARABLE = [
  [1, 64],
  [2, 128],
  [1, 128],
  [2, 256],
  [1, 256],
  [2, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [2, 1024],
  [1, 1024],
] as const;

const CHECKS = imageNetworkChecks([32, 32, 1]);

const kernelInitializer = initializers.heNormal;

function complete(given: unknown): CompleteImageNetworkOptions {
  return completeOptions('mobilenetv1', given, CHECKS, IMAGENET);
}

/** A convolution with normalisation and relu6, which the authors' code has in place of the paper's relu, and the epsilon of that code. */
function convolution(filters: number, kernelSize: number, strides: number, groups = 1): ConvNorm {
  return convNorm({ filters, kernelSize, strides, groups, padding: 'same', activation: 'relu6', epsilon: 1e-3, kernelInitializer });
}

/**
 * MobileNet, version 1: 4,231,976 parameters for 1000 classes. Each of its 13 separable convolutions filters every channel by itself, and then mixes the
 * channels. `width` is the paper's width multiplier α, the size of `inputShape` its resolution multiplier. `model.build(inputShape, seed)` makes the
 * parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]`, usually from -1 to 1, and returns logits `[batch, classes]`, for
 * `softmaxCrossEntropy`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function mobilenetv1(options: ImageNetworkOptions = {}): Sequential {
  const completed = complete(options);
  const { classes, width } = completed;
  let channels = widened(FIRST, width);
  return sequential(
    [
      ['conv1', convolution(channels, 3, 2)],
      ...SEPARABLE.flatMap(([strides, filters], i): SequentialEntry[] => {
        const depthwise = convolution(channels, 3, strides, channels);
        channels = widened(filters, width);
        return [
          [`depthwise${i + 2}`, depthwise],
          [`pointwise${i + 2}`, convolution(channels, 1, 1)],
        ];
      }),
      ['pool', globalAvgPool2d()],
      ['dropout', dropout({ rate: 0.001 })],
      ['classifier', dense({ units: classes })],
    ],
    { madeBy: { layer: 'mobilenetv1', arguments: [completed] } },
  );
}

export const mobilenetv1Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'mobilenetv1',
  title: 'MobileNet V1',
  year: 2017,
  paper: {
    citation:
      'Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam: MobileNets: efficient convolutional neural networks for mobile vision applications. 2017',
    url: 'https://arxiv.org/abs/1704.04861',
  },
  complete,
  make: mobilenetv1,
  figures: { parameters: 4_231_976, multiplyAdds: 568_740_352, top1: 70.6, source: 'ImageNet validation; table 8 of the paper' },
};
