// AlexNet: Krizhevsky, Sutskever, Hinton: "ImageNet classification with deep convolutional neural networks", NIPS 2012.

import type { Sequential } from '@sinapse/layers';
import { conv2d, dense, dropout, flatten, initializers, localResponseNorm, maxPool2d, sequential } from '@sinapse/layers';
import type { ModelEntry } from '../model-entry.ts';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks, widened } from '../image-classifier.ts';

/** "We initialized the weights in each layer from a zero-mean Gaussian distribution with standard deviation 0.01." */
const kernelInitializer = /* @__PURE__ */ initializers.normal({ deviation: 0.01 });

/** "We initialized the neuron biases in the second, fourth, and fifth convolutional layers, as well as in the fully-connected hidden layers, with 1." */
const biasInitializer = initializers.ones;

function completeAlexnetOptions(given: unknown): CompleteImageNetworkOptions {
  return completeOptions('alexnet', given, imageNetworkChecks([64, 64, 1]), IMAGENET);
}

/**
 * AlexNet as its paper describes it: 60,965,224 parameters for 1000 classes. The second, fourth and fifth convolutions have two groups, which ran on two
 * GPUs; responses are normalised across channels after the first two; pooling windows of 3 by 3 overlap. Images of 224 by 224 and of 227 by 227 give maps
 * of 55 by 55: as in the authors' program, the last windows of the first convolution reach over the border. `model.build(inputShape, seed)` makes the
 * parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. The paper
 * subtracts the mean of each pixel, crops and mirrors at random, changes the colour along the principal components, and trains with batches of 128, weight
 * decay 0.0005, momentum 0.9 and a learning rate of 0.01 that is divided by 10 when the error stops falling.
 * @throws SinapseError when an option is unknown or out of range
 */
export function alexnet(options: ImageNetworkOptions = {}): Sequential {
  const complete = completeAlexnetOptions(options);
  const { classes, width } = complete;
  const overlapping = { window: 3, strides: 2 };
  const convolution = (filters: number, kernelSize: number) => ({
    filters: 2 * widened(filters / 2, width),
    kernelSize,
    padding: (kernelSize - 1) / 2,
    activation: 'relu' as const,
    kernelInitializer,
  });
  const hidden = { units: widened(4096, width), activation: 'relu' as const, kernelInitializer, biasInitializer };
  return sequential(
    [
      ['conv1', conv2d({ ...convolution(96, 11), strides: 4, padding: [[0, 3], [0, 3]] })],
      ['norm1', localResponseNorm({ size: 5, alpha: 1e-4, beta: 0.75, k: 2 })],
      ['pool1', maxPool2d(overlapping)],
      ['conv2', conv2d({ ...convolution(256, 5), groups: 2, biasInitializer })],
      ['norm2', localResponseNorm({ size: 5, alpha: 1e-4, beta: 0.75, k: 2 })],
      ['pool2', maxPool2d(overlapping)],
      ['conv3', conv2d(convolution(384, 3))],
      ['conv4', conv2d({ ...convolution(384, 3), groups: 2, biasInitializer })],
      ['conv5', conv2d({ ...convolution(256, 3), groups: 2, biasInitializer })],
      ['pool5', maxPool2d(overlapping)],
      ['flatten', flatten()],
      ['fc6', dense(hidden)],
      ['dropout6', dropout({ rate: 0.5 })],
      ['fc7', dense(hidden)],
      ['dropout7', dropout({ rate: 0.5 })],
      ['fc8', dense({ units: classes, kernelInitializer })],
    ],
    { madeBy: { layer: 'alexnet', arguments: [complete] } },
  ); // prettier-ignore
}

export const alexnetEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'alexnet',
  title: 'AlexNet',
  year: 2012,
  paper: {
    citation: 'Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks. NIPS 2012',
    url: 'https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks',
  },
  complete: completeAlexnetOptions,
  make: alexnet,
  figures: {
    parameters: 60_965_224,
    multiplyAdds: 724_406_816,
    top1: 59.3,
    top5: 81.8,
    source: 'ImageNet validation, ten crops; table 2 of the paper',
  },
};
