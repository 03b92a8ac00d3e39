// Augmentation. Colours and resizing give Pillow's bytes (fixtures/record-pillow.py); what else transforms do is computed here in another way.

import { RandomStream, randomKey } from '@sinapse/core';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Picture, Transform } from '../../index.ts';
import * as sets from '../../index.ts';
import * as colour from './colour.ts';
import { affine } from './affine.ts';
import { resize } from './resample.ts';

interface Recorded {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
}
const recorded = JSON.parse(readFileSync(new URL('../../../fixtures/pillow.json', import.meta.url), 'utf8')) as {
  readonly image: Recorded;
  readonly operations: Readonly<Record<string, Recorded>>;
  readonly resizes: readonly (Recorded & { readonly box: readonly [number, number, number, number] })[];
};
const toPicture = ({ data, ...sides }: Recorded): Picture => ({ ...sides, data: Uint8Array.from(data), channels: 3 });
const image = toPicture(recorded.image);
const apply = (transform: Transform, picture: Picture = image, seed = 1): Picture => sets.transformPicture(picture, transform, seed);

async function listOf<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const element of elements) list.push(element);
  return list;
}

describe('as in Pillow', () => {
  const operations = colour as unknown as Readonly<Record<string, (picture: Picture, amount?: number) => Picture>>;
  it.each(Object.keys(recorded.operations))('%s', (name) => {
    const [operation, amount] = name.split(' ') as [string, string | undefined];
    const result = operations[operation]!(image, amount === undefined ? undefined : Number(amount));
    const wanted = toPicture(recorded.operations[name]!);
    if (operation !== 'sharpness') return expect([...result.data]).toEqual([...wanted.data]);
    // Pillow smooths with float32 weights 1/13 and 5/13: where the mean lies halfway between bytes it may round to the other one.
    result.data.forEach((value, i) => expect(Math.abs(value - wanted.data[i]!)).toBeLessThanOrEqual(1));
  });

  it.each(recorded.resizes)('resize of $box to $width x $height', ({ box: [left, top, right, bottom], ...wanted }) => {
    const result = resize(image, wanted.height, wanted.width, { left, top, width: right - left, height: bottom - top });
    // Pillow rounds between its two passes and holds weights in 22 bits: together less than one and a half steps.
    result.data.forEach((value, i) => expect(Math.abs(value - wanted.data[i]!)).toBeLessThanOrEqual(1));
  });
});

