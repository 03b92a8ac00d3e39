import { describe, expect, it } from 'vitest';
import { imageDataset } from './image-dataset.ts';
import type { HostArray } from '../pipeline/collate.ts';
import type { ImageBatch } from './image-dataset.ts';
import { takeImages } from './image-set.ts';
import type { ImageSet } from './image-set.ts';

/** Image i has all pixels equal to i. */
function countingSet(count: number, height = 2, width = 3, channels = 1): ImageSet {
  const size = height * width * channels;
  return {
    images: Uint8Array.from({ length: count * size }, (_, i) => Math.floor(i / size)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
    height,
    width,
    channels,
    classNames: ['a', 'b', 'c'],
  };
}

async function all<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const element of elements) list.push(element);
  return list;
}

describe('imageDataset', () => {
  it('gives examples', async () => {
    const [, second] = await all(imageDataset(countingSet(2), { scale: 2 }));
    expect(second).toEqual({ x: { data: new Float32Array(6).fill(2), shape: [2, 3, 1] }, y: 1 });
  });

  it('gives batches as one array each, the last one short', async () => {
    const batches = await all(imageDataset(countingSet(5), { scale: 1, pad: 1 }).batch(3));
    expect(batches.map(({ x, y }) => [x.shape, y.shape, [...y.data]])).toEqual([
      [[3, 4, 5, 1], [3], [0, 1, 2]],
      [[2, 4, 5, 1], [2], [0, 1]],
    ]);
    expect(batches[1]!.x.data[20 + 6]).toBe(4);
    expect(batches[1]!.y.data).toBeInstanceOf(Int32Array);
  });

  it('keeps images and labels together when shuffled', async () => {
    const batches: ImageBatch[] = await all(imageDataset(countingSet(60), { scale: 1 }).shuffle(4).batch(7).prefetch(2));
    const images = batches.flatMap(({ x }) => [...x.data].filter((_, i) => i % 6 === 0));
    const labels = batches.flatMap(({ y }) => [...y.data]);
    expect(labels).toEqual(images.map((i) => i % 3));
    expect([...images].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it.each<[string, (examples: ReturnType<typeof imageDataset>) => AsyncIterable<{ x: HostArray; y: HostArray }>]>([
    ['map', (examples) => examples.map((example) => example).batch(3)],
    ['an asynchronous map', (examples) => examples.map(async (example) => example).batch(3)],
    ['filter', (examples) => examples.filter(() => true).batch(3)],
    ['prefetch', (examples) => examples.prefetch(2).batch(3)],
  ])('gives the same batches after %s', async (_, change) => {
    const examples = imageDataset(countingSet(5), { scale: 1 });
    expect(await all(change(examples))).toEqual(await all(examples.batch(3)));
  });

  it('scales pixels to 0 … 1 by default', async () => {
    const set = { ...countingSet(1, 1, 1), images: Uint8Array.of(255) };
    expect((await all(imageDataset(set)))[0]!.x.data[0]).toBe(1);
  });

  it('says what is wrong with a set', () => {
    const set = countingSet(3);
    expect(() => imageDataset({ ...set, height: 3 })).toThrow('3 labels of 3x3x1 images need 27 pixels, got 18');
    expect(() => imageDataset({ ...set, width: 0 })).toThrow('width: expected an integer >= 1, got 0');
    expect(() => imageDataset({ ...set, labels: Uint8Array.of(0, 3, 0) })).toThrow('label 3 of image 1 is not one of the 3 classes');
    expect(() => imageDataset({ ...set, labels: Int32Array.of(0, -1, 0) })).toThrow('label -1 of image 1');
    expect(() => imageDataset(set, { scale: NaN })).toThrow('preprocessing: scale');
  });
});

describe('takeImages', () => {
  it('takes the first images without a copy', () => {
    const set = countingSet(4);
    const two = takeImages(set, 2);
    expect([two.images.length, [...two.labels]]).toEqual([12, [0, 1]]);
    expect(two.images.buffer).toBe(set.images.buffer);
    expect(() => takeImages(set, 5)).toThrow('cannot take 5 images of 4');
    expect(() => takeImages(set, NaN)).toThrow('cannot take NaN images');
  });
});
