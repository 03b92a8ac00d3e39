// LeNet-5: LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document recognition", Proceedings of the IEEE 86 (11), 1998.

import type { Sequential } from '@sinapse/layers';
import { avgPool2d, conv2d, dense, flatten, maxPool2d, sequential } from '@sinapse/layers';
import type { ModelEntry } from '../model-entry.ts';
import { lenet5MapLoss } from './losses.ts';
import type { CompleteLenet5Options, Lenet5Options, ModernLenet5Options } from './options.ts';
import { completeLenet5Options } from './options.ts';
import { originalLenet5 } from './original.ts';

/**
 * LeNet-5 as it is built today: 61,706 parameters for images of 28 by 28 by 1 and 10 classes; it returns logits, for `softmaxCrossEntropy`.
 * With `variant: 'original'`, the network of the paper: it returns negated distances, for `lenet5MapLoss`. `model.build(inputShape, seed)`
 * makes the parameters. The model takes float32 images `[batch, height, width, channels]`, 0 for the background and 1 for ink. It returns
 * scores `[batch, classes]`; the largest belongs to the predicted class.
 * @throws SinapseError when an option is unknown or out of range
 */
export function lenet5(options: Lenet5Options = {}): Sequential {
  const complete = completeLenet5Options(options);
  return complete.variant === 'modern' ? modernLenet5(complete) : originalLenet5(complete);
}

function modernLenet5(options: Required<ModernLenet5Options>): Sequential {
  const { classes, activation, pooling } = options;
  const pool = (): ReturnType<typeof maxPool2d | typeof avgPool2d> =>
    pooling === 'max' ? maxPool2d({ window: 2 }) : avgPool2d({ window: 2 });
  return sequential(
    [
      ['conv1', conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation })],
      ['pool1', pool()],
      ['conv2', conv2d({ filters: 16, kernelSize: 5, activation })],
      ['pool2', pool()],
      ['flatten', flatten()],
      ['dense1', dense({ units: 120, activation })],
      ['dense2', dense({ units: 84, activation })],
      ['dense3', dense({ units: classes })],
    ],
    { madeBy: { layer: 'lenet5', arguments: [options] } },
  );
}

export const lenet5Entry: ModelEntry<CompleteLenet5Options, Sequential> = {
  name: 'lenet5',
  title: 'LeNet-5',
  year: 1998,
  paper: {
    citation:
      'LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition. Proceedings of the IEEE 86 (11), 1998',
    url: 'https://doi.org/10.1109/5.726791',
  },
  complete: completeLenet5Options,
  make: lenet5,
  loss: ({ variant }) => (variant === 'original' ? lenet5MapLoss : undefined),
  preprocessing: ({ variant }) => (variant === 'original' ? { scale: 1 / 255 } : undefined),
  figures: {
    parameters: 61_706,
    multiplyAdds: 416_520,
    top1: 99.05,
    source: 'MNIST, the original network without distortions; figure 9 of the paper',
  },
};
