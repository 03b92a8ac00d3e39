// Opens a model file for use. The file is untrusted: everything in it is checked first.

import { SinapseError, formatShape } from '@sinapse/core';
import type { Model, Shape } from '@sinapse/core';
import { parsePreprocessing } from '@sinapse/datasets';
import type { Preprocessing } from '@sinapse/datasets';
import { allLayers } from '@sinapse/layers';
import type { GraphData } from '@sinapse/layers';
import { categoricalCrossEntropy, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { recurrentLayers } from '@sinapse/recurrent';
import { openModel as open } from '@sinapse/training';
import type { Description, Loss, ModelCard } from '@sinapse/training';
import { loadModel } from '@sinapse/training/node';
import { ensembleLayers } from '@sinapse/training/selection';
import { allModels, createModel, modelNames } from '@sinapse/zoo';
import type { ZooModel } from '@sinapse/zoo';
import { printable } from './output/printable.ts';

/** Says that a model file cannot be used, or not for this purpose. The message is one line that names the file. */
export class ModelFileError extends Error {
  override name = 'ModelFileError';
}

/** A model as a file describes it. */
export interface OpenedFile {
  readonly path: string;
  /** Of a model of the zoo its name, otherwise the kind of its outermost layer. */
  readonly name: string;
  readonly model: Model;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly card: ModelCard;
  readonly architecture: Description;
}

/** A model that tells classes of images apart. */
export interface Classifier extends OpenedFile {
  readonly classes: number;
  /** Whether it returns logits, or probabilities because it ends in softmax. */
  readonly output: 'logits' | 'probabilities';
  readonly loss: Loss;
  readonly preprocessing: Preprocessing;
  /** One label for each class. */
  readonly labels: readonly string[];
}

/** The longest label that is shown whole. */
const LONGEST_LABEL = 60;

/** The most values of an image that a model may take: 4096 by 4096 in one channel. A file of a few bytes could ask for any number. */
const MOST_VALUES = 2 ** 24;

/**
 * Reads a model file and puts its weights into the model that it describes, on the backend in use.
 * @throws TrainingError, FormatError, ModelFileError
 */
export async function openModel(path: string): Promise<OpenedFile> {
  const file = await loadModel(path);
  return named(path, () => {
    const opened = open(file, { ...allLayers, ...allModels, ...ensembleLayers, ...recurrentLayers });
    if (!isShape(opened.inputShape) || !isShape(opened.outputShape))
      throw new SinapseError('the model takes or gives several tensors; the command line works with models of one input and one output');
    const architecture = opened.card.architecture!;
    return { ...opened, path, name: printable(architecture.layer), architecture };
  });
}

/**
 * Opens a model file that tells classes of images apart.
 * @throws TrainingError, FormatError, ModelFileError
 */
export async function openClassifier(path: string): Promise<Classifier> {
  return classifierOf(await openModel(path));
}

/** A model that tells classes of images apart. @throws ModelFileError when it is none */
export function classifierOf(opened: OpenedFile): Classifier {
  return named(opened.path, () => {
    const { card, architecture, inputShape, outputShape } = opened;
    if (inputShape.length !== 3 || inputShape.reduce((product, size) => product * size, 1) > MOST_VALUES)
      throw new SinapseError(`the model takes ${formatShape(inputShape)}, not images [height, width, channels]`);
    if (outputShape.length !== 1) throw new SinapseError(`the model returns ${formatShape(outputShape)}, not one score for each class`);
    const classes = outputShape[0]!;
    const preprocessing = parsePreprocessing(card.preprocessing ?? { scale: 1 / 255 });
    return { ...opened, ...lossOfFile(architecture), classes, preprocessing, labels: labelsOf(card, classes) };
  });
}

/** Whether a model takes, or gives, one tensor: several have shapes in lists or objects. */
function isShape(shape: unknown): shape is Shape {
  return Array.isArray(shape) && shape.every((length) => typeof length === 'number');
}

/** The loss that a model of the zoo is trained with. */
export function lossOf(zoo: ZooModel): Loss {
  return zoo.loss ?? softmaxCrossEntropy;
}

/** Whether a model returns logits or probabilities, and the loss of that. */
function lossOfFile(architecture: Description): Pick<Classifier, 'output' | 'loss'> {
  const { layer, arguments: given } = architecture;
  if ((modelNames as readonly string[]).includes(layer))
    return { output: 'logits', loss: lossOf(createModel(layer, given[0] as Record<string, unknown>)) };
  return endsInSoftmax(architecture)
    ? { output: 'probabilities', loss: categoricalCrossEntropy }
    : { output: 'logits', loss: softmaxCrossEntropy };
}

/** Whether the last layer, within `sequential`s and graphs, has the activation softmax. */
function endsInSoftmax({ layer, arguments: given = [] }: Partial<Description>): boolean {
  const [first] = given; // there are no arguments where a layer is said to be the same as an earlier one
  if (layer === 'activation') return isSoftmax(first);
  if (layer === 'pruned') return endsInSoftmax(first as unknown as Description);
  if (layer === 'graph') return endsInSoftmax(lastOfGraph(first as unknown as GraphData));
  if (layer !== 'sequential') return isSoftmax((first as { activation?: unknown } | undefined)?.activation);
  const last = (first as unknown[]).at(-1);
  return endsInSoftmax((Array.isArray(last) ? last[1] : last) as Description);
}

/** The layer that gives the output of a graph; nothing if the output is an input. */
function lastOfGraph({ layers, steps, outputs }: GraphData): Partial<Description> {
  const step = steps.find(({ to }) => to === outputs);
  return (layers.find(([name]) => name === step?.call)?.[1] ?? {}) as Partial<Description>;
}

function isSoftmax(activation: unknown): boolean {
  return activation === 'softmax' || (activation as { name?: unknown } | undefined)?.name === 'softmax';
}

function labelsOf({ labels }: ModelCard, classes: number): readonly string[] {
  if (labels === undefined) return Array.from({ length: classes }, (_, i) => String(i));
  if (labels.length !== classes) throw new SinapseError(`the file names ${labels.length} classes, its model tells ${classes} apart`);
  return labels.map((label) => printable(label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}…` : label));
}

/** Runs a callback; an error about the file names it. */
function named<T>(path: string, callback: () => T): T {
  try {
    return callback();
  } catch (error) {
    if (!(error instanceof SinapseError)) throw error;
    throw new ModelFileError(`${path}: ${error.message}`, { cause: error });
  }
}
