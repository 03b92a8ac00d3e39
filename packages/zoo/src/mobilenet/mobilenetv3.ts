// MobileNetV3: Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le, Adam: "Searching for MobileNetV3", ICCV 2019 (arXiv 1905.02244),
// tables 1 and 2.

import type { Sequential, SequentialEntry } from '@sinapse/layers';
import { dense, dropout, globalAvgPool2d, sequential } from '@sinapse/layers';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks } from '../image-classifier.ts';
import type { LayerPart, ModelEntry } from '../model-entry.ts';
import { convolution, invertedResidual, placeInBlock, roundChannels } from './inverted-residual.ts';

/** A block: the window, the channels in the middle and at the end, whether it has squeeze-and-excitation, the non-linearity, and the strides. */
type Row = readonly [
  window: number,
  expanded: number,
  filters: number,
  squeezes: boolean,
  activation: 'relu' | 'hardSwish',
  strides: number,
];

const LARGE: readonly Row[] = [
  [3, 16, 16, false, 'relu', 1],
  [3, 64, 24, false, 'relu', 2],
  [3, 72, 24, false, 'relu', 1],
  [5, 72, 40, true, 'relu', 2],
  [5, 120, 40, true, 'relu', 1],
  [5, 120, 40, true, 'relu', 1],
  [3, 240, 80, false, 'hardSwish', 2],
  [3, 200, 80, false, 'hardSwish', 1],
  [3, 184, 80, false, 'hardSwish', 1],
  [3, 184, 80, false, 'hardSwish', 1],
  [3, 480, 112, true, 'hardSwish', 1],
  [3, 672, 112, true, 'hardSwish', 1],
  [5, 672, 160, true, 'hardSwish', 2],
  [5, 960, 160, true, 'hardSwish', 1],
  [5, 960, 160, true, 'hardSwish', 1],
];

const SMALL: readonly Row[] = [
  [3, 16, 16, true, 'relu', 2],
  [3, 72, 24, false, 'relu', 2],
  [3, 88, 24, false, 'relu', 1],
  [5, 96, 40, true, 'hardSwish', 2],
  [5, 240, 40, true, 'hardSwish', 1],
  [5, 240, 40, true, 'hardSwish', 1],
  [5, 120, 48, true, 'hardSwish', 1],
  [5, 144, 48, true, 'hardSwish', 1],
  [5, 288, 96, true, 'hardSwish', 2],
  [5, 576, 96, true, 'hardSwish', 1],
  [5, 576, 96, true, 'hardSwish', 1],
];

/** The channels of the first convolution. */
const FIRST = 16;

/** The blocks, and the units of the dense layer before the last. */
const NETWORKS = {
  mobilenetv3large: { rows: LARGE, units: 1280 },
  mobilenetv3small: { rows: SMALL, units: 1024 },
} as const;

/** The normalisation of the authors' code. */
const NORM = { momentum: 0.99, epsilon: 1e-3 };

const CHECKS = imageNetworkChecks([32, 32, 1]);

function complete(name: string, given: unknown): CompleteImageNetworkOptions {
  return completeOptions(name, given, CHECKS, IMAGENET);
}

/**
 * MobileNetV3-Large: 5,483,032 parameters for 1000 classes, in 15 inverted residuals, 8 of them with squeeze-and-excitation. `width` is the paper's width
 * multiplier; channels are rounded to multiples of 8. `model.build(inputShape, seed)` makes the parameters.
 *
 * The MobileNetsV3 take float32 images `[batch, height, width, channels]` and return logits `[batch, classes]`, for `softmaxCrossEntropy`. Images are
 * prepared as for `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function mobilenetv3large(options: ImageNetworkOptions = {}): Sequential {
  return mobilenetv3('mobilenetv3large', options);
}

/**
 * MobileNetV3-Small: 2,542,856 parameters for 1000 classes, in 11 inverted residuals. See `mobilenetv3large`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function mobilenetv3small(options: ImageNetworkOptions = {}): Sequential {
  return mobilenetv3('mobilenetv3small', options);
}

function mobilenetv3(name: keyof typeof NETWORKS, options: ImageNetworkOptions): Sequential {
  const completed = complete(name, options);
  const { classes, width } = completed;
  const { rows, units } = NETWORKS[name];
  const channelsOf = (channels: number): number => roundChannels(channels * width);
  const first = channelsOf(FIRST);
  let channels = first;
  const blocks = rows.map(([kernelSize, expansion, outputs, squeezes, activation, strides], i): SequentialEntry => {
    const [expanded, filters] = [channelsOf(expansion), channelsOf(outputs)];
    const weights = { channels: roundChannels(Math.floor(expanded / 4)), activation: 'relu', gate: 'hardSigmoid' } as const;
    const squeeze = squeezes ? weights : undefined;
    const block = invertedResidual({ channels, expanded, filters, kernelSize, strides, activation, squeeze, norm: NORM });
    channels = filters;
    return [`block${i + 1}`, block];
  });
  return sequential(
    [
      ['conv1', convolution(first, 3, 2, 'hardSwish', NORM)],
      ...blocks,
      ['conv2', convolution(6 * channels, 1, 1, 'hardSwish', NORM)],
      ['pool', globalAvgPool2d()],
      ['dense', dense({ units: channelsOf(units), activation: 'hardSwish' })],
      ['dropout', dropout({ rate: 0.2 })],
      ['classifier', dense({ units: classes })],
    ],
    { madeBy: { layer: name, arguments: [completed] } },
  );
}

/** `block2/expand`, `block4/squeeze/weights/fc1` and `dense` are `features.2.block.0.0`, `features.4.block.2.fc1` and `classifier.0`. */
function modulesOf(rows: readonly Row[]): (layerPath: string, part: LayerPart) => string {
  return (layerPath, part) => {
    const next = part === 'weights' ? 0 : 1;
    if (layerPath === 'dense') return 'classifier.0';
    if (layerPath === 'classifier') return 'classifier.3';
    if (layerPath === 'conv1') return `features.0.${next}`;
    if (layerPath === 'conv2') return `features.${rows.length + 1}.${next}`;
    const [block, layer, , fc] = layerPath.split('/') as [string, string, string?, string?];
    const number = Number(block.slice('block'.length));
    const [, , , squeezes] = rows[number - 1]!;
    return `features.${number}.block.${placeInBlock(layer, number > 1, squeezes)}.${fc ?? next}`;
  };
}

const PAPER = {
  citation: 'Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le, Adam: Searching for MobileNetV3. ICCV 2019',
  url: 'https://arxiv.org/abs/1905.02244',
};
const SOURCE = 'ImageNet validation, one crop; torchvision, IMAGENET1K_V1';

export const mobilenetv3largeEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'mobilenetv3large',
  title: 'MobileNetV3-Large',
  year: 2019,
  paper: PAPER,
  complete: (given) => complete('mobilenetv3large', given),
  make: mobilenetv3large,
  figures: { parameters: 5_483_032, multiplyAdds: 216_589_760, top1: 74.042, top5: 91.34, source: SOURCE },
  torchvision: modulesOf(LARGE),
};

export const mobilenetv3smallEntry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'mobilenetv3small',
  title: 'MobileNetV3-Small',
  year: 2019,
  paper: PAPER,
  complete: (given) => complete('mobilenetv3small', given),
  make: mobilenetv3small,
  figures: { parameters: 2_542_856, multiplyAdds: 56_510_400, top1: 67.668, top5: 87.402, source: SOURCE },
  torchvision: modulesOf(SMALL),
};
