// DenseNets for ImageNet: Huang, Liu, van der Maaten, Weinberger: "Densely connected convolutional networks", CVPR 2017 (arXiv 1608.06993), table 1.

import type { Sequential } from '@sinapse/layers';
import { convNorm, dense, globalAvgPool2d, maxPool2d, sequential } from '@sinapse/layers';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks, widened } from '../image-classifier.ts';
import type { LayerPart, ModelEntry } from '../model-entry.ts';
import { denseBlocks, kernelInitializer } from './blocks.ts';

/** The number of layers of each dense block. */
const BLOCKS = {
  densenet121: [6, 12, 24, 16],
  densenet169: [6, 12, 32, 32],
  densenet201: [6, 12, 48, 32],
  densenet264: [6, 12, 64, 48],
} as const;

/** The channels that a layer adds, the paper's k. */
const GROWTH = 32;

const CHECKS = imageNetworkChecks([32, 32, 1]);

/**
 * DenseNet-121: 7,978,856 parameters for 1000 classes. Every layer of a dense block sees what all earlier ones found: it adds 32 channels to its input.
 * `model.build(inputShape, seed)` makes the parameters.
 *
 * The DenseNets take float32 images `[batch, height, width, channels]` and return logits `[batch, classes]`, for `softmaxCrossEntropy`. The paper trains
 * 90 epochs with batches of 256, weight decay 0.0001, Nesterov momentum 0.9 and a learning rate of 0.1 that is divided by 10 after 30 and 60 epochs.
 * Images are prepared as for `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function densenet121(options: ImageNetworkOptions = {}): Sequential {
  return densenet('densenet121', options);
}

/**
 * DenseNet-169: 14,149,480 parameters for 1000 classes. See `densenet121`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function densenet169(options: ImageNetworkOptions = {}): Sequential {
  return densenet('densenet169', options);
}

/**
 * DenseNet-201: 20,013,928 parameters for 1000 classes. See `densenet121`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function densenet201(options: ImageNetworkOptions = {}): Sequential {
  return densenet('densenet201', options);
}

/**
 * DenseNet-264: 33,337,704 parameters for 1000 classes. See `densenet121`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function densenet264(options: ImageNetworkOptions = {}): Sequential {
  return densenet('densenet264', options);
}

function complete(name: string, given: unknown): CompleteImageNetworkOptions {
  return completeOptions(name, given, CHECKS, IMAGENET);
}

function densenet(name: keyof typeof BLOCKS, options: ImageNetworkOptions): Sequential {
  const completed = complete(name, options);
  const growth = widened(GROWTH, completed.width);
  return sequential(
    [
      ['conv0', convNorm({ filters: 2 * growth, kernelSize: 7, strides: 2, padding: 3, activation: 'relu', kernelInitializer })],
      ['pool0', maxPool2d({ window: 3, strides: 2, padding: 1 })],
      ...denseBlocks(2 * growth, growth, BLOCKS[name]),
      ['pool', globalAvgPool2d()],
      ['classifier', dense({ units: completed.classes, kernelInitializer })],
    ],
    { madeBy: { layer: name, arguments: [completed] } },
  );
}

/** `conv0`, `block1_1/norm1`, `block1_1/conv1` and its normalisation are `features.conv0`, `features.denseblock1.denselayer1.norm1`, `….conv1` and `….norm2`. */
function densenetModule(layerPath: string, part: LayerPart): string {
  if (layerPath === 'classifier') return layerPath;
  const layer = layerPath.replace(/^block(\d+)_(\d+)/, 'denseblock$1.denselayer$2').replaceAll('/', '.');
  const normalisation = layer.replace(/conv0$/, 'norm0').replace(/conv1$/, 'norm2');
  return `features.${part === 'weights' ? layer : normalisation}`;
}

const PAPER = {
  citation: 'Huang, Liu, van der Maaten, Weinberger: Densely connected convolutional networks. CVPR 2017',
  url: 'https://arxiv.org/abs/1608.06993',
};
const SOURCE = 'ImageNet validation, one crop; torchvision, IMAGENET1K_V1';

export const densenet121Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'densenet121',
  title: 'DenseNet-121',
  year: 2016,
  paper: PAPER,
  complete: (given) => complete('densenet121', given),
  make: densenet121,
  figures: { parameters: 7_978_856, multiplyAdds: 2_834_161_664, top1: 74.434, top5: 91.972, source: SOURCE },
  torchvision: densenetModule,
};

export const densenet169Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'densenet169',
  title: 'DenseNet-169',
  year: 2016,
  paper: PAPER,
  complete: (given) => complete('densenet169', given),
  make: densenet169,
  figures: { parameters: 14_149_480, multiplyAdds: 3_359_843_328, top1: 75.6, top5: 92.806, source: SOURCE },
  torchvision: densenetModule,
};

export const densenet201Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'densenet201',
  title: 'DenseNet-201',
  year: 2016,
  paper: PAPER,
  complete: (given) => complete('densenet201', given),
  make: densenet201,
  figures: { parameters: 20_013_928, multiplyAdds: 4_291_365_888, top1: 76.896, top5: 93.37, source: SOURCE },
  torchvision: densenetModule,
};

export const densenet264Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'densenet264',
  title: 'DenseNet-264',
  year: 2016,
  paper: PAPER,
  complete: (given) => complete('densenet264', given),
  make: densenet264,
  figures: {
    parameters: 33_337_704,
    multiplyAdds: 5_751_653_376,
    top1: 77.85,
    top5: 93.88,
    source: 'ImageNet validation, one crop; table 3 of the paper',
  },
};
