// Multi-layer perceptron: Rumelhart, Hinton, Williams: "Learning representations by back-propagating errors", Nature 323, 1986.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { Sequential, SequentialEntry } from '@sinapse/layers';
import { dense, dropout, flatten, sequential } from '@sinapse/layers';
import type { ModelEntry } from './model-entry.ts';
import type { ImageShape } from './options.ts';
import { imageShape } from './options.ts';

/** The activations of the hidden layers: those that work element by element and need no parameter. */
const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'leakyRelu', 'elu', 'selu', 'gelu', 'swish', 'softplus', 'softsign', 'linear'] as const;

export interface MlpOptions {
  /** The number of classes, from 2 to 10,000. Default 10. */
  readonly classes?: number;
  /** `[height, width, channels]`, at most [512, 512, 16]. Default [28, 28, 1]. */
  readonly inputShape?: ImageShape;
  /** The units of each hidden layer, each from 1 to 65,536; an empty list is a linear classifier. Default [300, 100]. */
  readonly hidden?: readonly number[];
  /** The activation of the hidden layers. Default `relu`. */
  readonly activation?: (typeof ACTIVATIONS)[number];
  /** The rate of dropout after each hidden layer, within [0, 1). Default 0. */
  readonly dropout?: number;
}

export type CompleteMlpOptions = Required<MlpOptions>;

const MLP: OptionChecks<MlpOptions> = {
  classes: check.integer(2, 10_000),
  inputShape: imageShape([1, 1, 1], [512, 512, 16]),
  hidden: {
    expected: 'a list of at most 100 integers from 1 to 65,536',
    accepts: (value) =>
      Array.isArray(value) && value.length <= 100 && value.every((units) => Number.isInteger(units) && units >= 1 && units <= 65_536),
  },
  activation: check.oneOf(ACTIVATIONS),
  dropout: check.fraction,
};

/**
 * Checks options, which may come from anywhere, and adds the defaults.
 * @throws SinapseError when a name is unknown or a value out of range
 */
function completeMlpOptions(given: unknown): CompleteMlpOptions {
  checkOptions('mlp', given, MLP);
  const { classes = 10, inputShape = [28, 28, 1], hidden = [300, 100], activation = 'relu', dropout: rate = 0 }: MlpOptions = { ...given };
  return { classes, inputShape: [...inputShape], hidden: [...hidden], activation, dropout: rate };
}

/**
 * A multi-layer perceptron: 266,610 parameters for images of 28 by 28 by 1, hidden layers of 300 and 100 units, and 10 classes. These are the sizes of
 * LeCun et al. 1998, who give its error on MNIST. `model.build(inputShape, seed)` makes the parameters.
 *
 * The model takes float32 images `[batch, height, width, channels]` and returns logits `[batch, classes]`, for `softmaxCrossEntropy`.
 * @throws SinapseError when an option is unknown or out of range
 */
export function mlp(options: MlpOptions = {}): Sequential {
  const complete = completeMlpOptions(options);
  const { classes, hidden, activation, dropout: rate } = complete;
  return sequential(
    [
      ['flatten', flatten()],
      ...hidden.flatMap((units, i): SequentialEntry[] => [
        [`hidden${i + 1}`, dense({ units, activation })],
        ...(rate > 0 ? [[`dropout${i + 1}`, dropout({ rate })] as const] : []),
      ]),
      ['output', dense({ units: classes })],
    ],
    { madeBy: { layer: 'mlp', arguments: [complete] } },
  );
}

export const mlpEntry: ModelEntry<CompleteMlpOptions, Sequential> = {
  name: 'mlp',
  title: 'Multi-layer perceptron',
  year: 1986,
  paper: {
    citation: 'Rumelhart, Hinton, Williams: Learning representations by back-propagating errors. Nature 323, 1986',
    url: 'https://doi.org/10.1038/323533a0',
  },
  complete: completeMlpOptions,
  make: mlp,
  figures: {
    parameters: 266_610,
    multiplyAdds: 266_200,
    top1: 96.95,
    source: 'MNIST, with tanh; figure 9 of LeCun et al. 1998, Gradient-based learning applied to document recognition',
  },
};
