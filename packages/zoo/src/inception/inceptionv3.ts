// Inception v3: Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: "Rethinking the Inception architecture for computer vision", CVPR 2016 (arXiv 1512.00567).

import type { Tensor } from '@sinapse/core';
import type { Branch, ConvNorm, Layer, Sequential, SequentialEntry } from '@sinapse/layers';
import { avgPool2d, branches, convNorm, dense, dropout, globalAvgPool2d, initializers, maxPool2d, sequential } from '@sinapse/layers';
import type { AuxiliaryOptions, CompleteAuxiliaryOptions } from '../auxiliary-options.ts';
import { completeAuxiliaryOptions } from '../auxiliary-options.ts';
import type { LayerPart, ModelEntry } from '../model-entry.ts';
import { IMAGENET, widened } from '../image-classifier.ts';
import type { AuxiliaryScores } from '../with-auxiliaries.ts';
import { WithAuxiliaries, auxiliaryLoss } from '../with-auxiliaries.ts';

/** The auxiliary classifier needs maps of 17 by 17, which images of 299 by 299 give. */
function completeInceptionv3Options(given: unknown): CompleteAuxiliaryOptions {
  return completeAuxiliaryOptions('inceptionv3', given, [75, 299], { ...IMAGENET, inputShape: [299, 299, 3] });
}

/**
 * Inception v3 as torchvision has it: 23,834,568 parameters for 1000 classes; 27,161,264 with its auxiliary classifier. Its modules factorise large
 * convolutions: 5 by 5 into two of 3 by 3, 7 by 7 into 1 by 7 and 7 by 1. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`. With `auxiliary: true` it gives
 * `{ output, auxiliary: [logits after 6e] }` in training, for `inceptionv3Loss`. The paper trains with smoothed labels (0.1), RMSProp with decay 0.9 and
 * epsilon 1, and a learning rate of 0.045 that falls by 6 % every two epochs. Published weights take RGB from -1 to 1.
 * @throws SinapseError when an option is unknown or out of range
 */
export function inceptionv3(options: AuxiliaryOptions & { readonly auxiliary: true }): WithAuxiliaries;
export function inceptionv3(options?: AuxiliaryOptions & { readonly auxiliary?: false }): Sequential;
export function inceptionv3(options?: AuxiliaryOptions): Sequential | WithAuxiliaries;
export function inceptionv3(options: AuxiliaryOptions = {}): Sequential | WithAuxiliaries {
  const complete = completeInceptionv3Options(options);
  const { classes, width, auxiliary } = complete;
  const madeBy = { layer: 'inceptionv3', arguments: [complete] };
  const { truncatedNormal } = initializers;
  const of = modulesOf(width);
  const { convolution } = of;
  const trunk = sequential(
    [
      ['conv1a', convolution(32, 3, { strides: 2, padding: 0 })],
      ['conv2a', convolution(32, 3, { padding: 0 })],
      ['conv2b', convolution(64, 3)],
      ['pool1', maxPool2d({ window: 3, strides: 2 })],
      ['conv3b', convolution(80, 1)],
      ['conv4a', convolution(192, 3, { padding: 0 })],
      ['pool2', maxPool2d({ window: 3, strides: 2 })],
      ['mixed5b', of.figure5(32)],
      ['mixed5c', of.figure5(64)],
      ['mixed5d', of.figure5(64)],
      ['mixed6a', of.reduction()],
      ['mixed6b', of.figure6(128)],
      ['mixed6c', of.figure6(160)],
      ['mixed6d', of.figure6(160)],
      ['mixed6e', of.figure6(192)],
      ['mixed7a', of.secondReduction()],
      ['mixed7b', of.figure7()],
      ['mixed7c', of.figure7()],
      ['pool', globalAvgPool2d()],
      ['dropout', dropout({ rate: 0.5 })],
      ['classifier', dense({ units: classes, kernelInitializer: truncatedNormal({ deviation: 0.1 }) })],
    ],
    { madeBy },
  );
  if (!auxiliary) return trunk;
  const head = sequential([
    ['pool', avgPool2d({ window: 5, strides: 3 })],
    ['conv0', convolution(128, 1)],
    ['conv1', convolution(768, 5, { padding: 0 })],
    ['average', globalAvgPool2d()],
    ['classifier', dense({ units: classes, kernelInitializer: truncatedNormal({ deviation: 0.001 }) })],
  ]);
  return new WithAuxiliaries(trunk, [{ name: 'auxiliary1', after: 'mixed6e', head }], madeBy);
}

interface ConvolutionOptions {
  readonly strides?: number;
  readonly padding?: number;
}

