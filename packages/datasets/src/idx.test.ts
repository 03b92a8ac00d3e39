import { RandomStream, SinapseError, randomKey } from '@sinapse/core';
import { describe, expect, it } from 'vitest';
import { imageSetFromIdx, parseIdx } from './idx.ts';

function idx(shape: number[], data: number[] | Uint8Array): Uint8Array {
  const header = [0, 0, 8, shape.length, ...shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255])];
  return Uint8Array.from([...header, ...data]);
}

const text = (characters: string): Uint8Array => new TextEncoder().encode(characters);

describe('parseIdx', () => {
  it('reads shape and bytes', () => {
    const { shape, data } = parseIdx(idx([2, 3], [1, 2, 3, 4, 5, 6]));
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it('reads a view that does not start at the buffer’s start', () => {
    const bytes = new Uint8Array([9, 9, 9, ...idx([2], [7, 8]), 9]);
    expect([...parseIdx(bytes.subarray(3, bytes.length - 1)).data]).toEqual([7, 8]);
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'x is empty'],
    ['a text file', text('hello, world, this is text'), "x is not an IDX file: it starts with the text 'hello, world'"],
    [
      'another binary file',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d),
      'x is not an IDX file: it starts with 89 50 4e 47, expected 00 00 08',
    ],
    ['two bytes', Uint8Array.of(0, 0), 'x is not an IDX file'],
    ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0), 'x is still compressed with gzip'],
    ['floats', Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0), 'x has IDX element type 0x0d, expected 0x08 (unsigned bytes)'],
    ['no dimensions', Uint8Array.of(0, 0, 8, 0, 1), 'x has no dimensions'],
    ['half a header', Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1), 'x is cut off: a header of 3 dimensions takes 16 bytes, the file has 8'],
    ['missing elements', idx([2, 2], [1, 2, 3]), 'x is cut off: its header [2, 2] asks for 4 bytes, there are 3'],
    ['elements left over', idx([2], [1, 2, 3]), 'x has bytes left over: its header [2] asks for 2 bytes, there are 3'],
    ['a product past 2^32', idx([0x10000, 0x10000], []), 'asks for 4294967296 bytes, there are 0'],
    ['a product past 2^53', idx([0xffffffff, 0xffffffff, 0xffffffff], [1]), 'x is cut off'],
    ['255 dimensions', Uint8Array.of(0, 0, 8, 255, ...new Uint8Array(255 * 4).fill(255)), 'x has 255 dimensions, expected at most 16'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseIdx(bytes, 'x')).toThrow(SinapseError);
    expect(() => parseIdx(bytes, 'x')).toThrow(message);
  });
});

describe('imageSetFromIdx', () => {
  const classNames = ['0', '1', '2'];
  const images = idx([2, 1, 2], [1, 2, 3, 4]);

  it('puts images and labels together', () => {
    const set = imageSetFromIdx(images, idx([2], [2, 0]), { classNames });
    expect({ ...set, images: [...set.images], labels: [...set.labels] }).toEqual({
      images: [1, 2, 3, 4],
      labels: [2, 0],
      height: 1,
      width: 2,
      channels: 1,
      classNames,
    });
  });

  it.each<[string, Uint8Array, Uint8Array, string]>([
    [
      'labels of another length',
      images,
      idx([3], [0, 0, 0]),
      'image file has 2 images, but label file has 3 labels; they do not belong together',
    ],
    ['a label out of range', images, idx([2], [0, 255]), 'label file has label 255 at index 1, expected 0 to 2'],
    ['the files exchanged', idx([2], [0, 0]), images, 'image file has 1 dimension [2], images have 3'],
    ['images for labels', images, images, 'label file has 3 dimensions [2, 1, 2], labels have 1'],
    ['images without pixels', idx([2, 0, 5], []), idx([2], [0, 0]), 'image file has images of 0x5 pixels'],
  ])('refuses %s', (_, first, second, message) => {
    expect(() => imageSetFromIdx(first, second, { classNames })).toThrow(message);
  });
});

describe('damaged files', () => {
  const mutations = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 200;

  it(`${mutations} mutations either parse to what the header says or are refused in one line`, () => {
    const original = idx(
      [4, 3, 2],
      Uint8Array.from({ length: 24 }, (_, i) => i),
    );
    for (let seed = 0; seed < mutations; seed++) {
      const bytes = mutate(original, new RandomStream(randomKey(seed)));
      try {
        const { shape, data } = parseIdx(bytes, 'file');
        expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
        expect(data.byteOffset + data.length).toBe(bytes.byteOffset + bytes.length);
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(SinapseError);
        expect((error as Error).message).toMatch(/^file .{1,4000}$/);
      }
    }
  });
});

/** A copy with one to four changes: a bit flipped, a byte replaced, a cut, bytes added, a piece doubled, an extreme dimension. */
function mutate(original: Uint8Array, random: RandomStream): Uint8Array {
  let bytes = [...original];
  for (let change = random.below(4); change >= 0; change--) {
    const at = random.below(bytes.length + 1);
    const byte = bytes[at] ?? 0;
    switch (random.below(6)) {
      case 0:
        bytes[at] = byte ^ (1 << random.below(8));
        break;
      case 1:
        bytes[at] = random.below(256);
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        bytes.splice(at, 0, ...Array.from({ length: random.below(9) }, () => random.below(256)));
        break;
      case 4:
        bytes.splice(at, 0, ...bytes.slice(at, at + random.below(16)));
        break;
      default:
        bytes.splice(4 + 4 * random.below(3), 4, ...(random.below(2) === 0 ? [255, 255, 255, 255] : [0, 0, 0, 0]));
    }
  }
  return Uint8Array.from(bytes);
}
