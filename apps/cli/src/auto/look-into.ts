// Looks into a trained model, for the report: where it looks in pictures, and which columns of a table it needs.

import type { Model } from '@sinapse/core';
import { SinapseError } from '@sinapse/core';
import type { Picture } from '@sinapse/datasets';
import { summary } from '@sinapse/layers';
import type { HostArray, Loss } from '@sinapse/training';
import { gradCam, heatMaps, permutationImportance, pictureGrid, saliency } from '@sinapse/training/inspection';
import { bestOf } from './measure.ts';
import type { Prediction } from './measure.ts';
import type { ImageProblem, TableProblem } from './problem.ts';

/** A picture of the test and where the network looks, as PNG files in base64. */
export interface LookedAt {
  /** Its place among the predictions. */
  readonly place: number;
  readonly width: number;
  readonly height: number;
  readonly image: string;
  /** How much each pixel changes the score of the answer. */
  readonly saliency: string;
  /** Grad-CAM of the last layer that gives maps; absent if there is none. */
  readonly gradCam?: string;
}

/** So many mistakes, the most confident first, and so many right answers are looked at. */
const MISTAKES = 12;
const RIGHT = 6;

/** Looks into some of the test pictures: the mistakes that the network was surest of, and right answers from all over the test. */
export async function picturesOf(problem: ImageProblem, model: Model, predictions: readonly Prediction[]): Promise<LookedAt[]> {
  const confidence = ({ probabilities }: Prediction): number => Math.max(...probabilities!);
  const isRight = ({ probabilities, target }: Prediction): boolean => bestOf(probabilities!) === target;
  const places = predictions.map((_, place) => place);
  const mistakes = places.filter((place) => !isRight(predictions[place]!)).sort((a, b) => confidence(predictions[b]!) - confidence(predictions[a]!)); // prettier-ignore
  const right = places.filter((place) => isRight(predictions[place]!));
  const step = Math.max(1, Math.floor(right.length / RIGHT));
  const chosen = [...mistakes.slice(0, MISTAKES), ...right.filter((_, i) => i % step === 0).slice(0, RIGHT)];
  const layer = lastMaps(model, problem.inputShape);
  const looked: LookedAt[] = [];
  for (const place of chosen) looked.push(await lookAt(problem, model, place, bestOf(predictions[place]!.probabilities!), layer));
  return looked;
}

async function lookAt(problem: ImageProblem, model: Model, place: number, target: number, layer: string | undefined): Promise<LookedAt> {
  const index = problem.parts.test[place]!;
  const picture = problem.pictureOf(index);
  const x = await inputOf(problem, index);
  const heat = await saliency(model, x, { target });
  const cam = layer === undefined ? undefined : await camOf(model, x, layer, target);
  return {
    place,
    width: picture.width,
    height: picture.height,
    image: await png(picture),
    saliency: await png(pictureGrid(heatMaps(heat))),
    ...(cam && { gradCam: await png(pictureGrid(cam)) }),
  };
}

/** Of some models, such as ensembles, the answer does not depend on the maps of one layer alone. */
async function camOf(model: Model, x: HostArray, layer: string, target: number): Promise<HostArray | undefined> {
  try {
    return await gradCam(model, x, { layer, target });
  } catch (error) {
    if (error instanceof SinapseError) return undefined;
    throw error;
  }
}

/** One example as the network takes it, `[1, …]`. */
async function inputOf(problem: ImageProblem, index: number): Promise<HostArray> {
  for await (const { x } of problem.batches(Int32Array.of(index), { batchSize: 1 }).iterate({ epoch: 1 })) return x as HostArray;
  throw new Error('a batch of one example');
}

/** The last layer whose output is maps of more than one pixel; undefined if there is none that can be looked at. */
function lastMaps(model: Model, inputShape: readonly number[]): string | undefined {
  const { layers } = summary(model, [...inputShape]);
  return layers.findLast(({ outputShape: [height = 0, width = 0, ...rest], path }) => path !== '' && rest.length === 1 && height > 1 && width > 1)?.path; // prettier-ignore
}

async function png({ data, height, width, channels }: Picture): Promise<string> {
  const { default: sharp } = await import('sharp');
  const bytes = await sharp(data, { raw: { height, width, channels: channels as 1 | 3 } })
    .png()
    .toBuffer();
  return bytes.toString('base64');
}

/** How much the loss rises when a column is mixed up. */
export interface ColumnImportance {
  readonly column: string;
  readonly mean: number;
  readonly standardDeviation: number;
}

/** The importance of each column on the test rows. All features of a category are mixed up together. */
export async function importanceOf(problem: TableProblem, model: Model, loss: Loss): Promise<ColumnImportance[]> {
  const found = await permutationImportance(model, problem.batches(problem.parts.test, { batchSize: 256 }), {
    loss,
    features: problem.featureColumns.map(({ name }) => name),
    groups: problem.featureColumns.map(({ places }) => places),
  });
  return found.map(({ feature, rise }) => ({ column: feature, mean: rise.mean, standardDeviation: rise.deviation }));
}