/** The modules of the network, each of another kind in a figure of the paper. */
function modulesOf(width: number) {
  const kernelInitializer = initializers.truncatedNormal({ deviation: 0.1 });
  const convolution = (filters: number, kernelSize: number | [number, number], options: ConvolutionOptions = {}): ConvNorm =>
    convNorm({
      filters: widened(filters, width),
      kernelSize,
      padding: 'same',
      ...options,
      epsilon: 0.001,
      activation: 'relu',
      kernelInitializer,
    });
  /** Convolutions one after another, named `conv1`, `conv2` … */
  const path = (...layers: ConvNorm[]): SequentialEntry[] => layers.map((layer, i): SequentialEntry => [`conv${i + 1}`, layer]);
  const pooled = (filters: number): Branch => [
    ['pool', avgPool2d({ window: 3, strides: 1, padding: 1, includePadding: true })],
    ...path(convolution(filters, 1)),
  ];
  const across = (filters: number): ConvNorm => convolution(filters, [1, 7]);
  const down = (filters: number): ConvNorm => convolution(filters, [7, 1]);
  const halved = { strides: 2, padding: 0 };

  return {
    convolution,
    /** Figure 5: 5 by 5 as two of 3 by 3. torchvision keeps one of 5 by 5. */
    figure5: (pool: number): Layer =>
      branches({
        '1x1': path(convolution(64, 1)),
        '5x5': path(convolution(48, 1), convolution(64, 5)),
        '3x3dbl': path(convolution(64, 1), convolution(96, 3), convolution(96, 3)),
        pool: pooled(pool),
      }),
    /** Figure 10: half the rows and columns, from 35 to 17. */
    reduction: (): Layer =>
      branches({
        '3x3': path(convolution(384, 3, halved)),
        '3x3dbl': path(convolution(64, 1), convolution(96, 3), convolution(96, 3, halved)),
        pool: [['pool', maxPool2d({ window: 3, strides: 2 })]],
      }),
    /** Figure 6: 7 by 7 as 1 by 7 and 7 by 1. */
    figure6: (inside: number): Layer =>
      branches({
        '1x1': path(convolution(192, 1)),
        '7x7': path(convolution(inside, 1), across(inside), down(192)),
        '7x7dbl': path(convolution(inside, 1), down(inside), across(inside), down(inside), across(192)),
        pool: pooled(192),
      }),
    /** Half the rows and columns again, from 17 to 8. */
    secondReduction: (): Layer =>
      branches({
        '3x3': path(convolution(192, 1), convolution(320, 3, halved)),
        '7x7x3': path(convolution(192, 1), across(192), down(192), convolution(192, 3, halved)),
        pool: [['pool', maxPool2d({ window: 3, strides: 2 })]],
      }),
    /** Figure 7: branches that end in 1 by 3 and in 3 by 1, side by side. */
    figure7: (): Layer => {
      const sides = (): SequentialEntry => [
        'sides',
        branches({ across: path(convolution(384, [1, 3])), down: path(convolution(384, [3, 1])) }),
      ];
      return branches({
        '1x1': path(convolution(320, 1)),
        '3x3': [...path(convolution(384, 1)), sides()],
        '3x3dbl': [...path(convolution(448, 1), convolution(384, 3)), sides()],
        pool: pooled(192),
      });
    },
  };
}

/**
 * The loss of Inception v3: the softmax cross-entropy of its output, and 0.4 times that of the auxiliary classifier, as in torchvision's and TensorFlow's
 * recipes.
 * @param scores what the model gives, in training or at prediction time
 * @param labels int32 `[batch]`
 * @returns a scalar
 * @throws SinapseError unless the scores are logits, or what a network with auxiliary classifiers gives
 */
export function inceptionv3Loss(scores: Tensor | AuxiliaryScores, labels: Tensor): Tensor {
  return auxiliaryLoss('inceptionv3Loss', 0.4, scores, labels);
}

/** torchvision's names of the layers before the modules. */
const STEM: Readonly<Record<string, string>> = {
  conv1a: 'Conv2d_1a_3x3',
  conv2a: 'Conv2d_2a_3x3',
  conv2b: 'Conv2d_2b_3x3',
  conv3b: 'Conv2d_3b_1x1',
  conv4a: 'Conv2d_4a_3x3',
};

/** `mixed6b/7x7/conv2` is `Mixed_6b.branch7x7_2.conv`, and its normalisation `Mixed_6b.branch7x7_2.bn`. */
function moduleOf(layerPath: string, part: LayerPart): string {
  if (layerPath === 'classifier') return 'fc';
  if (layerPath === 'auxiliary1/classifier') return 'AuxLogits.fc';
  const [outer, branch, ...inside] = layerPath.split('/') as [string, string?, ...string[]];
  const suffix = part === 'weights' ? 'conv' : 'bn';
  if (branch === undefined) return `${STEM[outer]}.${suffix}`;
  if (outer === 'auxiliary1') return `AuxLogits.${branch}.${suffix}`;
  const single = branch === '1x1' || branch === 'pool' || (outer === 'mixed6a' && branch === '3x3');
  const sides = branch === '3x3dbl' ? '_3' : '_2';
  const position = single ? '' : inside[0] === 'sides' ? `${sides}${inside[1] === 'across' ? 'a' : 'b'}` : `_${inside[0]!.slice(-1)}`;
  return `${outer.replace('mixed', 'Mixed_')}.branch${branch === 'pool' ? '_pool' : branch}${position}.${suffix}`;
}

export const inceptionv3Entry: ModelEntry<CompleteAuxiliaryOptions, Sequential> = {
  name: 'inceptionv3',
  title: 'Inception v3',
  year: 2015,
  paper: {
    citation: 'Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: Rethinking the Inception architecture for computer vision. CVPR 2016',
    url: 'https://arxiv.org/abs/1512.00567',
  },
  complete: completeInceptionv3Options,
  make: (options) => inceptionv3(options) as Sequential, // in training, one with auxiliary classifiers gives more, for its own loss
  loss: ({ auxiliary }) => (auxiliary ? inceptionv3Loss : undefined),
  figures: {
    parameters: 23_834_568,
    multiplyAdds: 5_713_216_096,
    top1: 77.294,
    top5: 93.45,
    source: 'ImageNet validation, one crop; torchvision, Inception_V3_Weights.IMAGENET1K_V1',
  },
  torchvision: moduleOf,
};
