import { describe, expect, it } from 'vitest';
import { parsePreprocessing, preprocessImages } from './preprocessing.ts';
import type { Preprocessing, RawImages } from './preprocessing.ts';

const image = (pixels: number[], height: number, width: number, channels = 1): RawImages => ({
  images: Uint8Array.from(pixels),
  height,
  width,
  channels,
});

describe('preprocessImages', () => {
  it('scales, subtracts the mean and divides by the deviation', () => {
    const { data, shape } = preprocessImages(image([0, 51, 102, 255], 2, 2), { scale: 1 / 255, mean: 0.2, std: 0.5 });
    expect(shape).toEqual([1, 2, 2, 1]);
    expect([...data]).toEqual([-0.4, 0, 0.4, 1.6].map((value) => expect.closeTo(value, 6)));
  });

  it('takes a mean and a deviation for each channel', () => {
    const { data } = preprocessImages(image([10, 20, 30, 40, 50, 60], 1, 2, 3), { scale: 1, mean: [10, 20, 30], std: [1, 2, 3] });
    expect([...data]).toEqual([0, 0, 0, 30, 15, 10]);
  });

  it('pads with black on every side, after inverting', () => {
    const { data, shape } = preprocessImages(image([255, 155], 1, 2), { scale: 1, pad: 1, invert: true });
    expect(shape).toEqual([1, 3, 4, 1]);
    expect([...data]).toEqual([0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0]);
  });

  it('normalises the padding like black pixels, channel by channel', () => {
    const { data } = preprocessImages(image([1, 2], 1, 1, 2), { scale: 1, mean: [1, 2], pad: 1 });
    expect([...data.subarray(0, 8)]).toEqual([-1, -2, -1, -2, -1, -2, -1, -2]);
    expect([...data.subarray(8, 10)]).toEqual([0, 0]);
  });

  it('keeps several images apart', () => {
    const { data, shape } = preprocessImages(image([1, 2, 3, 4], 1, 1), { scale: 2 });
    expect([shape, [...data]]).toEqual([
      [4, 1, 1, 1],
      [2, 4, 6, 8],
    ]);
  });

  it('refuses what does not fit the images', () => {
    expect(() => preprocessImages(image([1, 2, 3], 1, 2), { scale: 1 })).toThrow('3 pixels are no whole number of 1x2x1 images');
    expect(() => preprocessImages(image([1], 1, 1), { scale: 1, mean: [1, 2] })).toThrow('mean has 2 values, the images 1 channels');
  });

  it('says when a batch is too large for one array', () => {
    expect(() => preprocessImages(image(new Array<number>(300).fill(0), 1, 1), { scale: 1, pad: 1024 })).toThrow(
      'batch: 300 images of 2049x2049x1 need 4.7 GiB, more than one array holds; use a smaller batch',
    );
  });
});

describe('parsePreprocessing', () => {
  it('accepts what JSON brings back', () => {
    const rule: Preprocessing = { scale: 1 / 255, mean: [0.5, 0.4, 0.3], std: 0.25, pad: 2, invert: true };
    expect(parsePreprocessing(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
  });

  it.each([
    [null, 'options: expected an object'],
    [[], 'options: expected an object'],
    [{}, 'scale: expected a finite number, got undefined'],
    [{ scale: NaN }, 'scale: expected'],
    [{ scale: 1, mean: '0' }, 'mean: expected a finite number or a list of them'],
    [{ scale: 1, mean: [] }, 'mean: expected'],
    [{ scale: 1, std: 0 }, 'std: expected a finite number other than 0'],
    [{ scale: 1, std: [1, 0] }, 'std: expected'],
    [{ scale: 1, pad: -1 }, 'pad: expected an integer from 0 to 1,024, got -1'],
    [{ scale: 1, pad: 1e9 }, 'pad: expected'],
    [{ scale: 1, pad: '2' }, 'pad: expected'],
    [{ scale: 1, invert: 1 }, 'invert: expected true or false'],
    [{ scale: 1, padding: 2 }, 'padding is no option; there are scale, mean, std, pad, invert'],
  ])('refuses %j', (value, message) => {
    expect(() => parsePreprocessing(value)).toThrow(`preprocessing: ${message}`);
  });
});