describe('transforms', () => {
  const all: [string, Transform][] = [
    ['flip', sets.randomFlip({ vertical: 0.5 })],
    ['crop', sets.randomCrop({ size: [9, 13], pad: 2 })],
    ['resized crop', sets.randomResizedCrop({ size: 8 })],
    ['rotation', sets.randomRotation({ degrees: 30 })],
    ['affine', sets.randomAffine({ degrees: 10, translate: 0.2, scale: [0.8, 1.2], shear: 10, fill: 9 })],
    ['elastic', sets.elastic({ alpha: 8, sigma: 2 })],
    ['colour jitter', sets.colourJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 })],
    ['lighting', sets.pcaLighting()],
    ['cutout', sets.cutout({ size: 4 })],
    ['RandAugment', sets.randAugment({ operations: 3, magnitude: 15 })],
  ];

  it.each(all)('%s: the same seed gives the same pixels, others differ; the image stays as it is', (_, transform) => {
    const before = Buffer.from(image.data).toString('hex');
    const results = Array.from({ length: 12 }, (__, seed) => Buffer.from(apply(transform, image, seed).data).toString('hex'));
    expect(Buffer.from(apply(transform, image, 3).data).toString('hex')).toBe(results[3]);
    expect(new Set(results).size).toBeGreaterThan(1);
    expect(Buffer.from(image.data).toString('hex')).toBe(before);
  });

  it.each(all)('%s takes grey images and images of one pixel in height', (name, transform) => {
    const grey: Picture = { data: Uint8Array.from({ length: 9 * 13 }, (_, i) => 2 * i), height: 9, width: 13, channels: 1 };
    expect(apply(transform, grey).channels).toBe(1);
    if (name !== 'crop')
      expect(apply(transform, { data: Uint8Array.of(1, 2, 3), height: 1, width: 1, channels: 3 }).data.length % 3).toBe(0);
  });

  it('all together give these bytes, on every platform', () => {
    const hash = createHash('sha256');
    for (const [, transform] of all) for (let seed = 0; seed < 5; seed++) hash.update(apply(transform, image, seed).data);
    // tools/browser compares the same bytes in Chromium.
    expect(hash.digest('hex')).toMatchInlineSnapshot(`"8cb8dd4f0ad8c26a81b54f6b7860e73aac96083c6830de055f50ae20fdfa8429"`);
  });

  it('flips mirror', () => {
    const mirrored = apply(sets.randomFlip({ horizontal: 1 }));
    const turned = apply(sets.randomFlip({ horizontal: 0, vertical: 1 }));
    for (let y = 0; y < 9; y++)
      for (let x = 0; x < 13; x++)
        for (let c = 0; c < 3; c++) {
          expect(mirrored.data[(y * 13 + x) * 3 + c]).toBe(image.data[(y * 13 + 12 - x) * 3 + c]);
          expect(turned.data[(y * 13 + x) * 3 + c]).toBe(image.data[((8 - y) * 13 + x) * 3 + c]);
        }
  });

  it('crops cut whole pixels, at every place alike', () => {
    const places = new Map<string, number>();
    const numbered: Picture = { data: Uint8Array.from({ length: 16 }, (_, i) => i + 1), height: 4, width: 4, channels: 1 };
    for (let seed = 0; seed < 900; seed++) {
      const { data } = apply(sets.randomCrop({ size: 2 }), numbered, seed);
      expect([data[1]! - data[0]!, data[2]! - data[0]!]).toEqual([1, 4]);
      places.set(`${data[0]}`, (places.get(`${data[0]}`) ?? 0) + 1);
    }
    expect(places.size).toBe(9);
    for (const count of places.values()) expect(Math.abs(count - 100)).toBeLessThan(50); // five standard deviations
    expect([...apply(sets.centreCrop({ size: 2 }), numbered).data]).toEqual([6, 7, 10, 11]);
    const padded = apply(sets.randomCrop({ size: 8, pad: 2, fill: 7 }), numbered);
    expect(padded.data.filter((value) => value === 7).length).toBeGreaterThanOrEqual(48);
  });

  it('a quarter turn counter-clockwise moves the last column to the first row', () => {
    const square: Picture = { data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), height: 3, width: 3, channels: 1 };
    const map = { angle: 90, across: 0, down: 0, factor: 1, slant: 0 };
    expect([...affine(square, map, 0).data]).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
    expect([...affine(square, { ...map, angle: 0, across: 1 }, 0).data]).toEqual([0, 1, 2, 0, 4, 5, 0, 7, 8]);
    expect([...affine(square, { ...map, angle: 180, factor: 1 }, 0).data]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('an elastic distortion of strength 0 changes nothing', () => {
    expect(apply(sets.elastic({ alpha: 0 })).data).toEqual(image.data);
  });

  it('a turn of the hue by a third swaps the channels, a half gives the complement', () => {
    const third = colour.hue(image, 1 / 3);
    for (let i = 0; i < image.data.length; i += 3) {
      expect([...third.data.subarray(i, i + 3)]).toEqual([image.data[i + 2]!, image.data[i]!, image.data[i + 1]!]);
      const [most, least] = [Math.max(...image.data.subarray(i, i + 3)), Math.min(...image.data.subarray(i, i + 3))];
      const half = [...colour.hue(image, 0.5).data.subarray(i, i + 3)];
      expect(half).toEqual([...image.data.subarray(i, i + 3)].map((value) => most + least - value));
    }
  });

  it('lighting adds one colour to all pixels; components are those of the colours', () => {
    const middle: Picture = { data: new Uint8Array(300).fill(128), height: 10, width: 10, channels: 3 };
    const { data } = apply(sets.pcaLighting({ deviation: 0.3 }), middle);
    for (let i = 3; i < 300; i++) expect(data[i]).toBe(data[i % 3]);
    // Colours along (1, 2, 2) / 3 alone: one eigenvalue, the variance of the steps, and its direction.
    const line = Uint8Array.from({ length: 90 }, (_, i) => 100 + Math.floor(i / 3) * [1, 2, 2][i % 3]!);
    const { eigenvalues, eigenvectors } = sets.colourComponents({ images: line, height: 1, width: 30, channels: 3 });
    const variance = (30 * 30 - 1) / 12; // of 0, 1, …, 29
    expect(eigenvalues[0]).toBeCloseTo((9 * variance) / 255 ** 2, 12);
    expect(eigenvalues[1]).toBeCloseTo(0, 12);
    expect(eigenvectors[0]!.map((value) => 3 * value * Math.sign(eigenvectors[0]![0]))).toEqual(
      [1, 2, 2].map((value) => expect.closeTo(value, 9)),
    );
  });

  it('cutout covers a square', () => {
    const white: Picture = { data: new Uint8Array(400).fill(255), height: 20, width: 20, channels: 1 };
    const covered = apply(sets.cutout({ size: 6 }), white).data.filter((value) => value === 0).length;
    expect(covered).toBeGreaterThanOrEqual(9);
    expect(covered).toBeLessThanOrEqual(36);
  });

  it('randomly applies to a share; compose applies one after the other', () => {
    const stream = new RandomStream(randomKey(1));
    const dark: Transform = (picture) => colour.brightness(picture, 0);
    const share = Array.from({ length: 1000 }, () => sets.randomly(0.3, dark)(image, stream)).filter((result) => result !== image).length;
    expect(Math.abs(share - 300)).toBeLessThan(75);
    expect(apply(sets.compose([sets.resizeTo({ size: 6 }), sets.centreCrop({ size: 2 })])).data).toHaveLength(12);
    expect(apply(sets.resizeTo({ size: 6, fit: 'cover' })).height).toBe(6);
  });

  it('says what is wrong', () => {
    expect(() => sets.randomFlip({ horizontal: 2 })).toThrow('randomFlip: horizontal: expected a number within [0, 1], got 2');
    expect(() => sets.randomCrop({} as never)).toThrow(
      'randomCrop: size: expected an integer from 1 to 65,536, or [height, width], got undefined',
    );
    expect(() => apply(sets.randomCrop({ size: 14 }))).toThrow(
      'randomCrop: a piece of 14x14 does not fit an image of 9x13; resize it first',
    );
    expect(() => sets.randomResizedCrop({ size: 4, scale: [1, 0.5] })).toThrow(
      'scale: expected [low, high] within 0.000001 to 1, got [1,0.5]',
    );
    expect(() => sets.colourJitter({ hue: 1 })).toThrow('colourJitter: hue: expected a number from 0 to 0.5, got 1');
    expect(() => sets.randAugment({ magnitud: 3 } as never)).toThrow('randAugment: magnitud is no option; did you mean magnitude?');
    expect(() => sets.transformPicture({ ...image, width: 5 }, sets.randomFlip())).toThrow('transformPicture: expected an image, { data, height, width, channels }, got an object'); // prettier-ignore
    expect(() => sets.transformPicture(image, (() => 5) as never)).toThrow('transformPicture: the transform gave 5, expected an image');
    expect(() => sets.compose(sets.randomFlip() as never)).toThrow(
      'compose: expected a list of transforms, e.g. [randomFlip()], got a function',
    );
  });
});

