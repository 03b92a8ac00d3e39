// AlexNet as torchvision has it: Krizhevsky: "One weird trick for parallelizing convolutional neural networks", 2014 (arXiv 1404.5997).

import type { Sequential } from '@sinapse/layers';
import { adaptiveAvgPool2d, conv2d, dense, dropout, flatten, initializers, maxPool2d, sequential } from '@sinapse/layers';
import type { ModelEntry } from '../model-entry.ts';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks, widened } from '../image-classifier.ts';

function completeAlexnetTorchvisionOptions(given: unknown): CompleteImageNetworkOptions {
  return completeOptions('alexnet_torchvision', given, imageNetworkChecks([63, 63, 1]), IMAGENET);
}

/**
 * AlexNet in one tower, as torchvision has it: 61,100,840 parameters for 1000 classes. It has no groups and no normalisation, fewer filters, and the last
 * maps are averaged to 6 by 6, so that images of any size fit. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. Published weights
 * take RGB from 0 to 1, less [0.485, 0.456, 0.406], divided by [0.229, 0.224, 0.225].
 * @throws SinapseError when an option is unknown or out of range
 */
export function alexnet_torchvision(options: ImageNetworkOptions = {}): Sequential {
  const complete = completeAlexnetTorchvisionOptions(options);
  const { classes, width } = complete;
  const { heUniform: kernelInitializer } = initializers;
  const convolution = (filters: number, kernelSize: number, padding: number) => ({
    filters: widened(filters, width),
    kernelSize,
    padding,
    activation: 'relu' as const,
    kernelInitializer,
  });
  const hidden = { units: widened(4096, width), activation: 'relu' as const, kernelInitializer };
  return sequential(
    [
      ['conv1', conv2d({ ...convolution(64, 11, 2), strides: 4 })],
      ['pool1', maxPool2d({ window: 3, strides: 2 })],
      ['conv2', conv2d(convolution(192, 5, 2))],
      ['pool2', maxPool2d({ window: 3, strides: 2 })],
      ['conv3', conv2d(convolution(384, 3, 1))],
      ['conv4', conv2d(convolution(256, 3, 1))],
      ['conv5', conv2d(convolution(256, 3, 1))],
      ['pool5', maxPool2d({ window: 3, strides: 2 })],
      ['average', adaptiveAvgPool2d({ outputSize: 6 })],
      ['flatten', flatten()],
      ['dropout6', dropout({ rate: 0.5 })],
      ['fc6', dense(hidden)],
      ['dropout7', dropout({ rate: 0.5 })],
      ['fc7', dense(hidden)],
      ['fc8', dense({ units: classes })],
    ],
    { madeBy: { layer: 'alexnet_torchvision', arguments: [complete] } },
  );
}

/** torchvision's names of the layers. */
const MODULES: Readonly<Record<string, string>> = {
  conv1: 'features.0',
  conv2: 'features.3',
  conv3: 'features.6',
  conv4: 'features.8',
  conv5: 'features.10',
  fc6: 'classifier.1',
  fc7: 'classifier.4',
  fc8: 'classifier.6',
};

export const alexnet_torchvisionEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'alexnet_torchvision',
  title: 'AlexNet, one tower (torchvision)',
  year: 2014,
  paper: {
    citation: 'Krizhevsky: One weird trick for parallelizing convolutional neural networks. 2014',
    url: 'https://arxiv.org/abs/1404.5997',
  },
  complete: completeAlexnetTorchvisionOptions,
  make: alexnet_torchvision,
  figures: {
    parameters: 61_100_840,
    multiplyAdds: 714_188_480,
    top1: 56.522,
    top5: 79.066,
    source: 'ImageNet validation, one crop; torchvision, AlexNet_Weights.IMAGENET1K_V1',
  },
  torchvision: (layerPath) => MODULES[layerPath]!,
};
