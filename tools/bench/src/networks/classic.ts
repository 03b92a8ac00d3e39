// Classic networks for ImageNet that are timed at prediction. They are written here once more, not taken from the zoo: each contestant builds them of
// its own layers, and the zoo's are compared with them.

import type { Network, Step } from './network.ts';
import { batchNorm, conv, dense, maxPool, relu } from './steps.ts';

const INPUT = [224, 224, 3];

/** A convolution with bias, and a rectifier. */
function rectified(name: string, filters: number, kernel: number, options: { stride?: number; padding?: number } = {}): Step[] {
  return [conv(name, filters, kernel, { ...options, bias: true }), relu];
}

interface NormalisedOptions {
  readonly stride?: number;
  readonly groups?: number;
  /** Of the normalisation. */
  readonly epsilon?: number;
  /** What follows, by default a rectifier. */
  readonly activation?: 'relu' | 'relu6' | 'none';
}

/** A convolution with as many zeros around as its kernel needs, batch normalisation, and an activation. */
function normalised(name: string, filters: number, kernel: number, options: NormalisedOptions = {}): Step[] {
  const { stride = 1, groups = 1, epsilon, activation = 'relu' } = options;
  return [
    conv(name, filters, kernel, { stride, groups, padding: (kernel - 1) / 2 }),
    batchNorm(`${name}Norm`, epsilon),
    ...(activation === 'none' ? [] : [{ op: activation }]),
  ];
}

/** AlexNet in one tower: Krizhevsky 2014. */
export const alexnet: Network = {
  name: 'alexnet_torchvision',
  input: INPUT,
  steps: [
    ...rectified('conv1', 64, 11, { stride: 4, padding: 2 }),
    maxPool(3, 2),
    ...rectified('conv2', 192, 5, { padding: 2 }),
    maxPool(3, 2),
    ...rectified('conv3', 384, 3, { padding: 1 }),
    ...rectified('conv4', 256, 3, { padding: 1 }),
    ...rectified('conv5', 256, 3, { padding: 1 }),
    maxPool(3, 2),
    dense('fc6', 4096, [6, 6, 256]),
    relu,
    dense('fc7', 4096),
    relu,
    dense('fc8', 1000),
  ],
};

/** VGG-16: Simonyan and Zisserman 2015, configuration D. */
export const vgg16: Network = {
  name: 'vgg16',
  input: INPUT,
  steps: [
    ...[[64, 2], [128, 2], [256, 3], [512, 3], [512, 3]].flatMap(([filters, depth], stage) => [
      ...Array.from({ length: depth! }, (_, i) => rectified(`conv${stage + 1}_${i + 1}`, filters!, 3, { padding: 1 })).flat(),
      maxPool(2, 2),
    ]),
    dense('fc6', 4096, [7, 7, 512]),
    relu,
    dense('fc7', 4096),
    relu,
    dense('fc8', 1000),
  ],
}; // prettier-ignore

/** The filters of an Inception module: 1x1; reduction and 3x3; reduction and "5x5", which torchvision convolves by 3x3; after pooling. */
const INCEPTIONS: readonly (readonly [string, number, number, number, number, number, number])[] = [
  ['3a', 64, 96, 128, 16, 32, 32],
  ['3b', 128, 128, 192, 32, 96, 64],
  ['4a', 192, 96, 208, 16, 48, 64],
  ['4b', 160, 112, 224, 24, 64, 64],
  ['4c', 128, 128, 256, 24, 64, 64],
  ['4d', 112, 144, 288, 32, 64, 64],
  ['4e', 256, 160, 320, 32, 128, 128],
  ['5a', 256, 160, 320, 32, 128, 128],
  ['5b', 384, 192, 384, 48, 128, 128],
];

/** GoogLeNet with batch normalisation, as in torchvision: Szegedy et al. 2015, table 1. */
export const googlenet: Network = {
  name: 'googlenet_torchvision',
  input: INPUT,
  steps: [
    ...normalised('conv1', 64, 7, { stride: 2, epsilon: 1e-3 }),
    maxPool(3, 2, 0, 1),
    ...normalised('conv2', 64, 1, { epsilon: 1e-3 }),
    ...normalised('conv3', 192, 3, { epsilon: 1e-3 }),
    maxPool(3, 2, 0, 1),
    ...INCEPTIONS.flatMap(([name, ones, reduce3, threes, reduce5, fives, pooled]): Step[] => {
      const layer = (branch: string, filters: number, kernel: number): Step[] =>
        normalised(`${name}/${branch}`, filters, kernel, { epsilon: 1e-3 });
      return [
        ...(name === '4a' ? [maxPool(3, 2, 0, 1)] : name === '5a' ? [maxPool(2, 2)] : []),
        {
          op: 'concat',
          branches: [
            layer('ones', ones, 1),
            [...layer('reduce3', reduce3, 1), ...layer('threes', threes, 3)],
            [...layer('reduce5', reduce5, 1), ...layer('fives', fives, 3)],
            [maxPool(3, 1, 1), ...layer('pooled', pooled, 1)],
          ],
        },
      ];
    }),
    { op: 'globalAvgPool' },
    dense('classifier', 1000),
  ],
};

