// Residual networks for small images: He, Zhang, Ren, Sun: "Deep residual learning for image recognition", CVPR 2016 (arXiv 1512.03385), section 4.2.

import type { Layer, Sequential, SequentialEntry } from '@sinapse/layers';
import { globalAvgPool2d, identityShortcut, sequential } from '@sinapse/layers';
import { widened } from '../image-classifier.ts';
import type { ModelEntry } from '../model-entry.ts';
import { basicBlock } from './blocks.ts';
import { classifier, convolution } from './convolution.ts';
import type { CifarResnetOptions, CompleteCifarResnetOptions } from './options.ts';
import { completeCifarResnetOptions } from './options.ts';

/** The paper's n, the number of blocks of a stage: the network has 6 n + 2 layers with weights. */
const BLOCKS = { resnet20: 3, resnet32: 5, resnet44: 7, resnet56: 9, resnet110: 18 } as const;

/** The channels of the stages. */
const FILTERS = [16, 32, 64];

/**
 * ResNet-20, the paper's network for CIFAR-10: 269,722 parameters for 10 classes. It is a convolution, three stages of three blocks, global
 * average pooling and a dense layer. A block has two convolutions of 3 by 3. The stages have images of 32, 16 and 8 pixels and 16, 32 and
 * 64 channels. Shortcuts are identities (option A) unless an option says otherwise. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. The
 * paper subtracts the mean of each pixel over the training images, pads by 4 pixels, crops and mirrors at random, and trains with batches
 * of 128, weight decay 0.0001, momentum 0.9 and a learning rate of 0.1, divided by 10 after 32,000 and 48,000 of 64,000 steps. Its error is
 * 8.75 %.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet20(options: CifarResnetOptions = {}): Sequential {
  return cifarResnet('resnet20', options);
}

/**
 * ResNet-32 for CIFAR-10: 464,154 parameters, five blocks in each stage; the paper's error is 7.51 %. See `resnet20`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet32(options: CifarResnetOptions = {}): Sequential {
  return cifarResnet('resnet32', options);
}

/**
 * ResNet-44 for CIFAR-10: 658,586 parameters, seven blocks in each stage; the paper's error is 7.17 %. See `resnet20`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet44(options: CifarResnetOptions = {}): Sequential {
  return cifarResnet('resnet44', options);
}

/**
 * ResNet-56 for CIFAR-10: 853,018 parameters, nine blocks in each stage; the paper's error is 6.97 %. See `resnet20`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet56(options: CifarResnetOptions = {}): Sequential {
  return cifarResnet('resnet56', options);
}

/**
 * ResNet-110 for CIFAR-10: 1,727,962 parameters, 18 blocks in each stage; the paper's error is 6.43 %. The paper begins with a learning rate of 0.01
 * until the training error is below 80 % (about 400 steps). See `resnet20`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet110(options: CifarResnetOptions = {}): Sequential {
  return cifarResnet('resnet110', options);
}

function cifarResnet(name: keyof typeof BLOCKS, options: CifarResnetOptions): Sequential {
  const complete = completeCifarResnetOptions(name, options);
  const { classes, width, shortcut } = complete;
  return sequential(
    [
      ['conv1', convolution(widened(FILTERS[0]!, width), 3)],
      ...FILTERS.flatMap((channels, stage) =>
        Array.from({ length: BLOCKS[name] }, (_, i): SequentialEntry => {
          const filters = widened(channels, width);
          const strides = stage > 0 && i === 0 ? 2 : 1;
          const added = strides > 1 ? shortcutOf(shortcut, filters, strides) : undefined;
          return [`conv${stage + 2}_${i + 1}`, basicBlock({ inner: filters, filters, strides, shortcut: added })];
        }),
      ),
      ['pool', globalAvgPool2d()],
      ['classifier', classifier(classes)],
    ],
    { madeBy: { layer: name, arguments: [complete] } },
  );
}

function shortcutOf(kind: CompleteCifarResnetOptions['shortcut'], filters: number, strides: number): Layer {
  return kind === 'identity' ? identityShortcut({ filters, strides }) : convolution(filters, 1, strides, 'linear');
}

const PAPER = {
  citation: 'He, Zhang, Ren, Sun: Deep residual learning for image recognition. CVPR 2016',
  url: 'https://arxiv.org/abs/1512.03385',
};
const SOURCE = 'CIFAR-10; table 6 of the paper';

export const resnet20Entry: ModelEntry<CompleteCifarResnetOptions, Sequential> = {
  name: 'resnet20',
  title: 'ResNet-20',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeCifarResnetOptions('resnet20', given),
  make: resnet20,
  figures: { parameters: 269_722, multiplyAdds: 40_551_040, top1: 91.25, source: SOURCE },
};

export const resnet32Entry: ModelEntry<CompleteCifarResnetOptions, Sequential> = {
  name: 'resnet32',
  title: 'ResNet-32',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeCifarResnetOptions('resnet32', given),
  make: resnet32,
  figures: { parameters: 464_154, multiplyAdds: 68_862_592, top1: 92.49, source: SOURCE },
};

export const resnet44Entry: ModelEntry<CompleteCifarResnetOptions, Sequential> = {
  name: 'resnet44',
  title: 'ResNet-44',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeCifarResnetOptions('resnet44', given),
  make: resnet44,
  figures: { parameters: 658_586, multiplyAdds: 97_174_144, top1: 92.83, source: SOURCE },
};

export const resnet56Entry: ModelEntry<CompleteCifarResnetOptions, Sequential> = {
  name: 'resnet56',
  title: 'ResNet-56',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeCifarResnetOptions('resnet56', given),
  make: resnet56,
  figures: { parameters: 853_018, multiplyAdds: 125_485_696, top1: 93.03, source: SOURCE },
};

export const resnet110Entry: ModelEntry<CompleteCifarResnetOptions, Sequential> = {
  name: 'resnet110',
  title: 'ResNet-110',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeCifarResnetOptions('resnet110', given),
  make: resnet110,
  figures: { parameters: 1_727_962, multiplyAdds: 252_887_680, top1: 93.57, source: SOURCE },
};
