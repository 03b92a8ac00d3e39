// SqueezeNet: Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer: "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016 (arXiv 1602.07360).

import type { Layer, Sequential, SequentialEntry } from '@sinapse/layers';
import { branches, conv2d, dropout, globalAvgPool2d, initializers, maxPool2d, sequential } from '@sinapse/layers';
import type { ModelEntry, ModelFigures } from './model-entry.ts';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from './image-classifier.ts';
import { IMAGENET, completeOptions, imageNetworkChecks, widened } from './image-classifier.ts';

/** The filters of a fire module: those that squeeze, and as many of 1 by 1 as of 3 by 3 that expand. */
const FIRES: Readonly<Record<string, readonly [squeeze: number, expand: number]>> = {
  fire2: [16, 64],
  fire3: [16, 64],
  fire4: [32, 128],
  fire5: [32, 128],
  fire6: [48, 192],
  fire7: [48, 192],
  fire8: [64, 256],
  fire9: [64, 256],
};

/** The first convolution, and the layers between it and the last, in order. Version 1.1 pools earlier, and takes 2.4 times fewer operations. */
const VERSIONS = {
  squeezenet10: {
    first: { filters: 96, kernelSize: 7 },
    layers: ['pool1', 'fire2', 'fire3', 'fire4', 'pool4', 'fire5', 'fire6', 'fire7', 'fire8', 'pool8', 'fire9'],
  },
  squeezenet11: {
    first: { filters: 64, kernelSize: 3 },
    layers: ['pool1', 'fire2', 'fire3', 'pool3', 'fire4', 'fire5', 'pool5', 'fire6', 'fire7', 'fire8', 'fire9'],
  },
} as const;

type Name = keyof typeof VERSIONS;

function completeSqueezenetOptions(name: Name, given: unknown): CompleteImageNetworkOptions {
  return completeOptions(name, given, imageNetworkChecks([32, 32, 1]), IMAGENET);
}

function squeezenet(name: Name, options: ImageNetworkOptions): Sequential {
  const complete = completeSqueezenetOptions(name, options);
  const { classes, width } = complete;
  const { heUniform: kernelInitializer } = initializers;
  const convolution = (filters: number, kernelSize: number): Layer =>
    conv2d({ filters: widened(filters, width), kernelSize, padding: (kernelSize - 1) / 2, activation: 'relu', kernelInitializer });
  const fire = (squeeze: number, expand: number): Layer =>
    sequential([
      ['squeeze', convolution(squeeze, 1)],
      ['expand', branches({ '1x1': [['conv', convolution(expand, 1)]], '3x3': [['conv', convolution(expand, 3)]] })],
    ]);
  // Windows at the lower and right border may reach over it: what other libraries call ceil mode.
  const pooling = { window: 3, strides: 2, padding: [[0, 1], [0, 1]] } as const; // prettier-ignore
  const { first, layers } = VERSIONS[name];
  return sequential(
    [
      ['conv1', conv2d({ ...first, filters: widened(first.filters, width), strides: 2, activation: 'relu', kernelInitializer })],
      ...layers.map((layer): SequentialEntry => {
        const filters = FIRES[layer];
        return [layer, filters === undefined ? maxPool2d(pooling) : fire(...filters)];
      }),
      ['dropout9', dropout({ rate: 0.5 })],
      [
        'conv10',
        conv2d({ filters: classes, kernelSize: 1, activation: 'relu', kernelInitializer: initializers.normal({ deviation: 0.01 }) }),
      ],
      ['pool10', globalAvgPool2d()],
    ],
    { madeBy: { layer: name, arguments: [complete] } },
  );
}

/**
 * SqueezeNet 1.0, the paper's network: 1,248,424 parameters for 1000 classes. A fire module squeezes its input into few channels with convolutions of 1 by
 * 1, then expands it with some of 1 by 1 and some of 3 by 3. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. The authors train
 * with batches of 512, weight decay 0.0002, momentum 0.9 and a learning rate that falls from 0.04 in a straight line. Published weights of torchvision take
 * RGB from 0 to 1, less [0.485, 0.456, 0.406], divided by [0.229, 0.224, 0.225].
 * @throws SinapseError when an option is unknown or out of range
 */
export function squeezenet10(options: ImageNetworkOptions = {}): Sequential {
  return squeezenet('squeezenet10', options);
}

/** SqueezeNet 1.1 of the same authors: 1,235,496 parameters, and 2.3 times fewer operations at the same accuracy. See `squeezenet10`. */
export function squeezenet11(options: ImageNetworkOptions = {}): Sequential {
  return squeezenet('squeezenet11', options);
}

function entry(name: Name, title: string, figures: ModelFigures): ModelEntry<CompleteImageNetworkOptions, Sequential> {
  return {
    name,
    title,
    year: 2016,
    paper: {
      citation: 'Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer: SqueezeNet: AlexNet-level accuracy with 50x fewer parameters. 2016',
      url: 'https://arxiv.org/abs/1602.07360',
    },
    complete: (given) => completeSqueezenetOptions(name, given),
    make: (options) => squeezenet(name, options),
    figures,
    torchvision: (layerPath) => moduleOf(name, layerPath),
  };
}

/** `fire2/expand/1x1/conv` is `features.3.expand1x1`: torchvision numbers the first convolution, its activation, and all that follows. */
function moduleOf(name: Name, layerPath: string): string {
  if (layerPath === 'conv1') return 'features.0';
  if (layerPath === 'conv10') return 'classifier.1';
  const [layer, part, size = ''] = layerPath.split('/');
  return `features.${2 + (VERSIONS[name].layers as readonly string[]).indexOf(layer!)}.${part}${size}`;
}

export const squeezenet10Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry(
  'squeezenet10',
  'SqueezeNet 1.0',
  {
    parameters: 1_248_424,
    multiplyAdds: 818_924_576,
    top1: 57.5,
    top5: 80.3,
    source: 'ImageNet validation; table 2 of the paper',
  },
);

export const squeezenet11Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = /* @__PURE__ */ entry(
  'squeezenet11',
  'SqueezeNet 1.1',
  {
    parameters: 1_235_496,
    multiplyAdds: 349_151_936,
    top1: 58.178,
    top5: 80.624,
    source: 'ImageNet validation, one crop; torchvision, SqueezeNet1_1_Weights.IMAGENET1K_V1',
  },
);
