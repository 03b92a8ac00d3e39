// U-Net: Ronneberger, Fischer, Brox: "U-Net: convolutional networks for biomedical image segmentation", MICCAI 2015 (arXiv 1505.04597), figure 1.

import type { OptionChecks } from '@sinapse/core';
import { SinapseError, check } from '@sinapse/core';
import type { Graph, SequentialEntry, SymbolicTensor } from '@sinapse/layers';
import { concatenate, connect, conv2d, conv2dTranspose, cropping2d, dropout, graph, initializers, input, maxPool2d } from '@sinapse/layers';
import type { ImageNetworkOptions } from '../image-classifier.ts';
import { completeOptions, imageNetworkChecks, widened } from '../image-classifier.ts';
import type { ModelEntry } from '../model-entry.ts';

export interface UnetOptions extends ImageNetworkOptions {
  /**
   * `valid`: convolutions use no zeros around the image, as in the paper; the result is smaller than the image by 92 pixels at each side. `same`: it is as
   * large as the image. Default `valid`.
   */
  readonly padding?: 'valid' | 'same';
}

export type CompleteUnetOptions = Required<UnetOptions>;

/** The channels of each level from the top to the bottom; each level has half the image of the one above. */
const CHANNELS = [64, 128, 256, 512, 1024];

/** The size of the smallest image without padding, of which 4 by 4 pixels are left. */
const SMALLEST = 188;

const CHECKS: OptionChecks<UnetOptions> = { padding: check.oneOf(['valid', 'same']), ...imageNetworkChecks([16, 16, 1]) };

/** "Drawing the initial weights from a Gaussian distribution with a standard deviation of √(2/N)": He et al. 2015. */
const kernelInitializer = initializers.heNormal;

function complete(given: unknown): CompleteUnetOptions {
  const options = completeOptions('unet', given, CHECKS, { padding: 'valid', classes: 2, inputShape: [572, 572, 1], width: 1 });
  const { padding, inputShape } = options;
  const fits = (length: number): boolean => (padding === 'same' ? length % 16 === 0 : length % 16 === 12 && length >= SMALLEST);
  if (inputShape.slice(0, 2).every(fits)) return options;
  const right = padding === 'same' ? 'multiples of 16' : `16 n + 12, from ${SMALLEST} (188, 204, … 572)`;
  throw new SinapseError(
    `unet: inputShape: with the padding ${padding}, height and width must be ${right}, so that no level halves an odd length; got [${inputShape.join(',')}]`,
  );
}

/**
 * U-Net: 31,030,658 parameters for two classes. A convolutional network that halves the image four times is followed by one that doubles it again, and
 * each level of the second sees what the same level of the first has found. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits of every pixel, `[batch, rows, columns, classes]`, for
 * `softmaxCrossEntropy` with labels `[batch, rows, columns]`: for 572 by 572 pixels those of the 388 by 388 in the middle. The paper trains with single
 * images, momentum 0.99, elastic deformations, and a loss that weighs the borders between cells.
 * @throws SinapseError when an option is unknown or out of range, or a size does not fit the levels
 */
export function unet(options: UnetOptions = {}): Graph {
  const completed = complete(options);
  const { classes, inputShape, width, padding } = completed;
  const channels = CHANNELS.map((count) => widened(count, width));
  const convolutions = (level: string, filters: number): SequentialEntry[] =>
    ['conv1', 'conv2'].map((name) => [
      `${level}_${name}`,
      conv2d({ filters, kernelSize: 3, padding: padding === 'same' ? 1 : 0, activation: 'relu', kernelInitializer }),
    ]);
  const image = input(inputShape);
  const found: SymbolicTensor[] = []; // what each level but the lowest has found on the way down
  let y = image;
  for (const [i, filters] of channels.entries()) {
    if (i > 0) {
      found.push(y);
      y = y.to([`pool${i}`, maxPool2d()]);
    }
    y = y.to(...convolutions(`down${i + 1}`, filters));
  }
  // "Drop-out layers at the end of the contracting path perform further implicit data augmentation."
  y = y.to(['dropout', dropout({ rate: 0.5 })]);
  for (let level = found.length; level > 0; level--) {
    const filters = channels[level - 1]!;
    const skipped = found[level - 1]!;
    const wide = y.to([`up${level}`, conv2dTranspose({ filters, kernelSize: 2, strides: 2, kernelInitializer })]);
    const border = (skipped.shape[0]! - wide.shape[0]!) / 2;
    const cut = border === 0 ? skipped : skipped.to([`crop${level}`, cropping2d({ cropping: border })]);
    y = connect([cut, wide], [`concatenate${level}`, concatenate()], ...convolutions(`up${level}`, filters));
  }
  const outputs = y.to(['classifier', conv2d({ filters: classes, kernelSize: 1, kernelInitializer })]);
  return graph({ inputs: image, outputs, madeBy: { layer: 'unet', arguments: [completed] } });
}

export const unetEntry: ModelEntry<CompleteUnetOptions, Graph> = {
  name: 'unet',
  title: 'U-Net',
  year: 2015,
  paper: {
    citation: 'Ronneberger, Fischer, Brox: U-Net: convolutional networks for biomedical image segmentation. MICCAI 2015',
    url: 'https://arxiv.org/abs/1505.04597',
  },
  complete,
  make: unet,
  figures: { parameters: 31_030_658, multiplyAdds: 150_428_424_448 },
};
