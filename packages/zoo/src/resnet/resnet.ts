// Residual networks for ImageNet: He, Zhang, Ren, Sun: "Deep residual learning for image recognition", CVPR 2016 (arXiv 1512.03385), table 1.

import type { Sequential } from '@sinapse/layers';
import { widened } from '../image-classifier.ts';
import type { ModelEntry } from '../model-entry.ts';
import { basicBlock, bottleneck, plainConvolution, preactivationBlock } from './blocks.ts';
import { convolution } from './convolution.ts';
import { residualNetwork, resnetModule } from './network.ts';
import type {
  BasicResnetOptions,
  BottleneckResnetOptions,
  CompleteBasicResnetOptions,
  CompleteBottleneckResnetOptions,
} from './options.ts';
import { completeBasicResnetOptions, completeBottleneckResnetOptions } from './options.ts';

/** For conv2_x to conv5_x: the number of blocks. */
const BLOCKS = {
  resnet18: [2, 2, 2, 2],
  resnet34: [3, 4, 6, 3],
  resnet50: [3, 4, 6, 3],
  resnet101: [3, 4, 23, 3],
  resnet152: [3, 8, 36, 3],
} as const;

/** For conv2_x to conv5_x: the channels of a block's convolutions; the last one of a bottleneck has four times as many. */
const CHANNELS = [64, 128, 256, 512];

/**
 * ResNet-18: 11,689,512 parameters for 1000 classes, in 8 blocks of two convolutions of 3 by 3. `model.build(inputShape, seed)` makes the
 * parameters.
 *
 * The residual networks take float32 images `[batch, height, width, channels]` and return logits `[batch, classes]`, for `softmaxCrossEntropy`.
 * Shortcuts are projections where shapes differ (option B). The paper resizes the shorter side at random to 256 to 480 pixels, crops 224 by 224,
 * mirrors, subtracts the mean of each pixel, and trains with batches of 256, weight decay 0.0001, momentum 0.9 and a learning rate of 0.1 that is
 * divided by 10 when the error stops falling. Published weights of torchvision take RGB from 0 to 1, less [0.485, 0.456, 0.406], divided by
 * [0.229, 0.224, 0.225].
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet18(options: BasicResnetOptions = {}): Sequential {
  return resnet('resnet18', false, completeBasicResnetOptions('resnet18', options));
}

/**
 * ResNet-34: 21,797,672 parameters for 1000 classes, in 16 blocks of two convolutions of 3 by 3. See `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet34(options: BasicResnetOptions = {}): Sequential {
  return resnet('resnet34', false, completeBasicResnetOptions('resnet34', options));
}

/**
 * ResNet-50: 25,557,032 parameters for 1000 classes, in 16 bottlenecks: convolutions of 1 by 1, 3 by 3 and 1 by 1. See `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet50(options: BottleneckResnetOptions = {}): Sequential {
  return resnet('resnet50', true, completeBottleneckResnetOptions('resnet50', options));
}

/**
 * ResNet-101: 44,549,160 parameters for 1000 classes, in 33 bottlenecks. See `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet101(options: BottleneckResnetOptions = {}): Sequential {
  return resnet('resnet101', true, completeBottleneckResnetOptions('resnet101', options));
}

/**
 * ResNet-152: 60,192,808 parameters for 1000 classes, in 50 bottlenecks. See `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet152(options: BottleneckResnetOptions = {}): Sequential {
  return resnet('resnet152', true, completeBottleneckResnetOptions('resnet152', options));
}

function resnet(
  name: keyof typeof BLOCKS,
  bottlenecked: boolean,
  options: CompleteBasicResnetOptions | CompleteBottleneckResnetOptions,
): Sequential {
  const { width, variant } = options;
  return residualNetwork(
    BLOCKS[name],
    (stage, i) => {
      const inner = widened(CHANNELS[stage]!, width);
      const filters = bottlenecked ? 4 * inner : inner;
      const strides = stage > 0 && i === 0 ? 2 : 1;
      const projects = i === 0 && (stage > 0 || bottlenecked);
      const shape = { inner, filters, strides };
      if (variant === 'v2') {
        const shortcut = projects ? plainConvolution(filters, 1, strides) : undefined;
        return preactivationBlock({ ...shape, shortcut }, bottlenecked, stage === 0 && i === 0);
      }
      const shortcut = projects ? convolution(filters, 1, strides, 'linear') : undefined;
      return bottlenecked ? bottleneck({ ...shape, shortcut }, variant) : basicBlock({ ...shape, shortcut });
    },
    { ...options, normalized: variant === 'v2' },
    { layer: name, arguments: [options] },
  );
}

const PAPER = {
  citation: 'He, Zhang, Ren, Sun: Deep residual learning for image recognition. CVPR 2016',
  url: 'https://arxiv.org/abs/1512.03385',
};
const SOURCE = 'ImageNet validation, one crop; torchvision, IMAGENET1K_V1';

export const resnet18Entry: ModelEntry<CompleteBasicResnetOptions, Sequential> = {
  name: 'resnet18',
  title: 'ResNet-18',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeBasicResnetOptions('resnet18', given),
  make: resnet18,
  figures: { parameters: 11_689_512, multiplyAdds: 1_814_073_344, top1: 69.758, top5: 89.078, source: SOURCE },
  torchvision: resnetModule,
};

export const resnet34Entry: ModelEntry<CompleteBasicResnetOptions, Sequential> = {
  name: 'resnet34',
  title: 'ResNet-34',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeBasicResnetOptions('resnet34', given),
  make: resnet34,
  figures: { parameters: 21_797_672, multiplyAdds: 3_663_761_408, top1: 73.314, top5: 91.42, source: SOURCE },
  torchvision: resnetModule,
};

export const resnet50Entry: ModelEntry<CompleteBottleneckResnetOptions, Sequential> = {
  name: 'resnet50',
  title: 'ResNet-50',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeBottleneckResnetOptions('resnet50', given),
  make: resnet50,
  figures: { parameters: 25_557_032, multiplyAdds: 4_089_184_256, top1: 76.13, top5: 92.862, source: SOURCE },
  torchvision: resnetModule,
};

export const resnet101Entry: ModelEntry<CompleteBottleneckResnetOptions, Sequential> = {
  name: 'resnet101',
  title: 'ResNet-101',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeBottleneckResnetOptions('resnet101', given),
  make: resnet101,
  figures: { parameters: 44_549_160, multiplyAdds: 7_801_405_440, top1: 77.374, top5: 93.546, source: SOURCE },
  torchvision: resnetModule,
};

export const resnet152Entry: ModelEntry<CompleteBottleneckResnetOptions, Sequential> = {
  name: 'resnet152',
  title: 'ResNet-152',
  year: 2015,
  paper: PAPER,
  complete: (given) => completeBottleneckResnetOptions('resnet152', given),
  make: resnet152,
  figures: { parameters: 60_192_808, multiplyAdds: 11_513_626_624, top1: 78.312, top5: 94.046, source: SOURCE },
  torchvision: resnetModule,
};
