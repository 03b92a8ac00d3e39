// GoogLeNet as torchvision has it: the network of Szegedy et al. 2015 with batch normalisation.

import type { Branches, ConvNorm, Sequential, SequentialEntry } from '@sinapse/layers';
import {
  adaptiveAvgPool2d,
  branches,
  convNorm,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  initializers,
  maxPool2d,
  sequential,
} from '@sinapse/layers';
import type { AuxiliaryOptions, CompleteAuxiliaryOptions } from '../auxiliary-options.ts';
import { completeAuxiliaryOptions } from '../auxiliary-options.ts';
import type { LayerPart, ModelEntry } from '../model-entry.ts';
import { widened } from '../image-classifier.ts';
import { WithAuxiliaries } from '../with-auxiliaries.ts';
import { googlenetLoss } from './googlenet.ts';
import type { ModuleFilters } from './modules.ts';
import { MODULES } from './modules.ts';

function completeGooglenetTorchvisionOptions(given: unknown): CompleteAuxiliaryOptions {
  return completeAuxiliaryOptions('googlenet_torchvision', given, [32, 32]);
}

/**
 * GoogLeNet as torchvision has it: 6,624,904 parameters for 1000 classes; 13,004,888 with its two auxiliary classifiers. Each convolution is followed by
 * batch normalisation, responses are not normalised across channels, and what the paper convolves by 5 by 5 is convolved by 3 by 3. `model.build(inputShape,
 * seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`. With `auxiliary: true` it gives
 * `{ output, auxiliary: [logits after 4a, logits after 4d] }` in training, for `googlenetLoss`. Published weights take RGB from -1 to 1.
 * @throws SinapseError when an option is unknown or out of range
 */
export function googlenet_torchvision(options: AuxiliaryOptions & { readonly auxiliary: true }): WithAuxiliaries;
export function googlenet_torchvision(options?: AuxiliaryOptions & { readonly auxiliary?: false }): Sequential;
export function googlenet_torchvision(options?: AuxiliaryOptions): Sequential | WithAuxiliaries;
export function googlenet_torchvision(options: AuxiliaryOptions = {}): Sequential | WithAuxiliaries {
  const complete = completeGooglenetTorchvisionOptions(options);
  const { classes, width, auxiliary } = complete;
  const madeBy = { layer: 'googlenet_torchvision', arguments: [complete] };
  const filters = (count: number): number => widened(count, width);
  const { truncatedNormal } = initializers;
  const trunk = sequential(
    [
      ['conv1', convolution(filters(64), 7, 2)],
      ['pool1', maxPool2d(OVERLAPPING)],
      ['conv2_reduce', convolution(filters(64), 1)],
      ['conv2', convolution(filters(192), 3)],
      ['pool2', maxPool2d(OVERLAPPING)],
      ...MODULES.flatMap(([name, counts]): SequentialEntry[] => [
        ...(name === 'inception4a' ? [['pool3', maxPool2d(OVERLAPPING)] as const] : []),
        ...(name === 'inception5a' ? [['pool4', maxPool2d({ window: 2, strides: 2, padding: BORDER })] as const] : []),
        [name, inception(counts.map(filters) as unknown as ModuleFilters)],
      ]),
      ['pool5', globalAvgPool2d()],
      ['dropout', dropout({ rate: 0.2 })],
      ['classifier', dense({ units: classes, kernelInitializer: truncatedNormal({ deviation: 0.01 }) })],
    ],
    { madeBy },
  );
  if (!auxiliary) return trunk;
  const head = (): Sequential =>
    sequential([
      ['pool', adaptiveAvgPool2d({ outputSize: 4 })],
      ['conv', convolution(filters(128), 1)],
      ['flatten', flatten()],
      ['fc', dense({ units: filters(1024), activation: 'relu', kernelInitializer: truncatedNormal({ deviation: 0.01 }) })],
      ['dropout', dropout({ rate: 0.7 })],
      ['classifier', dense({ units: classes, kernelInitializer: truncatedNormal({ deviation: 0.01 }) })],
    ]);
  const heads = ['inception4a', 'inception4d'].map((after, i) => ({ name: `auxiliary${i + 1}`, after, head: head() }));
  return new WithAuxiliaries(trunk, heads, madeBy);
}

