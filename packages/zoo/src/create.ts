// The list of models, and how to make one by its name, for command lines and model files. A file holds a name and options, and names no code
// to run.

import type { Shape, Tensor } from '@sinapse/core';
import { knownName } from '@sinapse/core';
import type { Sequential } from '@sinapse/layers';
import { lenet5 } from './lenet5/lenet5.ts';
import { lenet5MapLoss } from './lenet5/losses.ts';
import type { CompleteLenet5Options } from './lenet5/options.ts';
import { completeLenet5Options } from './lenet5/options.ts';
import type { CompleteResnet20Options, CompleteResnet50Options } from './resnet/options.ts';
import { completeResnet20Options, completeResnet50Options } from './resnet/options.ts';
import { resnet20 } from './resnet/resnet20.ts';
import { resnet50 } from './resnet/resnet50.ts';

export type { CompleteResnet20Options, CompleteResnet50Options, Resnet20Options, Resnet50Options } from './resnet/options.ts';
export { lenet5, resnet20, resnet50 };

export type ModelName = 'lenet5' | 'resnet20' | 'resnet50';

/** The complete options of a model, which a model file stores with its name. */
export type ModelOptions = CompleteLenet5Options | CompleteResnet20Options | CompleteResnet50Options;

export interface ZooModel {
  readonly name: ModelName;
  readonly options: ModelOptions;
  /** The model, not built: `model.build(inputShape, seed)` makes its parameters. */
  readonly model: Sequential;
  /** `[height, width, channels]`. */
  readonly inputShape: Shape;
  /** The number of scores that the model returns for each image. */
  readonly classes: number;
  /** The loss to train with, of scores `[batch, classes]` and int32 labels `[batch]`. If absent, use `softmaxCrossEntropy`. */
  readonly loss?: (scores: Tensor, labels: Tensor) => Tensor;
  /**
   * The factor that turns pixels from 0 to 255 into the model's input, if its paper gives one. If absent, use the data set's usual
   * preprocessing.
   */
  readonly preprocessing?: { readonly scale: number };
}

const makers: Readonly<Record<ModelName, (options: unknown) => Omit<ZooModel, 'name'>>> = {
  lenet5: (given) => {
    const options = completeLenet5Options(given);
    const { classes, inputShape, variant } = options;
    const original = variant === 'original' && { loss: lenet5MapLoss, preprocessing: { scale: 1 / 255 } };
    return { options, model: lenet5(options), inputShape, classes, ...original };
  },
  resnet20: (given) => {
    const options = completeResnet20Options(given);
    return { options, model: resnet20(options), inputShape: options.inputShape, classes: options.classes };
  },
  resnet50: (given) => {
    const options = completeResnet50Options(given);
    return { options, model: resnet50(options), inputShape: options.inputShape, classes: options.classes };
  },
};

/**
 * The functions that make the models, by name. With the layers, they open any model file: `openModel(file, { ...allLayers, ...allModels })`, where
 * `openModel` is in @sinapse/training and `allLayers` in @sinapse/layers.
 */
export const allModels: Readonly<Record<ModelName, (options: never) => Sequential>> = { lenet5, resnet20, resnet50 };

/** The names that `createModel` knows. */
export const modelNames: readonly ModelName[] = Object.keys(makers) as ModelName[];

/**
 * Makes a model by its name: `createModel('lenet5', { classes: 3 })`.
 * @param options as for the model's own function; names and values are checked, so they may come from a JSON file
 * @throws SinapseError when the name or an option is unknown, or an option is out of range
 */
export function createModel(name: string, options: Readonly<Record<string, unknown>> = {}): ZooModel {
  const known = knownName('model', name, modelNames);
  return { name: known, ...makers[known](options) };
}
