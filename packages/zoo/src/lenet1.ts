// LeNet-1: LeCun, Boser, Denker, Henderson, Howard, Hubbard, Jackel: "Handwritten digit recognition with a back-propagation network", NIPS 1989.

import type { OptionChecks, Tensor } from '@sinapse/core';
import { SinapseError, check, checkOptions, isTensor, mean, mul, oneHot, shown, square, sub, sum } from '@sinapse/core';
import type { Sequential } from '@sinapse/layers';
import { conv2d, dense, flatten, sequential } from '@sinapse/layers';
import { ConnectedMaps } from './lenet5/connected-maps.ts';
import { ImageInput } from './lenet5/image-input.ts';
import { squash, uniformByFanIn } from './lenet5/squash.ts';
import { Subsampling } from './lenet5/subsampling.ts';
import type { ModelEntry } from './model-entry.ts';

export interface Lenet1Options {
  /** The number of classes, from 2 to 10,000. Default 10. */
  readonly classes?: number;
  /** [28, 28, 1], or a smaller image of one channel, which gets a border. Default [28, 28, 1]. */
  readonly inputShape?: readonly [height: number, width: number, channels: 1];
}

export type CompleteLenet1Options = Required<Lenet1Options>;

/** The rows and columns of the image that the first layer takes. */
const SIZE = 28;

/** Table 1 of the paper: for each of the 12 maps of H3, the maps of H2 that it combines. */
const CONNECTIONS = [[0], [0, 1], [0, 1], [1], [0, 1], [0, 1], [2], [2, 3], [2, 3], [3], [2, 3], [2, 3]];

const LENET1: OptionChecks<Lenet1Options> = {
  classes: check.integer(2, 10_000),
  inputShape: {
    expected: `[height, width, 1], both even and from 2 to ${SIZE}`,
    accepts: (value) =>
      Array.isArray(value) && value.length === 3 && value[2] === 1 && value.slice(0, 2).every((n) => n >= 2 && n <= SIZE && n % 2 === 0),
  },
};

/**
 * Checks options, which may come from anywhere, and adds the defaults.
 * @throws SinapseError when a name is unknown or a value out of range
 */
function completeLenet1Options(given: unknown): CompleteLenet1Options {
  checkOptions('lenet1', given, LENET1);
  const { classes = 10, inputShape: [height, width] = [SIZE, SIZE] } = given as Lenet1Options;
  return { classes, inputShape: [height, width, 1] };
}

/**
 * LeNet-1, the first convolutional network that was trained on images of digits by back-propagation: 2,578 parameters, the paper's count. H1 and H3 are
 * convolutions of 5 by 5; each of H3's maps sees one or two of the maps before it. H2 and H4 average 2 by 2 pixels, with a trainable coefficient and bias
 * for each map. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, 1]`, 0 for the background and 1 for ink, which it scales to -1 and 1. It returns scores
 * `[batch, classes]` within ±1.7159, for `lenet1Loss`; the target of the right class is 1, that of all others -1.
 * @throws SinapseError when an option is unknown or out of range
 */
export function lenet1(options: Lenet1Options = {}): Sequential {
  const complete = completeLenet1Options(options);
  const trained = { activation: squash, kernelInitializer: uniformByFanIn };
  return sequential(
    [
      ['input', new ImageInput(SIZE, { background: -1, ink: 1 })],
      ['h1', conv2d({ filters: 4, kernelSize: 5, ...trained })], // 24 by 24 by 4; 104 parameters
      ['h2', new Subsampling()], // 12 by 12 by 4; 8 parameters
      ['h3', new ConnectedMaps(CONNECTIONS, 4)], // 8 by 8 by 12; 512 parameters
      ['h4', new Subsampling()], // 4 by 4 by 12; 24 parameters
      ['flatten', flatten()],
      ['output', dense({ units: complete.classes, ...trained })], // 1,930 parameters
    ],
    { madeBy: { layer: 'lenet1', arguments: [complete] } },
  );
}

/**
 * The squared error, summed over the classes and averaged over the batch: the score of the right class should be 1, all others -1.
 * @param scores float32 `[batch, classes]`
 * @param labels int32 `[batch]`
 * @returns a scalar
 */
export function lenet1Loss(scores: Tensor, labels: Tensor): Tensor {
  if (!isTensor(scores) || scores.rank !== 2)
    throw new SinapseError(`lenet1Loss: the scores must be a tensor [batch, classes], got ${shown(scores)}`);
  if (!isTensor(labels)) throw new SinapseError(`lenet1Loss: the labels must be a tensor, got ${shown(labels)}`);
  const targets = sub(mul(oneHot(labels, scores.shape[1]!), 2), 1);
  return mean(sum(square(sub(scores, targets)), { axis: 1 }));
}

export const lenet1Entry: ModelEntry<CompleteLenet1Options, Sequential> = {
  name: 'lenet1',
  title: 'LeNet-1',
  year: 1989,
  paper: {
    citation:
      'LeCun, Boser, Denker, Henderson, Howard, Hubbard, Jackel: Handwritten digit recognition with a back-propagation network. NIPS 1989',
    url: 'https://papers.nips.cc/paper/1989/hash/53c3bce66e43be4f209556518c2fcb54-Abstract.html',
  },
  complete: completeLenet1Options,
  make: lenet1,
  loss: () => lenet1Loss,
  preprocessing: () => ({ scale: 1 / 255 }),
  figures: {
    parameters: 2578,
    multiplyAdds: 91_520,
    top1: 98.3,
    source: 'MNIST; figure 9 of LeCun et al. 1998, Gradient-based learning applied to document recognition',
  },
};
