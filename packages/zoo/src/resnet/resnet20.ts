// ResNet-20 for small images: He, Zhang, Ren, Sun: "Deep residual learning for image recognition", CVPR 2016 (arXiv 1512.03385), section 4.2.

import type { Residual, Sequential, SequentialEntry } from '@sinapse/layers';
import { globalAvgPool2d, identityShortcut, residual, sequential } from '@sinapse/layers';
import type { ModelEntry } from '../model-entry.ts';
import { classifier, convolution } from './convolution.ts';
import type { CompleteResnet20Options, Resnet20Options } from './options.ts';
import { completeResnet20Options } from './options.ts';

/** The paper's n: 6 n + 2 layers with weights. */
const BLOCKS = 3;
const FILTERS = [16, 32, 64];

/**
 * ResNet-20, the paper's network for CIFAR-10: 269,722 parameters for 10 classes. It is a convolution, three stages of three blocks, global
 * average pooling and a dense layer. A block has two convolutions of 3 by 3. The stages have images of 32, 16 and 8 pixels and 16, 32 and
 * 64 channels. Shortcuts are identities (option A). `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`. The
 * paper subtracts the mean of each pixel over the training images, pads by 4 pixels, crops and mirrors at random, and trains with batches
 * of 128, weight decay 0.0001, momentum 0.9 and a learning rate of 0.1, divided by 10 after 32,000 and 48,000 of 64,000 steps. Its error is
 * 8.75 %.
 * @throws SinapseError when an option is unknown or out of range
 */
export function resnet20(options: Resnet20Options = {}): Sequential {
  const complete = completeResnet20Options(options);
  const { classes } = complete;
  return sequential(
    [
      ['conv1', convolution(16, 3)],
      ...FILTERS.flatMap((filters, stage) =>
        Array.from({ length: BLOCKS }, (_, i): SequentialEntry => {
          const strides = stage > 0 && i === 0 ? 2 : 1;
          return [`conv${stage + 2}_${i + 1}`, block(filters, strides)];
        }),
      ),
      ['pool', globalAvgPool2d()],
      ['classifier', classifier(classes)],
    ],
    { madeBy: { layer: 'resnet20', arguments: [complete] } },
  );
}

/** A block of two convolutions of 3 by 3; the first one has the strides. */
function block(filters: number, strides: number): Residual {
  return residual(
    [
      ['conv1', convolution(filters, 3, strides)],
      ['conv2', convolution(filters, 3, 1, 'linear')],
    ],
    { activation: 'relu', ...(strides > 1 && { shortcut: identityShortcut({ filters, strides }) }) },
  );
}

export const resnet20Entry: ModelEntry<CompleteResnet20Options, Sequential> = {
  name: 'resnet20',
  title: 'ResNet-20',
  year: 2015,
  paper: {
    citation: 'He, Zhang, Ren, Sun: Deep residual learning for image recognition. CVPR 2016',
    url: 'https://arxiv.org/abs/1512.03385',
  },
  complete: completeResnet20Options,
  make: resnet20,
  figures: { parameters: 269_722, multiplyAdds: 40_551_040, top1: 91.25, source: 'CIFAR-10; table 6 of the paper' },
};
