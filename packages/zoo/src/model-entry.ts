// What the zoo knows about a model: how it is made, where it comes from, and the figures that were published.

import type { Shape, Tensor } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';

/** The options that every model has. */
export interface CommonOptions {
  /** The number of scores that the model returns for each image, or for each pixel. */
  readonly classes: number;
  /** `[height, width, channels]`. */
  readonly inputShape: Shape;
}

/** The loss of a model's own: of what it gives in training and int32 labels. */
export type ModelLoss = (scores: Tensor, labels: Tensor) => Tensor;

/** Figures of a model with its default options. */
export interface ModelFigures {
  /** The number of values that training changes; running statistics are not among them. */
  readonly parameters: number;
  /** Multiplications that are followed by an addition, for one image: in convolutions, dense layers and attention. */
  readonly multiplyAdds: number;
  /** Published accuracy in percent: how often the right class has the highest score. */
  readonly top1?: number;
  /** Published accuracy in percent: how often the right class is among the five highest scores. */
  readonly top5?: number;
  /** The data of the accuracies, and where they were published. */
  readonly source?: string;
}

/** The two parts that a layer's values belong to: kernel and bias, or what a batch normalisation has. */
export type LayerPart = 'weights' | 'normalisation';

/**
 * A model as the list of models holds it. Each file of the list exports one for every model that it defines, under the model's name and `Entry`:
 * `lenet5` and `lenet5Entry`.
 */
export interface ModelEntry<Options extends CommonOptions = CommonOptions, Network extends Layer = Layer> {
  readonly name: string;
  /** The name as the paper writes it. */
  readonly title: string;
  readonly year: number;
  readonly paper: { readonly citation: string; readonly url: string };
  /**
   * Checks options, which may come from anywhere, and adds the defaults.
   * @throws SinapseError when a name is unknown or a value out of range
   */
  complete(given: unknown): Options;
  /** Makes the model, not built. */
  make(options: Options): Network;
  /** The loss to train with, if it is not `softmaxCrossEntropy`. */
  loss?(options: Options): ModelLoss | undefined;
  /** The factor that turns pixels from 0 to 255 into the model's input, if the paper gives one. */
  preprocessing?(options: Options): { readonly scale: number } | undefined;
  readonly figures: ModelFigures;
  /**
   * torchvision's name of the module that holds a part of a layer, where torchvision has the network: `conv2_1/conv1` is `layer1.0.conv1`, and its
   * normalisation `layer1.0.bn1`.
   */
  readonly torchvision?: (layerPath: string, part: LayerPart) => string;
}
