// Examples of the data to look at.

import type { TrainData } from './data.ts';
import type { Samples } from './report.ts';

/** How many images are shown. */
const IMAGES = 30;

/** The first images of the training data, or all its points. */
export function samplesOf(data: TrainData): Samples {
  if (data.kind === 'points') return { kind: 'points', points: data.train.points.slice(), labels: data.train.labels.slice() };
  const { images, labels, height, width, channels } = data.train;
  const count = Math.min(IMAGES, labels.length);
  return {
    kind: 'images',
    height,
    width,
    channels,
    pixels: images.slice(0, count * height * width * channels),
    labels: Int32Array.from(labels.subarray(0, count)),
  };
}
