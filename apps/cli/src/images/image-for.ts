// Turns an image file into pixels like those that a model was trained on.

import { SinapseError } from '@sinapse/core';
import { decodeImage } from '@sinapse/datasets/node';
import { readInput } from '../input-file.ts';
import { ModelFileError } from '../model-file.ts';
import type { Classifier } from '../model-file.ts';
import { contain } from './contain.ts';
import { ImageError } from './decode.ts';
import type { Pixels } from './decode.ts';
import type { Decoder } from './decoder.ts';
import { digitOn, invertedBy, lightOnDark } from './digit.ts';
import type { Invert } from './digit.ts';
import { looksLikeDrawing } from './familiar.ts';

/** An image as a model gets it, before its preprocessing. */
export interface PreparedImage extends Pixels {
  /** Whether it looks like the images that the model learned from, as far as that is known; see familiar.ts. */
  readonly familiar: boolean;
}

/**
 * @throws ImageError when the file is not an image, or shows nothing
 * @throws ModelFileError when the model takes no images
 */
export async function imageFor(model: Classifier, file: string, invert: Invert, decoder: Decoder): Promise<PreparedImage> {
  if (model.preprocessing.fit !== undefined) return { ...(await fitted(model, file, invert)), familiar: true };
  const prepared = prepare(model, await decoder.decode(file, sizesFor(model).channels), invert);
  if (prepared !== undefined) return prepared;
  const found = invert === 'no' ? 'light on dark; try without --invert no' : 'that stands out from its background';
  throw new ImageError(`${file} shows nothing ${found}`);
}

/**
 * Makes an image look like those that a model was trained on.
 * @param image has the model's number of channels
 * @returns undefined when the model takes digits, and nothing stands out from the background
 */
export function prepare(model: Classifier, image: Pixels, invert: Invert): PreparedImage | undefined {
  const { height, width, channels } = sizesFor(model);
  if (channels !== 1 || height !== width || !isDigits(model.labels))
    return { ...contain(invert === 'yes' ? invertedBy(image, invert) : image, width, height), familiar: true };
  const light = lightOnDark(image, height, invert);
  const digit = digitOn(light, height);
  return digit && { ...digit, familiar: looksLikeDrawing(light) };
}

/** An image as `sinapse train --data` read those that the model learned from. */
async function fitted(model: Classifier, file: string, invert: Invert): Promise<Pixels> {
  const { height, width, channels } = sizesFor(model);
  const bytes = await readInput(file);
  try {
    const { data } = await decodeImage(bytes, { size: [height, width], channels, fit: model.preprocessing.fit! });
    const image = { height, width, channels, data };
    return invert === 'yes' ? invertedBy(image, invert) : image;
  } catch (error) {
    if (!(error instanceof SinapseError)) throw error;
    throw new ImageError(`${file}: ${error.message.replace(/^decodeImage: /, '')}`, { cause: error });
  }
}

function sizesFor({ path, inputShape, preprocessing }: Classifier): { height: number; width: number; channels: 1 | 3 } {
  const pad = 2 * (preprocessing.pad ?? 0);
  const [height = 0, width = 0, channels] = inputShape.map((size, axis) => (axis < 2 ? size - pad : size));
  if (height < 1 || width < 1 || (channels !== 1 && channels !== 3))
    throw new ModelFileError(`${path} does not take grey or colour images`);
  return { height, width, channels };
}

/** Whether the labels are the ten digits. */
function isDigits(labels: readonly string[]): boolean {
  return labels.length === 10 && labels.every((label, i) => label === String(i));
}
