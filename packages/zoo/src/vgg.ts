// VGG: Simonyan, Zisserman: "Very deep convolutional networks for large-scale image recognition", ICLR 2015 (arXiv 1409.1556).

import type { Layer, Sequential, SequentialEntry } from '@sinapse/layers';
import { adaptiveAvgPool2d, conv2d, convNorm, dense, dropout, flatten, initializers, maxPool2d, sequential } from '@sinapse/layers';
import type { LayerPart, ModelEntry, ModelFigures } from './model-entry.ts';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from './image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks, widened } from './image-classifier.ts';

/** Table 1 of the paper: the number of convolutions of 3 by 3 in each of the five stages. */
const DEPTHS = {
  vgg11: [1, 1, 2, 2, 2], // A
  vgg13: [2, 2, 2, 2, 2], // B
  vgg16: [2, 2, 3, 3, 3], // D
  vgg19: [2, 2, 4, 4, 4], // E
} as const;

/** The filters of a convolution of each stage. */
const FILTERS = [64, 128, 256, 512, 512] as const;

type Plain = keyof typeof DEPTHS;
type Name = Plain | `${Plain}bn`;

function completeVggOptions(name: Name, given: unknown): CompleteImageNetworkOptions {
  return completeOptions(name, given, imageNetworkChecks([32, 32, 1]), IMAGENET);
}

/** The networks differ in the convolutions of their stages; those whose names end in `bn` normalise after each. */
function vgg(name: Name, given: ImageNetworkOptions): Sequential {
  const complete = completeVggOptions(name, given);
  const { classes, width } = complete;
  const { heNormal: kernelInitializer } = initializers;
  const normalised = name.endsWith('bn');
  const convolution = (filters: number): Layer => {
    const options = { filters: widened(filters, width), kernelSize: 3, padding: 1, activation: 'relu', kernelInitializer } as const;
    return normalised ? convNorm({ ...options, useBias: true }) : conv2d(options);
  };
  const hidden = { units: widened(4096, width), activation: 'relu', kernelInitializer } as const;
  return sequential(
    [
      ...depthsOf(name).flatMap((depth, i): SequentialEntry[] => [
        ...Array.from({ length: depth }, (_, j): SequentialEntry => [`conv${i + 1}_${j + 1}`, convolution(FILTERS[i]!)]),
        [`pool${i + 1}`, maxPool2d({ window: 2 })],
      ]),
      ['average', adaptiveAvgPool2d({ outputSize: 7 })], // images of 224 by 224 give 7 by 7 already
      ['flatten', flatten()],
      ['fc6', dense(hidden)],
      ['dropout6', dropout({ rate: 0.5 })],
      ['fc7', dense(hidden)],
      ['dropout7', dropout({ rate: 0.5 })],
      ['fc8', dense({ units: classes })],
    ],
    { madeBy: { layer: name, arguments: [complete] } },
  );
}

function depthsOf(name: Name): readonly number[] {
  return DEPTHS[name.replace('bn', '') as Plain];
}

/**
 * The 11 layers of configuration A: 132,863,336 parameters for 1000 classes. The models of this file take float32 images
 * `[batch, height, width, channels]` and return logits `[batch, classes]`, for `softmaxCrossEntropy`. The paper trains with batches of 256, momentum 0.9,
 * weight decay 0.0005 and a learning rate of 0.01 that is divided by 10 when the error stops falling. Published weights of torchvision take RGB from 0 to
 * 1, less [0.485, 0.456, 0.406], divided by [0.229, 0.224, 0.225].
 * @throws SinapseError when an option is unknown or out of range
 */
export function vgg11(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg11', options);
}

/** The 13 layers of configuration B: 133,047,848 parameters for 1000 classes. See `vgg11`. */
export function vgg13(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg13', options);
}

/** The 16 layers of configuration D: 138,357,544 parameters for 1000 classes. See `vgg11`. */
export function vgg16(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg16', options);
}

/** The 19 layers of configuration E: 143,667,240 parameters for 1000 classes. See `vgg11`. */
export function vgg19(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg19', options);
}

