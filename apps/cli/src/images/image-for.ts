// Turns an image file into pixels like those that a model was trained on.

import { ModelFileError } from '../model-file.ts';
import type { Classifier } from '../model-file.ts';
import { contain } from './contain.ts';
import { ImageError } from './decode.ts';
import type { Pixels } from './decode.ts';
import type { Decoder } from './decoder.ts';
import { asMnist, invertedBy } from './digit.ts';
import type { Invert } from './digit.ts';

/**
 * @throws ImageError when the file is not an image, or shows nothing
 * @throws ModelFileError when the model takes no images
 */
export async function imageFor(
  { path, inputShape, preprocessing, labels }: Classifier,
  file: string,
  invert: Invert,
  decoder: Decoder,
): Promise<Pixels> {
  const pad = 2 * (preprocessing.pad ?? 0);
  const [height = 0, width = 0, channels] = inputShape.map((size, axis) => (axis < 2 ? size - pad : size));
  if (height < 1 || width < 1 || (channels !== 1 && channels !== 3))
    throw new ModelFileError(`${path} does not take grey or colour images`);
  const image = await decoder.decode(file, channels);
  if (channels === 1 && height === width && isDigits(labels)) {
    const digit = asMnist(image, height, invert);
    if (digit === undefined)
      throw new ImageError(
        `${file} shows nothing ${invert === 'no' ? 'light on dark; try without --invert no' : 'that stands out from its background'}`,
      );
    return digit;
  }
  return contain(invert === 'yes' ? invertedBy(image, invert) : image, width, height);
}

/** Whether the labels are the ten digits. */
function isDigits(labels: readonly string[]): boolean {
  return labels.length === 10 && labels.every((label, i) => label === String(i));
}
