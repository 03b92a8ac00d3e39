// Vision transformers: Dosovitskiy, Beyer, Kolesnikov, Weissenborn, Zhai, Unterthiner, Dehghani, Minderer, Heigold, Gelly, Uszkoreit, Houlsby: "An image
// is worth 16x16 words: transformers for image recognition at scale", ICLR 2021 (arXiv 2010.11929). Their small forms are those of Touvron, Cord, Douze,
// Massa, Sablayrolles, Jégou: "Training data-efficient image transformers & distillation through attention", ICML 2021 (arXiv 2012.12877), table 1.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check } from '@sinapse/core';
import type { Residual, Sequential, SequentialEntry } from '@sinapse/layers';
import { conv2d, dense, initializers, layerNorm, multiHeadAttention, reshape, residual, sequential } from '@sinapse/layers';
import type { ImageNetworkOptions } from '../image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks, widened } from '../image-classifier.ts';
import type { LayerPart, ModelEntry } from '../model-entry.ts';
import { FirstToken } from './first-token.ts';
import { ImageTokens } from './image-tokens.ts';

export interface VitOptions extends ImageNetworkOptions {
  /** The height and width of a patch, which divide those of the image; from 1 to 64. Default 16. */
  readonly patch?: number;
  /** The number of blocks, from 1 to 48. Default 12. */
  readonly depth?: number;
}

export type CompleteVitOptions = Required<VitOptions>;

/** The number of attention heads. */
const HEADS = { vittiny: 3, vitsmall: 6 } as const;

/** The features of a head; a token has those of all heads. */
const HEAD_FEATURES = 64;

/** The hidden units of a block's perceptron, as a multiple of the features. */
const EXPANSION = 4;

/** The epsilon of the authors' code. */
const EPSILON = 1e-6;

const CHECKS: OptionChecks<VitOptions> = {
  ...imageNetworkChecks([1, 1, 1]),
  patch: check.integer(1, 64),
  depth: check.integer(1, 48),
};

const kernelInitializer = initializers.truncatedNormal({ deviation: 0.02 });

function complete(name: string, given: unknown): CompleteVitOptions {
  const options = completeOptions(name, given, CHECKS, { ...IMAGENET, patch: 16, depth: 12 });
  const { inputShape, patch } = options;
  const [height, width] = inputShape;
  if (height % patch !== 0 || width % patch !== 0)
    throw new SinapseError(`${name}: patch: ${patch} must divide the height and the width of the image, ${height} and ${width}`);
  return options;
}

/**
 * ViT-Tiny with patches of 16 by 16: 5,717,416 parameters for 1000 classes, in 12 blocks of attention with three heads. `width` is a factor for the
 * number of heads. `model.build(inputShape, seed)` makes the parameters.
 *
 * The vision transformers take float32 images `[batch, height, width, channels]` and return logits `[batch, classes]`, for `softmaxCrossEntropy`. The
 * paper of the small forms trains 300 epochs with batches of 1024, AdamW with a learning rate of 0.001 that falls like a cosine after 5 epochs of
 * warm-up, weight decay 0.05, label smoothing 0.1, and strong augmentation. Images are prepared as for `resnet18`.
 * @throws SinapseError when an option is unknown or out of range, or the patch does not divide the image
 */
export function vittiny(options: VitOptions = {}): Sequential {
  return vit('vittiny', options);
}

/**
 * ViT-Small with patches of 16 by 16: 22,050,664 parameters for 1000 classes, in 12 blocks of attention with six heads. See `vittiny`.
 * @throws SinapseError when an option is unknown or out of range, or the patch does not divide the image
 */
export function vitsmall(options: VitOptions = {}): Sequential {
  return vit('vitsmall', options);
}