/** `vgg11` with batch normalisation after each convolution: 132,868,840 parameters. */
export function vgg11bn(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg11bn', options);
}

/** `vgg13` with batch normalisation after each convolution: 133,053,736 parameters. */
export function vgg13bn(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg13bn', options);
}

/** `vgg16` with batch normalisation after each convolution: 138,365,992 parameters. */
export function vgg16bn(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg16bn', options);
}

/** `vgg19` with batch normalisation after each convolution: 143,678,248 parameters. */
export function vgg19bn(options: ImageNetworkOptions = {}): Sequential {
  return vgg('vgg19bn', options);
}

function entry(name: Name, title: string, figures: ModelFigures): ModelEntry<CompleteImageNetworkOptions, Sequential> {
  return {
    name,
    title,
    year: 2014,
    paper: {
      citation: 'Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition. ICLR 2015',
      url: 'https://arxiv.org/abs/1409.1556',
    },
    complete: (given) => completeVggOptions(name, given),
    make: (options) => vgg(name, options),
    figures,
    torchvision: (layerPath, part) => moduleOf(name, layerPath, part),
  };
}

/** torchvision numbers everything before the classifier: convolution, normalisation, activation and pooling. */
function moduleOf(name: Name, layerPath: string, part: LayerPart): string {
  const [kind, stage, position] = layerPath.split(/(?<=conv|fc)|_/);
  if (kind === 'fc') return `classifier.${3 * (Number(stage) - 6)}`;
  const depths = depthsOf(name).slice(0, Number(stage) - 1);
  const ofConvolution = name.endsWith('bn') ? 3 : 2;
  const before = depths.reduce((sum, depth) => sum + ofConvolution * depth + 1, 0) + ofConvolution * (Number(position) - 1);
  return `features.${part === 'weights' ? before : before + 1}`;
}

const PAPER = 'ImageNet validation, one scale; table 3 of the paper';
const torchvisionWeights = (name: string): string =>
  `ImageNet validation, one crop; torchvision, ${name.toUpperCase()}_BN_Weights.IMAGENET1K_V1`;

export const vgg11Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry('vgg11', 'VGG-11', {
  parameters: 132_863_336,
  multiplyAdds: 7_609_090_048,
  top1: 70.4,
  top5: 89.6,
  source: PAPER,
});
export const vgg13Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry('vgg13', 'VGG-13', {
  parameters: 133_047_848,
  multiplyAdds: 11_308_466_176,
  top1: 71.3,
  top5: 90.1,
  source: PAPER,
});
export const vgg16Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry('vgg16', 'VGG-16', {
  parameters: 138_357_544,
  multiplyAdds: 15_470_264_320,
  top1: 74.4,
  top5: 91.9,
  source: PAPER,
});
export const vgg19Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry('vgg19', 'VGG-19', {
  parameters: 143_667_240,
  multiplyAdds: 19_632_062_464,
  top1: 74.5,
  top5: 92,
  source: PAPER,
});
export const vgg11bnEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry(
  'vgg11bn',
  'VGG-11 with batch norm',
  {
    parameters: 132_868_840,
    multiplyAdds: 7_609_090_048,
    top1: 70.37,
    top5: 89.81,
    source: torchvisionWeights('vgg11'),
  },
);
export const vgg13bnEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry(
  'vgg13bn',
  'VGG-13 with batch norm',
  {
    parameters: 133_053_736,
    multiplyAdds: 11_308_466_176,
    top1: 71.586,
    top5: 90.374,
    source: torchvisionWeights('vgg13'),
  },
);
export const vgg16bnEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry(
  'vgg16bn',
  'VGG-16 with batch norm',
  {
    parameters: 138_365_992,
    multiplyAdds: 15_470_264_320,
    top1: 73.36,
    top5: 91.516,
    source: torchvisionWeights('vgg16'),
  },
);
export const vgg19bnEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry(
  'vgg19bn',
  'VGG-19 with batch norm',
  {
    parameters: 143_678_248,
    multiplyAdds: 19_632_062_464,
    top1: 74.218,
    top5: 91.842,
    source: torchvisionWeights('vgg19'),
  },
);
