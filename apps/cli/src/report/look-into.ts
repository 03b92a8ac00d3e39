// Looks into a trained model: pictures of the test with what decides their answers. They go into the record of the run, because the data may be gone
// when a report is made.

import type { Model } from '@sinapse/core';
import { SinapseError } from '@sinapse/core';
import type { Preprocessing } from '@sinapse/datasets';
import { summary } from '@sinapse/layers';
import { gradCam, heatMaps, pictureGrid, saliency } from '@sinapse/training/inspection';
import type { Picture } from '@sinapse/training/inspection';
import sharp from 'sharp';
import { answerOf } from './measures.ts';
import { mistakesOf, surestOf } from './mistakes.ts';
import type { PictureData, TestPrediction } from './run-data.ts';

interface Inputs {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export interface Pictured {
  readonly model: Model;
  readonly preprocessing: Preprocessing;
  readonly predictions: readonly TestPrediction[];
  /** The input of the network for one prediction, `[1, height, width, channels]`. */
  readonly inputOf: (place: number) => Promise<Inputs>;
}

/** So many mistakes are kept as pictures, and so many right answers. */
const MISTAKES = 12;
const RIGHT = 4;
/** Larger pictures are made smaller. */
const MOST_SIDE = 128;

/** Pictures of the most confident mistakes and of some right answers, with saliency and Grad-CAM. */
export async function lookAtAnswers({ model, preprocessing, predictions, inputOf }: Pictured): Promise<PictureData[]> {
  const places = [...mistakesOf(predictions).slice(0, MISTAKES), ...surestOf(predictions).slice(0, RIGHT)];
  const pictures: PictureData[] = [];
  for (const place of places) {
    const x = await inputOf(place);
    const [, height, width, channels] = x.shape as [number, number, number, number];
    if (channels !== 1 && channels !== 3) return [];
    const target = answerOf(predictions[place]!.probabilities!);
    const image: Picture = { data: pixelsOf(x.data, channels, preprocessing), height, width, channels };
    const salient = pictureGrid(heatMaps(await saliency(model, x, { target })));
    const layer = lastMaps(model, [height, width, channels]);
    const cam = layer === undefined ? undefined : await camOf(model, x, layer, target);
    pictures.push({
      place,
      width,
      height,
      image: await png(image),
      saliency: await png(salient),
      ...(cam && { gradCam: await png(warmed(image, cam)) }),
    });
  }
  return pictures;
}

/** Undoes the preprocessing, so that people see what the network sees. */
function pixelsOf(values: ArrayLike<number>, channels: number, { scale, mean = 0, std = 1, invert = false }: Preprocessing): Uint8Array {
  const at = (given: number | readonly number[], channel: number): number => (typeof given === 'number' ? given : given[channel]!);
  return Uint8Array.from({ length: values.length }, (_, i) => {
    const pixel = (values[i]! * at(std, i % channels) + at(mean, i % channels)) / scale;
    return Math.max(0, Math.min(255, Math.round(invert ? 255 - pixel : pixel)));
  });
}

/** The path of the last layer that gives maps of more than one place; undefined if there is none. */
function lastMaps(model: Model, inputShape: readonly number[]): string | undefined {
  const { layers } = summary(model, inputShape);
  return layers.findLast(({ path, outputShape }) => path !== '' && outputShape.length === 3 && outputShape[0]! * outputShape[1]! > 1)?.path;
}

/** Some models, an ensemble for one, have no maps that an answer depends on. */
async function camOf(model: Model, x: Inputs, layer: string, target: number): Promise<Picture | undefined> {
  try {
    return pictureGrid(await gradCam(model, x, { layer, target }));
  } catch (error) {
    if (error instanceof SinapseError) return undefined;
    throw error;
  }
}

/** A grey picture under warm colours: blue where a map is 0, red where it is largest. */
function warmed({ data, height, width, channels }: Picture, map: Picture): Picture {
  const warm = new Uint8Array(height * width * 3);
  for (let i = 0; i < height * width; i++) {
    const grey = channels === 1 ? data[i]! : (data[3 * i]! + data[3 * i + 1]! + data[3 * i + 2]!) / 3;
    const heat = map.data[i]! / 255;
    const colour = [Math.min(1, 2 * heat), 1 - Math.abs(2 * heat - 1), Math.max(0, 1 - 2 * heat)];
    colour.forEach((part, channel) => (warm[3 * i + channel] = Math.round(0.5 * grey + 127 * part)));
  }
  return { data: warm, height, width, channels: 3 };
}

async function png({ data, height, width, channels }: Picture): Promise<string> {
  const raw = sharp(data, { raw: { width, height, channels } });
  const sized = Math.max(width, height) > MOST_SIDE ? raw.resize(MOST_SIDE, MOST_SIDE, { fit: 'inside' }) : raw;
  return (await sized.png({ compressionLevel: 9 }).toBuffer()).toString('base64');
}
