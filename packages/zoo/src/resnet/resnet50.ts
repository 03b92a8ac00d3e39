// ResNet-50: He, Zhang, Ren, Sun: "Deep residual learning for image recognition", CVPR 2016 (arXiv 1512.03385), table 1 and figure 5.

import type { Residual, Sequential, SequentialEntry } from '@sinapse/layers';
import { globalAvgPool2d, maxPool2d, residual, sequential } from '@sinapse/layers';
import type { LayerPart, ModelEntry } from '../model-entry.ts';
import { classifier, convolution } from './convolution.ts';
import type { CompleteResnet50Options, Resnet50Options } from './options.ts';
import { completeResnet50Options } from './options.ts';

/** For conv2_x to conv5_x: the number of blocks, and the width of their middle convolution. A block returns four times as many channels. */
const STAGES = [[3, 64], [4, 128], [6, 256], [3, 512]] as const; // prettier-ignore

/**
 * ResNet-50, the paper's network for ImageNet: 25,557,032 parameters for 1000 classes. Its bottleneck blocks are convolutions of 1 by 1, 3
 * by 3 and 1 by 1, with projections as shortcuts where channels increase (option B). `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. The
 * paper resizes the shorter side at random to 256 to 480 pixels, crops 224 by 224, mirrors, subtracts the mean of each pixel, and trains
 * with batches of 256, weight decay 0.0001, momentum 0.9 and a learning rate of 0.1 that is divided by 10 when the error stops falling.
 * Published weights of torchvision (`v1.5`) take RGB from 0 to 1, less [0.485, 0.456, 0.406], divided by [0.229, 0.224, 0.225].
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet50(options: Resnet50Options = {}): Sequential {
  const complete = completeResnet50Options(options);
  const { classes, variant } = complete;
  return sequential(
    [
      ['conv1', convolution(64, 7, 2)],
      ['pool1', maxPool2d({ window: 3, strides: 2, padding: 1 })],
      ...STAGES.flatMap(([blocks, width], stage) =>
        Array.from({ length: blocks }, (_, i): SequentialEntry => {
          const strides = stage > 0 && i === 0 ? 2 : 1;
          return [`conv${stage + 2}_${i + 1}`, bottleneck(width, strides, i === 0, variant)];
        }),
      ),
      ['pool', globalAvgPool2d()],
      ['classifier', classifier(classes)],
    ],
    { madeBy: { layer: 'resnet50', arguments: [complete] } },
  );
}

/** A block of convolutions: 1 by 1 to `width` channels, 3 by 3, and 1 by 1 to four times `width`. */
function bottleneck(width: number, strides: number, projects: boolean, variant: CompleteResnet50Options['variant']): Residual {
  const [first, second] = variant === 'v1' ? [strides, 1] : [1, strides];
  return residual(
    [
      ['conv1', convolution(width, 1, first)],
      ['conv2', convolution(width, 3, second)],
      ['conv3', convolution(4 * width, 1, 1, 'linear')],
    ],
    { activation: 'relu', ...(projects && { shortcut: convolution(4 * width, 1, strides, 'linear') }) },
  );
}

export const resnet50Entry: ModelEntry<CompleteResnet50Options, Sequential> = {
  name: 'resnet50',
  title: 'ResNet-50',
  year: 2015,
  paper: {
    citation: 'He, Zhang, Ren, Sun: Deep residual learning for image recognition. CVPR 2016',
    url: 'https://arxiv.org/abs/1512.03385',
  },
  complete: completeResnet50Options,
  make: resnet50,
  figures: {
    parameters: 25_557_032,
    multiplyAdds: 3_857_973_248,
    top1: 75.3,
    top5: 92.2,
    source: "ImageNet validation, one crop; the authors' page, https://github.com/KaimingHe/deep-residual-networks",
  },
  torchvision: resnetModule,
};

/** `conv1`, `conv2_1/conv1`, `conv2_1/shortcut` and `classifier` are `conv1`, `layer1.0.conv1`, `layer1.0.downsample.0` and `fc`. */
function resnetModule(layerPath: string, part: LayerPart): string {
  if (layerPath === 'classifier') return 'fc';
  const layer = layerPath
    .replace(/^conv(\d)_(\d+)\//, (_, stage: string, block: string) => `layer${Number(stage) - 1}.${Number(block) - 1}.`)
    .replace('shortcut', 'downsample.0');
  return part === 'weights' ? layer : layer.replace('downsample.0', 'downsample.1').replace('conv', 'bn');
}
