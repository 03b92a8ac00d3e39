import { check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { NOISE, SYNTHETIC, keyOf, streamOf } from './options.ts';
import type { SyntheticOptions } from './options.ts';
import { points } from './points.ts';
import type { Points } from './points.ts';

export interface BlobOptions extends SyntheticOptions {
  /** Number of clouds, a class each, 1 to 10,000. @default 3 */
  readonly classes?: number;
  /** Number of coordinates, 1 to 1000. @default 2 */
  readonly features?: number;
  /** Standard deviation of a cloud; the centres lie in [-1, 1] along each axis. @default 0.2 */
  readonly noise?: number;
}

const BLOBS: OptionChecks<BlobOptions> = {
  ...SYNTHETIC,
  classes: check.integer(1, 10_000),
  features: check.integer(1, 1000),
  noise: NOISE,
};

/**
 * Clouds of points with normal distribution around random centres, which are the same in both halves. Classes take turns.
 * @throws SinapseError when an option is out of range
 */
export function blobs(options: BlobOptions = {}): Points {
  checkOptions('blobs', options, BLOBS);
  const { classes = 3, features = 2, noise = 0.2 } = options;
  const places = keyOf('blob centres', { ...options, split: 'train' });
  const centres = Array.from({ length: classes }, (_, i) => {
    const random = streamOf(places, i);
    return Float64Array.from({ length: features }, () => 2 * random.uniform() - 1);
  });
  return points('blobs', options, features, (row, random, index) => {
    const blob = index % classes;
    for (let i = 0; i < features; i++) row[i] = centres[blob]![i]! + noise * random.normal();
    return blob;
  });
}