/** Windows at the lower and right border may reach over it: what other libraries call ceil mode. */
const BORDER = [[0, 1], [0, 1]] as const; // prettier-ignore
const OVERLAPPING = { window: 3, strides: 2, padding: BORDER } as const;

function convolution(filters: number, kernelSize: number, strides = 1): ConvNorm {
  return convNorm({
    filters,
    kernelSize,
    strides,
    padding: (kernelSize - 1) / 2,
    epsilon: 0.001,
    activation: 'relu',
    kernelInitializer: initializers.truncatedNormal({ deviation: 0.01 }),
  });
}

function inception([ones, reduce3, threes, reduce5, fives, pooled]: ModuleFilters): Branches {
  return branches({
    '1x1': [['conv', convolution(ones, 1)]],
    '3x3': [['reduce', convolution(reduce3, 1)], ['conv', convolution(threes, 3)]],
    '5x5': [['reduce', convolution(reduce5, 1)], ['conv', convolution(fives, 3)]], // 3 by 3 in torchvision
    pool: [['pool', maxPool2d({ window: 3, strides: 1, padding: 1 })], ['conv', convolution(pooled, 1)]],
  }); // prettier-ignore
}

/** torchvision's names of the layers outside the modules, and of those inside of a module. */
const OUTSIDE: Readonly<Record<string, string>> = { conv2_reduce: 'conv2', conv2: 'conv3', classifier: 'fc' };
const INSIDE: Readonly<Record<string, string>> = {
  '1x1/conv': 'branch1',
  '3x3/reduce': 'branch2.0',
  '3x3/conv': 'branch2.1',
  '5x5/reduce': 'branch3.0',
  '5x5/conv': 'branch3.1',
  'pool/conv': 'branch4.1',
  fc: 'fc1',
  classifier: 'fc2',
};

/** `inception3a/3x3/reduce` is `inception3a.branch2.0.conv`, and its normalisation `inception3a.branch2.0.bn`. */
function moduleOf(layerPath: string, part: LayerPart): string {
  const slash = layerPath.indexOf('/');
  const [outer, inner] = slash < 0 ? [layerPath, ''] : [layerPath.slice(0, slash), layerPath.slice(slash + 1)];
  const layer = inner === '' ? (OUTSIDE[outer] ?? outer) : `${outer.replace('auxiliary', 'aux')}.${INSIDE[inner] ?? inner}`;
  if (/fc\d?$/.test(layer)) return layer;
  return `${layer}.${part === 'weights' ? 'conv' : 'bn'}`;
}

export const googlenet_torchvisionEntry: ModelEntry<CompleteAuxiliaryOptions, Sequential> = {
  name: 'googlenet_torchvision',
  title: 'GoogLeNet with batch norm (torchvision)',
  year: 2015,
  paper: {
    citation: 'Ioffe, Szegedy: Batch normalization: accelerating deep network training by reducing internal covariate shift. ICML 2015',
    url: 'https://arxiv.org/abs/1502.03167',
  },
  complete: completeGooglenetTorchvisionOptions,
  make: (options) => googlenet_torchvision(options) as Sequential, // in training, one with auxiliary classifiers gives more, for its own loss
  loss: ({ auxiliary }) => (auxiliary ? googlenetLoss : undefined),
  figures: {
    parameters: 6_624_904,
    multiplyAdds: 1_498_376_192,
    top1: 69.778,
    top5: 89.53,
    source: 'ImageNet validation, one crop; torchvision, GoogLeNet_Weights.IMAGENET1K_V1',
  },
  torchvision: moduleOf,
};
