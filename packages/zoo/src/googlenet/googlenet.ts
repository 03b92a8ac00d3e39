// GoogLeNet: Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke, Rabinovich: "Going deeper with convolutions", CVPR 2015 (arXiv 1409.4842).

import type { Tensor } from '@sinapse/core';
import type { Branches, Conv2d, Sequential, SequentialEntry } from '@sinapse/layers';
import {
  avgPool2d,
  branches,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  initializers,
  localResponseNorm,
  maxPool2d,
  sequential,
} from '@sinapse/layers';
import type { AuxiliaryOptions, CompleteAuxiliaryOptions } from '../auxiliary-options.ts';
import { completeAuxiliaryOptions } from '../auxiliary-options.ts';
import type { ModelEntry } from '../model-entry.ts';
import { widened } from '../image-classifier.ts';
import type { AuxiliaryScores } from '../with-auxiliaries.ts';
import { WithAuxiliaries, auxiliaryLoss } from '../with-auxiliaries.ts';
import type { ModuleFilters } from './modules.ts';
import { MODULES } from './modules.ts';

/** An auxiliary classifier needs maps of 5 by 5, which images of 80 by 80 give. */
function completeGooglenetOptions(given: unknown): CompleteAuxiliaryOptions {
  return completeAuxiliaryOptions('googlenet', given, [32, 80]);
}

/**
 * GoogLeNet as its paper describes it: 6,998,552 parameters for 1000 classes; 13,378,280 with its two auxiliary classifiers. It consists of nine Inception
 * modules, in which convolutions of 1 by 1, 3 by 3 and 5 by 5 and a pooling see the same maps. It has no batch normalisation: responses are
 * normalised across channels before the modules. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`. With `auxiliary: true`, which the paper trains,
 * it gives `{ output, auxiliary: [logits after 4a, logits after 4d] }` in training, for `googlenetLoss`. The paper trains with momentum 0.9 and a learning
 * rate that falls by 4 % every 8 epochs, on crops of 8 to 100 % of the image.
 * @throws SinapseError when an option is unknown or out of range
 */
export function googlenet(options: AuxiliaryOptions & { readonly auxiliary: true }): WithAuxiliaries;
export function googlenet(options?: AuxiliaryOptions & { readonly auxiliary?: false }): Sequential;
export function googlenet(options?: AuxiliaryOptions): Sequential | WithAuxiliaries;
export function googlenet(options: AuxiliaryOptions = {}): Sequential | WithAuxiliaries {
  const complete = completeGooglenetOptions(options);
  const { classes, width, auxiliary } = complete;
  const madeBy = { layer: 'googlenet', arguments: [complete] };
  const filters = (count: number): number => widened(count, width);
  const trunk = sequential(
    [
      ['conv1', convolution(filters(64), 7, 2)],
      ['pool1', maxPool2d(OVERLAPPING)],
      ['norm1', localResponseNorm(NORM)],
      ['conv2_reduce', convolution(filters(64), 1)],
      ['conv2', convolution(filters(192), 3)],
      ['norm2', localResponseNorm(NORM)],
      ['pool2', maxPool2d(OVERLAPPING)],
      ...MODULES.flatMap(([name, counts]): SequentialEntry[] => [
        ...(name.endsWith('a') && name !== 'inception3a' ? [[`pool${Number(name.at(-2)) - 1}`, maxPool2d(OVERLAPPING)] as const] : []),
        [name, inception(counts.map(filters) as unknown as ModuleFilters)],
      ]),
      ['pool5', globalAvgPool2d()],
      ['dropout', dropout({ rate: 0.4 })],
      ['classifier', dense({ units: classes })],
    ],
    { madeBy },
  );
  if (!auxiliary) return trunk;
  const head = (): Sequential =>
    sequential([
      ['pool', avgPool2d({ window: 5, strides: 3 })],
      ['conv', convolution(filters(128), 1)],
      ['flatten', flatten()],
      ['fc', dense({ units: filters(1024), activation: 'relu', biasInitializer })],
      ['dropout', dropout({ rate: 0.7 })],
      ['classifier', dense({ units: classes })],
    ]);
  const heads = ['inception4a', 'inception4d'].map((after, i) => ({ name: `auxiliary${i + 1}`, after, head: head() }));
  return new WithAuxiliaries(trunk, heads, madeBy);
}

/** Windows at the lower and right border may reach over it: 112 pixels become 56. */
const OVERLAPPING = { window: 3, strides: 2, padding: [[0, 1], [0, 1]] } as const; // prettier-ignore

/** The paper gives no constants. These are those of the network that Caffe published, where alpha multiplies the mean of squares. */
const NORM = { size: 5, alpha: 1e-4 / 5, beta: 0.75, k: 1 } as const;

/** The paper does not say how weights begin. Caffe's network begins with these biases, so that all units are active. */
const biasInitializer = /* @__PURE__ */ initializers.constant(0.2);

function convolution(filters: number, kernelSize: number, strides = 1): Conv2d {
  return conv2d({ filters, kernelSize, strides, padding: (kernelSize - 1) / 2, activation: 'relu', biasInitializer });
}

/** Figure 2 (b) of the paper. */
function inception([ones, reduce3, threes, reduce5, fives, pooled]: ModuleFilters): Branches {
  return branches({
    '1x1': [['conv', convolution(ones, 1)]],
    '3x3': [['reduce', convolution(reduce3, 1)], ['conv', convolution(threes, 3)]],
    '5x5': [['reduce', convolution(reduce5, 1)], ['conv', convolution(fives, 5)]],
    pool: [['pool', maxPool2d({ window: 3, strides: 1, padding: 1 })], ['conv', convolution(pooled, 1)]],
  }); // prettier-ignore
}

/**
 * The loss of GoogLeNet: the softmax cross-entropy of its output, and 0.3 times that of each auxiliary classifier (section 5 of the paper).
 * @param scores what the model gives, in training or at prediction time
 * @param labels int32 `[batch]`
 * @returns a scalar
 * @throws SinapseError unless the scores are logits, or what a network with auxiliary classifiers gives
 */
export function googlenetLoss(scores: Tensor | AuxiliaryScores, labels: Tensor): Tensor {
  return auxiliaryLoss('googlenetLoss', 0.3, scores, labels);
}

export const googlenetEntry: ModelEntry<CompleteAuxiliaryOptions, Sequential> = {
  name: 'googlenet',
  title: 'GoogLeNet (Inception v1)',
  year: 2014,
  paper: {
    citation: 'Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke, Rabinovich: Going deeper with convolutions. CVPR 2015',
    url: 'https://arxiv.org/abs/1409.4842',
  },
  complete: completeGooglenetOptions,
  make: (options) => googlenet(options) as Sequential, // in training, one with auxiliary classifiers gives more, for its own loss
  loss: ({ auxiliary }) => (auxiliary ? googlenetLoss : undefined),
  figures: {
    parameters: 6_998_552,
    multiplyAdds: 1_582_671_872,
    top5: 89.93,
    source: 'ImageNet validation, one model, one crop; table 3 of the paper',
  },
};
