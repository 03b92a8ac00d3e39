// Opens a model file for use. The file is untrusted: everything in it is checked first.

import { SinapseError } from '@sinapse/core';
import { parsePreprocessing } from '@sinapse/datasets';
import type { Preprocessing } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { loadWeights } from '@sinapse/training';
import type { Loss, ModelCard } from '@sinapse/training';
import { loadModel } from '@sinapse/training/node';
import { createModel } from '@sinapse/zoo';
import type { ZooModel } from '@sinapse/zoo';
import { printable } from './output/printable.ts';

/** Says that a model file cannot be used, or not for this purpose. The message is one line that names the file. */
export class ModelFileError extends Error {
  override name = 'ModelFileError';
}

export interface TrainedModel {
  readonly path: string;
  readonly zoo: ZooModel;
  readonly loss: Loss;
  readonly preprocessing: Preprocessing;
  /** One label for each class. */
  readonly labels: readonly string[];
}

/**
 * Reads a model file and puts its weights into a model on the backend in use.
 * @throws TrainingError, FormatError, ModelFileError
 */
export async function openModel(path: string): Promise<TrainedModel> {
  const { card, arrays } = await loadModel(path);
  try {
    const zoo = createModel(card.architecture, card.options as Readonly<Record<string, unknown>>);
    const labels = labelsOf(card, zoo.classes);
    const preprocessing = parsePreprocessing(card.preprocessing ?? { scale: 1 / 255 });
    zoo.model.build(zoo.inputShape, 0);
    loadWeights(zoo.model, arrays);
    return { path, zoo, loss: lossOf(zoo), preprocessing, labels };
  } catch (error) {
    if (!(error instanceof SinapseError)) throw error;
    throw new ModelFileError(`${path}: ${error.message}`, { cause: error });
  }
}

/** The loss that a model of the zoo is trained with. */
export function lossOf(zoo: ZooModel): Loss {
  return zoo.loss ?? softmaxCrossEntropy;
}

function labelsOf({ labels }: ModelCard, classes: number): readonly string[] {
  if (labels === undefined) return Array.from({ length: classes }, (_, i) => String(i));
  if (labels.length !== classes) throw new SinapseError(`the file names ${labels.length} classes, its model tells ${classes} apart`);
  return labels.map(printable);
}
