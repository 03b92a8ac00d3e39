// ResNeXt-50 (32x4d): Xie, Girshick, Dollár, Tu, He: "Aggregated residual transformations for deep neural networks", CVPR 2017 (arXiv 1611.05431).

import type { Sequential } from '@sinapse/layers';
import type { CompleteImageNetworkOptions, ImageNetworkOptions } from '../image-classifier.ts';
import { widened } from '../image-classifier.ts';
import type { ModelEntry } from '../model-entry.ts';
import { bottleneck } from './blocks.ts';
import { convolution } from './convolution.ts';
import { residualNetwork, resnetModule } from './network.ts';
import { completeResnextOptions } from './options.ts';

/** For conv2_x to conv5_x: the number of blocks, as in ResNet-50. */
const BLOCKS = [3, 4, 6, 3];

/** The paths of a block, whose convolutions of 3 by 3 are groups of one convolution (figure 3 c). */
const CARDINALITY = 32;

/** The channels of one path in conv2_x; each further stage has twice as many. */
const PATH_WIDTH = 4;

/**
 * ResNeXt-50 (32x4d): 25,028,904 parameters for 1000 classes. It is a ResNet-50 whose blocks have 32 narrow paths side by side: the convolution of 3
 * by 3 has 32 groups. `model.build(inputShape, seed)` makes the parameters. The model takes float32 images `[batch, height, width, channels]` and
 * returns logits `[batch, classes]`; images are prepared as for `resnet18`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnext50(options: ImageNetworkOptions = {}): Sequential {
  const complete = completeResnextOptions('resnext50', options);
  return residualNetwork(
    BLOCKS,
    (stage, i) => {
      const inner = CARDINALITY * widened(PATH_WIDTH * 2 ** stage, complete.width);
      const filters = 2 * inner;
      const strides = stage > 0 && i === 0 ? 2 : 1;
      const shortcut = i === 0 ? convolution(filters, 1, strides, 'linear') : undefined;
      return bottleneck({ inner, filters, strides, groups: CARDINALITY, shortcut }, 'v1.5');
    },
    complete,
    { layer: 'resnext50', arguments: [complete] },
  );
}

export const resnext50Entry: ModelEntry<CompleteImageNetworkOptions, Sequential> = {
  name: 'resnext50',
  title: 'ResNeXt-50 (32x4d)',
  year: 2016,
  paper: {
    citation: 'Xie, Girshick, Dollár, Tu, He: Aggregated residual transformations for deep neural networks. CVPR 2017',
    url: 'https://arxiv.org/abs/1611.05431',
  },
  complete: (given) => completeResnextOptions('resnext50', given),
  make: resnext50,
  figures: {
    parameters: 25_028_904,
    multiplyAdds: 4_230_479_872,
    top1: 77.618,
    top5: 93.698,
    source: 'ImageNet validation, one crop; torchvision, IMAGENET1K_V1',
  },
  torchvision: resnetModule,
};
