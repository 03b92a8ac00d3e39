// EfficientNet-B0: Tan, Le: "EfficientNet: rethinking model scaling for convolutional neural networks", ICML 2019 (arXiv 1905.11946), table 1.

import type { Sequential, SequentialEntry } from '@sinapse/layers';
import { dense, dropout, globalAvgPool2d, sequential } from '@sinapse/layers';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks } from '../image-classifier.ts';
import { convolution, invertedResidual, placeInBlock, roundChannels } from '../mobilenet/inverted-residual.ts';
import type { LayerPart, ModelEntry } from '../model-entry.ts';

/** For stages 2 to 8 of the table: the factor of expansion, the window, the channels, the number of blocks, and the strides of the first one. */
const STAGES = [
  [1, 3, 16, 1, 1],
  [6, 3, 24, 2, 2],
  [6, 5, 40, 2, 2],
  [6, 3, 80, 3, 2],
  [6, 5, 112, 3, 1],
  [6, 5, 192, 4, 2],
  [6, 3, 320, 1, 1],
] as const;

/** The channels of the first and of the last convolution. */
const FIRST = 32;
const LAST = 1280;

/** The rate at which the last block would be left out; it grows from block to block, from 0 ("survival probability 0.8"). */
const DROP_RATE = 0.2;

const CHECKS = imageNetworkChecks([32, 32, 1]);

function complete(given: unknown): CompleteImageNetworkOptions {
  return completeOptions('efficientnetb0', given, CHECKS, IMAGENET);
}

/**
 * EfficientNet-B0: 5,288,548 parameters for 1000 classes, in 16 inverted residuals with squeeze-and-excitation. Training leaves out blocks at random
 * (stochastic depth). `width` is the paper's factor w; channels are rounded to multiples of 8. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. Images are prepared
 * as for `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function efficientnetb0(options: ImageNetworkOptions = {}): Sequential {
  const completed = complete(options);
  const { classes, width } = completed;
  const channelsOf = (channels: number): number => roundChannels(channels * width);
  const total = STAGES.reduce((sum, [, , , count]) => sum + count, 0);
  const first = channelsOf(FIRST);
  let channels = first;
  let before = 0;
  const blocks = STAGES.flatMap(([expansion, kernelSize, c, count, s], stage) =>
    Array.from({ length: count }, (_, i): SequentialEntry => {
      const filters = channelsOf(c);
      const squeeze = { channels: Math.max(1, Math.floor(channels / 4)), activation: 'swish', gate: 'sigmoid' } as const;
      const shape = { channels, expanded: expansion * channels, filters, kernelSize, strides: i === 0 ? s : 1 };
      const block = invertedResidual({ ...shape, squeeze, activation: 'swish', dropRate: (DROP_RATE * before++) / total });
      channels = filters;
      return [`block${stage + 1}_${i + 1}`, block];
    }),
  );
  return sequential(
    [
      ['conv1', convolution(first, 3, 2, 'swish')],
      ...blocks,
      ['conv2', convolution(channelsOf(LAST), 1, 1, 'swish')],
      ['pool', globalAvgPool2d()],
      ['dropout', dropout({ rate: 0.2 })],
      ['classifier', dense({ units: classes })],
    ],
    { madeBy: { layer: 'efficientnetb0', arguments: [completed] } },
  );
}

/** `block2_1/expand` and `block2_1/squeeze/weights/fc1` are `features.2.0.block.0.0` and `features.2.0.block.2.fc1`. */
function efficientnetModule(layerPath: string, part: LayerPart): string {
  const next = part === 'weights' ? 0 : 1;
  if (layerPath === 'classifier') return 'classifier.1';
  if (layerPath === 'conv1') return `features.0.${next}`;
  if (layerPath === 'conv2') return `features.${STAGES.length + 1}.${next}`;
  const [block, layer, , fc] = layerPath.split('/') as [string, string, string?, string?];
  const [stage, i] = block.slice('block'.length).split('_').map(Number) as [number, number];
  return `features.${stage}.${i - 1}.block.${placeInBlock(layer, stage > 1, true)}.${fc ?? next}`;
}

export const efficientnetb0Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'efficientnetb0',
  title: 'EfficientNet-B0',
  year: 2019,
  paper: {
    citation: 'Tan, Le: EfficientNet: rethinking model scaling for convolutional neural networks. ICML 2019',
    url: 'https://arxiv.org/abs/1905.11946',
  },
  complete,
  make: efficientnetb0,
  figures: {
    parameters: 5_288_548,
    multiplyAdds: 385_814_752,
    top1: 77.692,
    top5: 93.532,
    source: 'ImageNet validation, one crop; torchvision, IMAGENET1K_V1',
  },
  torchvision: efficientnetModule,
};