/** DenseNet-121: Huang et al. 2017, table 1. Normalisation comes before each convolution; a layer adds 32 channels to its input. */
export const densenet121: Network = {
  name: 'densenet121',
  input: INPUT,
  steps: [
    ...normalised('conv0', 64, 7, { stride: 2 }),
    maxPool(3, 2, 1),
    ...[6, 12, 24, 16].flatMap((layers, block): Step[] => {
      // The channels before a transition, which keeps half of them.
      const channels = [0, 256, 512, 1024][block]!;
      return [
        ...(block === 0
          ? []
          : ([
              batchNorm(`transition${block}Norm`),
              relu,
              conv(`transition${block}`, channels / 2, 1),
              { op: 'avgPool', window: 2, stride: 2 },
            ] as const)),
        ...Array.from({ length: layers }, (_, i) => denseLayer(`block${block + 1}_${i + 1}`)),
      ];
    }),
    batchNorm('lastNorm'),
    relu,
    { op: 'globalAvgPool' },
    dense('classifier', 1000),
  ],
};

function denseLayer(name: string): Step {
  const added = [
    batchNorm(`${name}/norm1`),
    relu,
    conv(`${name}/conv1`, 128, 1),
    batchNorm(`${name}/norm2`),
    relu,
    conv(`${name}/conv2`, 32, 3, { padding: 1 }),
  ];
  return { op: 'concat', branches: [[], added] };
}

/** MobileNetV2: Sandler et al. 2018, table 2: factor of expansion, channels, blocks, strides. */
const INVERTED = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]] as const; // prettier-ignore

export const mobilenetv2: Network = {
  name: 'mobilenetv2',
  input: INPUT,
  steps: [
    ...normalised('conv1', 32, 3, { stride: 2, activation: 'relu6' }),
    ...INVERTED.flatMap(([expansion, filters, blocks, stride], stage) =>
      Array.from({ length: blocks }, (_, i): Step[] => {
        const before = i > 0 ? filters : (INVERTED[stage - 1]?.[1] ?? 32);
        return invertedResidual(`stage${stage + 1}_${i + 1}`, before, expansion * before, filters, i === 0 ? stride : 1);
      }).flat(),
    ),
    ...normalised('conv2', 1280, 1, { activation: 'relu6' }),
    { op: 'globalAvgPool' },
    dense('classifier', 1000),
  ],
};

function invertedResidual(name: string, channels: number, expanded: number, filters: number, stride: number): Step[] {
  const body = [
    ...(expanded === channels ? [] : normalised(`${name}/expand`, expanded, 1, { activation: 'relu6' })),
    ...normalised(`${name}/depthwise`, expanded, 3, { stride, groups: expanded, activation: 'relu6' }),
    ...normalised(`${name}/project`, filters, 1, { activation: 'none' }),
  ];
  return stride === 1 && channels === filters ? [{ op: 'residual', body, shortcut: [] }] : body;
}

/** SqueezeNet 1.0: Iandola et al. 2016, table 1. */
export const squeezenet: Network = {
  name: 'squeezenet10',
  input: INPUT,
  steps: [
    ...rectified('conv1', 96, 7, { stride: 2 }),
    maxPool(3, 2, 0, 1),
    ...fire('fire2', 16, 64),
    ...fire('fire3', 16, 64),
    ...fire('fire4', 32, 128),
    maxPool(3, 2, 0, 1),
    ...fire('fire5', 32, 128),
    ...fire('fire6', 48, 192),
    ...fire('fire7', 48, 192),
    ...fire('fire8', 64, 256),
    maxPool(3, 2, 0, 1),
    ...fire('fire9', 64, 256),
    ...rectified('conv10', 1000, 1),
    { op: 'globalAvgPool' },
  ],
};

function fire(name: string, squeezed: number, expanded: number): Step[] {
  const branches = [rectified(`${name}/1x1`, expanded, 1), rectified(`${name}/3x3`, expanded, 3, { padding: 1 })];
  return [...rectified(`${name}/squeeze`, squeezed, 1), { op: 'concat', branches }];
}