describe('augmented datasets', () => {
  const set = sets.digits({ count: 12, seed: 1 });
  const augment = sets.compose([sets.randomFlip(), sets.randomCrop({ size: 28, pad: 3 })]);
  const read = async (options: object, iterate: object): Promise<string[]> => {
    const list: string[] = [];
    for await (const { x } of sets.imageDataset(set, { scale: 1 }, options).shuffle(2).batch(4).iterate(iterate))
      list.push(x.data.join(','));
    return list;
  };

  it('change from epoch to epoch, and resume to the same pixels', async () => {
    const first = await read({ augment, seed: 5 }, { epoch: 1 });
    expect(await read({ augment, seed: 5 }, { epoch: 1, skip: 1 })).toEqual(first.slice(1));
    expect(await read({ augment, seed: 5 }, { epoch: 2 })).not.toEqual(first);
    expect(await read({ augment, seed: 6 }, { epoch: 1 })).not.toEqual(first);
  });

  it('batches equal collated examples', async () => {
    const dataset = sets.imageDataset(set, { scale: 1 / 255 }, { augment });
    for await (const { a, b } of sets.Dataset.zip({ a: dataset.batch(6), b: dataset.map((example) => example).batch(6) })) {
      expect(a.x.data).toEqual(b.x.data);
    }
  });

  it('images of different sizes are named', async () => {
    let side = 3;
    const grows: Transform = (picture) => resize(picture, side, side++);
    const dataset = sets.imageDataset(set, { scale: 1 }, { augment: grows }).batch(2);
    await expect(dataset.iterate().next()).rejects.toThrow(
      'the augmentation gives images of 3x3x1 and 4x4x1; end it with a crop or resizeTo',
    );
  });

  it('mixup mixes images and labels by one share; CutMix by areas', async () => {
    const batches = sets.imageDataset(sets.takeImages(set, 10)).batch(10); // each class once
    const [plain] = await listOf(batches);
    const size = 784;
    for (const [name, mix] of [
      ['mixup', sets.mixup({ classes: 10, alpha: 1, seed: 3 })],
      ['cutMix', sets.cutMix({ classes: 10, seed: 3 })],
    ] as const) {
      // prettier-ignore
      const [mixed] = await listOf(batches.map(mix));
      expect(mixed!.y.shape).toEqual([10, 10]);
      for (let i = 0; i < 10; i++) {
        const row = [...(mixed!.y.data as Float32Array).subarray(i * 10, (i + 1) * 10)];
        const share = row[plain!.y.data[i]!]!;
        const partner = row.findIndex((value, label) => value > 0 && label !== plain!.y.data[i]);
        expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
        if (partner === -1) continue;
        const at = plain!.y.data.indexOf(partner);
        const [own, other, result] = [plain!.x.data, plain!.x.data, mixed!.x.data].map((data, k) => data.subarray((k === 1 ? at : i) * size, ((k === 1 ? at : i) + 1) * size)); // prettier-ignore
        if (name === 'mixup') result!.forEach((value, k) => expect(value).toBeCloseTo(share * own![k]! + (1 - share) * other![k]!, 6));
        else {
          result!.forEach((value, k) => expect([own![k], other![k]]).toContain(value));
          expect(result!.filter((value, k) => value === own![k]).length / size).toBeGreaterThanOrEqual(share - 1e-6);
        }
      }
    }
  });

  it('the share of mixup has the mean and variance of its Beta distribution', async () => {
    const one = sets.imageDataset(sets.takeImages(set, 2)).batch(2);
    for (const alpha of [0.2, 1, 4]) {
      const mix = sets.mixup({ classes: 10, alpha, seed: 1 });
      const [batch] = await listOf(one);
      const shares: number[] = [];
      for (let index = 0; index < 2000; index++) {
        const { x, y } = batch!;
        const different = y.data[0] !== y.data[1];
        expect(different).toBe(true);
        const mixed = await mix({ x, y }, { epoch: 0, index });
        const share = mixed.y.data[y.data[0]!]!;
        if (share !== 1) shares.push(share);
      }
      // Half of the permutations of two leave an image with itself. Var of Beta(a, a) is 1 / (4 (2a + 1)); its mean 1/2.
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
      expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.025);
    }
  });

  it('labels beyond the classes are named', async () => {
    const batches = sets
      .imageDataset(set)
      .batch(12)
      .map(sets.mixup({ classes: 2 }));
    await expect(batches.iterate().next()).rejects.toThrow(/mixup: label \d of example \d+ is not one of the 2 classes/);
  });
});

it('a contact sheet lays images out', () => {
  const one = (value: number): Picture => ({ data: Uint8Array.of(value), height: 1, width: 1, channels: 1 });
  expect(sets.contactSheet([one(1), one(2), one(3)], { columns: 2, gap: 1, background: 9 })).toEqual({
    data: Uint8Array.of(9, 9, 9, 9, 9, 9, 1, 9, 2, 9, 9, 9, 9, 9, 9, 9, 3, 9, 9, 9, 9, 9, 9, 9, 9),
    height: 5,
    width: 5,
    channels: 1,
  });
  expect(sets.contactSheet([one(1)], { scale: 2, gap: 0 }).data).toEqual(Uint8Array.of(1, 1, 1, 1));
  expect(() => sets.contactSheet([])).toThrow('contactSheet: expected a list of images');
  expect(() => sets.contactSheet([one(1), image])).toThrow('contactSheet: images of one sheet have the same channels');
});