function vit(name: keyof typeof HEADS, options: VitOptions): Sequential {
  const completed = complete(name, options);
  const { classes, inputShape, patch, depth, width } = completed;
  const heads = widened(HEADS[name], width);
  const features = HEAD_FEATURES * heads;
  const patches = (inputShape[0] / patch) * (inputShape[1] / patch);
  return sequential(
    [
      ['patches', conv2d({ filters: features, kernelSize: patch, strides: patch, kernelInitializer })],
      ['reshape', reshape([patches, features])],
      ['tokens', new ImageTokens()],
      ...Array.from({ length: depth }, (_, i): SequentialEntry => [`block${i + 1}`, block(heads)]),
      ['norm', layerNorm({ epsilon: EPSILON })],
      ['first', new FirstToken()],
      ['classifier', dense({ units: classes, kernelInitializer })],
    ],
    { madeBy: { layer: name, arguments: [completed] } },
  );
}

/** x + attention(norm(x)), then the same with a perceptron of two layers: eq. 2 and 3. */
function block(heads: number): Sequential {
  const features = HEAD_FEATURES * heads;
  const attending: Residual = residual([
    ['norm', layerNorm({ epsilon: EPSILON })],
    ['attention', multiHeadAttention({ numHeads: heads, keyDim: HEAD_FEATURES, kernelInitializer })],
  ]);
  const perceptron: Residual = residual([
    ['norm', layerNorm({ epsilon: EPSILON })],
    ['dense1', dense({ units: EXPANSION * features, activation: 'gelu', kernelInitializer })],
    ['dense2', dense({ units: features, kernelInitializer })],
  ]);
  return sequential([
    ['attending', attending],
    ['perceptron', perceptron],
  ]);
}

/** The places of a block's layers in torchvision's. */
const BLOCK: Readonly<Record<string, string>> = {
  'attending/norm': 'ln_1',
  'attending/attention': 'self_attention',
  'perceptron/norm': 'ln_2',
  'perceptron/dense1': 'mlp.0',
  'perceptron/dense2': 'mlp.3',
};

const OUTSIDE: Readonly<Record<string, string>> = {
  patches: 'conv_proj',
  'tokens/token': 'class_token',
  'tokens/positions': 'encoder.pos_embedding',
  norm: 'encoder.ln',
  classifier: 'heads.head',
};

/** `patches`, `block1/attending/attention` and `norm` are `conv_proj`, `encoder.layers.encoder_layer_0.self_attention` and `encoder.ln`. */
function vitModule(layerPath: string, _part: LayerPart): string {
  const [, number, layer] = /^block(\d+)\/(.+)$/.exec(layerPath) ?? [];
  if (layer === undefined) return OUTSIDE[layerPath]!;
  return `encoder.layers.encoder_layer_${Number(number) - 1}.${BLOCK[layer]!}`;
}

const PAPER = {
  citation:
    'Touvron, Cord, Douze, Massa, Sablayrolles, Jégou: Training data-efficient image transformers & distillation through attention. ICML 2021',
  url: 'https://arxiv.org/abs/2012.12877',
};
const SOURCE = 'ImageNet validation, one crop; DeiT, https://github.com/facebookresearch/deit';

export const vittinyEntry: ModelEntry<CompleteVitOptions, Sequential> = {
  name: 'vittiny',
  title: 'ViT-Tiny/16',
  year: 2020,
  paper: PAPER,
  complete: (given) => complete('vittiny', given),
  make: vittiny,
  figures: { parameters: 5_717_416, multiplyAdds: 1_253_683_200, top1: 72.2, top5: 91.1, source: SOURCE },
  torchvision: vitModule,
};

export const vitsmallEntry: ModelEntry<CompleteVitOptions, Sequential> = {
  name: 'vitsmall',
  title: 'ViT-Small/16',
  year: 2020,
  paper: PAPER,
  complete: (given) => complete('vitsmall', given),
  make: vitsmall,
  figures: { parameters: 22_050_664, multiplyAdds: 4_598_882_304, top1: 79.9, top5: 95, source: SOURCE },
  torchvision: vitModule,
};
