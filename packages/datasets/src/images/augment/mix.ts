// Mixtures of two images of a batch, with the mixture of their labels.

import { RandomStream, SinapseError, check, checkOptions, hostPermutation, randomKey } from '@sinapse/core';
import type { OptionChecks, Seed } from '@sinapse/core';
import { exponential, logarithm } from '../../maths/elementary.ts';
import { SEED } from '../../pipeline/option-checks.ts';
import type { HostArray } from '../../pipeline/collate.ts';
import type { MapFunction } from '../../pipeline/stage.ts';
import type { ImageBatch } from '../image-dataset.ts';
import type { HostImages } from '../preprocessing.ts';

export interface MixOptions {
  /** Number of classes: labels become probabilities `[batch, classes]`. */
  readonly classes: number;
  /** Both parameters of the Beta distribution of the mixture, above 0. @default 0.2 for mixup, 1 for CutMix */
  readonly alpha?: number;
  /** @default 0 */
  readonly seed?: Seed;
}

const MIX: OptionChecks<MixOptions> = { classes: check.required(check.count), alpha: check.positive, seed: SEED };

/** Images with the probability of each class. */
export interface MixedBatch {
  readonly x: HostImages;
  /** Float32 `[batch, classes]`. */
  readonly y: HostArray;
}

/**
 * Mixup (Zhang et al. 2018), for `map` after `batch`: each image becomes λ times itself plus 1 - λ times another one of its batch, and so do
 * their labels, with λ from Beta(alpha, alpha).
 * @throws SinapseError when an option is out of range; when it is applied, if a label is not a class
 * @example
 * const batches = imageDataset(train).shuffle(1).batch(32).map(mixup({ classes: 10, seed: 1 }));
 */
export function mixup(options: MixOptions): MapFunction<ImageBatch, MixedBatch> {
  checkOptions('mixup', options, MIX);
  const { alpha = 0.2 } = options;
  return ({ x, y }, { epoch, index }) => {
    const { lambda, partners } = draw('mixup', options, alpha, epoch, index, x.shape[0]);
    const size = x.data.length / x.shape[0];
    const data = new Float32Array(x.data.length);
    for (let i = 0; i < x.shape[0]; i++) {
      const other = partners[i]! * size;
      for (let k = i * size, from = other; k < (i + 1) * size; k++, from++) data[k] = lambda * x.data[k]! + (1 - lambda) * x.data[from]!;
    }
    return { x: { data, shape: x.shape }, y: mixedLabels('mixup', y.data, partners, lambda, options.classes) };
  };
}

/**
 * CutMix (Yun et al. 2019), for `map` after `batch`: a rectangle of each image comes from another one of its batch; labels are mixed by the
 * areas. The share of the area that stays is from Beta(alpha, alpha).
 * @throws SinapseError as `mixup`
 */
export function cutMix(options: MixOptions): MapFunction<ImageBatch, MixedBatch> {
  checkOptions('cutMix', options, MIX);
  const { alpha = 1 } = options;
  return ({ x, y }, { epoch, index }) => {
    const [count, height, width, channels] = x.shape;
    const { lambda, partners, random } = draw('cutMix', options, alpha, epoch, index, count);
    const share = Math.sqrt(1 - lambda);
    const [middleX, middleY] = [random.below(width), random.below(height)];
    const [halfX, halfY] = [Math.floor((width * share) / 2), Math.floor((height * share) / 2)];
    const [left, right] = [Math.max(0, middleX - halfX), Math.min(width, middleX + halfX)];
    const [top, bottom] = [Math.max(0, middleY - halfY), Math.min(height, middleY + halfY)];
    const data = x.data.slice();
    const size = height * width * channels;
    for (let i = 0; i < count; i++)
      for (let row = top; row < bottom; row++) {
        const [from, to] = [(row * width + left) * channels, (row * width + right) * channels];
        data.set(x.data.subarray(partners[i]! * size + from, partners[i]! * size + to), i * size + from);
      }
    const kept = 1 - ((right - left) * (bottom - top)) / (width * height);
    return { x: { data, shape: x.shape }, y: mixedLabels('cutMix', y.data, partners, kept, options.classes) };
  };
}

function draw(name: string, { seed = 0 }: MixOptions, alpha: number, epoch: number, index: number, count: number) {
  const key = randomKey(seed).fold(name).fold(epoch).fold(index);
  const random = new RandomStream(key);
  return { lambda: beta(alpha, random), partners: hostPermutation(key.fold('partners'), count), random };
}

function mixedLabels(owner: string, labels: Int32Array, partners: Int32Array, share: number, classes: number): HostArray {
  const data = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!(label >= 0 && label < classes))
      throw new SinapseError(`${owner}: label ${label} of example ${i} is not one of the ${classes} classes`);
    data[i * classes + label]! += share;
    data[i * classes + labels[partners[i]!]!]! += 1 - share;
  }
  return { data, shape: [labels.length, classes] };
}

/** A number from Beta(alpha, alpha): the share of one of two numbers from Gamma(alpha). */
function beta(alpha: number, random: RandomStream): number {
  const [a, b] = [logGamma(alpha, random), logGamma(alpha, random)];
  return 1 / (1 + exponential(b - a));
}

/** The logarithm of a number from Gamma(shape, 1) (Marsaglia, Tsang 2000): small shapes give numbers below what a double can hold. */
function logGamma(shape: number, random: RandomStream): number {
  if (shape < 1) return logGamma(shape + 1, random) + logarithm(random.openUniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = random.normal();
    const v = (1 + c * z) * (1 + c * z) * (1 + c * z);
    if (v > 0 && logarithm(random.openUniform()) < 0.5 * z * z + d - d * v + d * logarithm(v)) return logarithm(d) + logarithm(v);
  }
}
