// MobileNetV2: Sandler, Howard, Zhu, Zhmoginov, Chen: "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018 (arXiv 1801.04381), table 2.

import type { Sequential, SequentialEntry } from '@sinapse/layers';
import { dense, dropout, globalAvgPool2d, sequential } from '@sinapse/layers';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks } from '../image-classifier.ts';
import type { LayerPart, ModelEntry } from '../model-entry.ts';
import { convolution, invertedResidual, placeInBlock, roundChannels } from './inverted-residual.ts';

/** For each stage: the factor of expansion t, the channels c, the number of blocks n, and the strides s of the first one. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** The channels of the first convolution, and of the last one, which a width below 1 leaves as they are. */
const FIRST = 32;
const LAST = 1280;

const CHECKS = imageNetworkChecks([32, 32, 1]);

function complete(given: unknown): CompleteImageNetworkOptions {
  return completeOptions('mobilenetv2', given, CHECKS, IMAGENET);
}

/**
 * MobileNetV2: 3,504,872 parameters for 1000 classes, in 17 inverted residuals. `width` is the paper's width multiplier; channels are rounded to multiples
 * of 8. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. Images are prepared
 * as for `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function mobilenetv2(options: ImageNetworkOptions = {}): Sequential {
  const completed = complete(options);
  const { classes, width } = completed;
  const first = roundChannels(FIRST * width);
  let channels = first;
  const blocks = STAGES.flatMap(([expansion, c, count, s]) =>
    Array.from({ length: count }, (_, i) => {
      const filters = roundChannels(c * width);
      const block = { channels, expanded: expansion * channels, filters, kernelSize: 3, strides: i === 0 ? s : 1 };
      channels = filters;
      return invertedResidual({ ...block, activation: 'relu6' });
    }),
  );
  return sequential(
    [
      ['conv1', convolution(first, 3, 2, 'relu6')],
      ...blocks.map((block, i): SequentialEntry => [`block${i + 1}`, block]),
      ['conv2', convolution(roundChannels(LAST * Math.max(1, width)), 1, 1, 'relu6')],
      ['pool', globalAvgPool2d()],
      ['dropout', dropout({ rate: 0.2 })],
      ['classifier', dense({ units: classes })],
    ],
    { madeBy: { layer: 'mobilenetv2', arguments: [completed] } },
  );
}

/** `block2/expand` and `block2/project` are `features.2.conv.0.0` and `features.2.conv.2`, their normalisations `features.2.conv.0.1` and `….3`. */
function mobilenetModule(layerPath: string, part: LayerPart): string {
  const next = part === 'weights' ? 0 : 1;
  if (layerPath === 'classifier') return 'classifier.1';
  if (layerPath === 'conv1') return `features.0.${next}`;
  if (layerPath === 'conv2') return `features.18.${next}`;
  const [block, layer] = layerPath.split('/') as [string, string];
  const number = Number(block.slice('block'.length));
  const place = placeInBlock(layer, number > 1, false);
  return `features.${number}.conv.${layer === 'project' ? place + next : `${place}.${next}`}`;
}

export const mobilenetv2Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'mobilenetv2',
  title: 'MobileNetV2',
  year: 2018,
  paper: {
    citation: 'Sandler, Howard, Zhu, Zhmoginov, Chen: MobileNetV2: inverted residuals and linear bottlenecks. CVPR 2018',
    url: 'https://arxiv.org/abs/1801.04381',
  },
  complete,
  make: mobilenetv2,
  figures: {
    parameters: 3_504_872,
    multiplyAdds: 300_774_272,
    top1: 71.878,
    top5: 90.286,
    source: 'ImageNet validation, one crop; torchvision, IMAGENET1K_V1',
  },
  torchvision: mobilenetModule,
};
