// An image to try a trained model with.

import { writeFileAtomic } from '@sinapse/training/node';
import type { Data } from '../data.ts';
import { answersFor } from '../images/answers.ts';
import { decodeImage } from '../images/decode.ts';
import { prepare } from '../images/image-for.ts';
import { openClassifier } from '../model-file.ts';
import type { RunFolder } from './run-folder.ts';

/** Most test images that are tried until the model reads one right. */
const mostTried = 50;

/**
 * Writes a test image as a person might have drawn it: ten times as large, dark on white. It is the first one that the saved model reads
 * right, or simply the first one if it reads none of 50.
 * @returns what the image shows
 */
export async function writeSample({ test, labels }: Data, { model: path, sample }: RunFolder): Promise<string> {
  const model = await openClassifier(path);
  const labelOf = (i: number) => labels[test.labels[i]!]!;
  const tried = Math.min(mostTried, test.labels.length);
  for (let i = 0; i < tried; i++) {
    const drawn = await drawing(test, i);
    const image = prepare(model, await decodeImage(drawn, 1), 'auto');
    if (image === undefined || (await answersFor(model, image, 1))[0]!.label !== labelOf(i)) continue;
    await writeFileAtomic(sample, drawn);
    return labelOf(i);
  }
  await writeFileAtomic(sample, await drawing(test, 0));
  return labelOf(0);
}

async function drawing({ images, width, height }: Data['test'], index: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const size = width * height;
  return sharp(images.slice(index * size, (index + 1) * size), { raw: { width, height, channels: 1 } })
    .resize(width * 10, height * 10)
    .negate()
    .png()
    .toBuffer();
}
