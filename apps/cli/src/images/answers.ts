// What a model says of an image.

import { scope, tensor } from '@sinapse/core';
import { preprocessImages } from '@sinapse/datasets';
import { classify } from '@sinapse/training';
import type { ClassProbability } from '@sinapse/training';
import type { Classifier } from '../model-file.ts';
import type { Pixels } from './decode.ts';

/** The `top` most probable classes of an image that was prepared for the model, best first. */
export async function answersFor(
  { model, preprocessing, labels, output }: Classifier,
  { height, width, channels, data }: Pixels,
  top: number,
): Promise<ClassProbability[]> {
  const x = preprocessImages({ images: data, height, width, channels }, preprocessing);
  using batch = scope(() => tensor(x.data, { shape: x.shape }));
  const [answers] = await classify(model, batch, { top, labels, output });
  return answers!;
}
