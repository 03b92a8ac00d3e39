import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digits } from '../digits/digits.ts';
import { datasetNames, describeDataset, loadDataset, loadSplit } from './registry.ts';

const dir = join(process.env['SINAPSE_DATA'] ?? '', 'mnist');
const withoutMnist = !existsSync(join(dir, 't10k-images-idx3-ubyte.gz'));

describe('loadDataset', () => {
  it('loads the generated digits', async () => {
    const { name, train, test, preprocessing } = await loadDataset('digits', { seed: 3, trainCount: 30, testCount: 20 });
    expect(name).toBe('digits');
    expect(train).toEqual(digits({ seed: 3, count: 30, split: 'train' }));
    expect(test).toEqual(digits({ seed: 3, count: 20, split: 'test' }));
    expect(preprocessing).toEqual({ scale: 1 / 255, mean: 0.1307, std: 0.3081 });
  });

  it.skipIf(withoutMnist)('loads MNIST, or the first images of it (needs the MNIST files)', async () => {
    const { train, test } = await loadDataset('mnist', { dir, trainCount: 100 });
    expect([train.labels.length, train.images.length, test.labels.length]).toEqual([100, 78_400, 10_000]);
  });

  it('loads one half alone', async () => {
    const { name, images, preprocessing } = await loadSplit('digits', 'test', { seed: 3, count: 20 });
    expect({ name, preprocessing }).toEqual({ name: 'digits', preprocessing: { scale: 1 / 255, mean: 0.1307, std: 0.3081 } });
    expect(images).toEqual(digits({ seed: 3, count: 20, split: 'test' }));
    await expect(loadSplit('minst', 'test')).rejects.toThrow('did you mean mnist?');
  });

  it('draws many digits in turns, and the same ones', async () => {
    const { images } = await loadSplit('digits', 'train', { seed: 3, count: 777 });
    const atOnce = digits({ seed: 3, count: 777 });
    expect(Buffer.compare(images.images, atOnce.images)).toBe(0);
    expect(images.labels).toEqual(atOnce.labels);
  });

  it('ends the drawing of digits when it is told to', async () => {
    const reason = new Error('enough');
    await expect(loadSplit('digits', 'train', { count: 10, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    setImmediate(() => controller.abort(reason)); // runs only if drawing pauses
    await expect(loadSplit('digits', 'train', { count: 100_000, signal: controller.signal })).rejects.toBe(reason);
  });

  it('names the nearest data set', async () => {
    await expect(loadDataset('minst')).rejects.toThrow('data set minst is not known; did you mean mnist?');
    await expect(loadDataset('photographs')).rejects.toThrow(
      'data set photographs is not known; there are digits, mnist, fashion-mnist, kmnist, ',
    );
    await expect(loadDataset('toString')).rejects.toThrow('data set toString is not known');
    for (const name of datasetNames) {
      const { shape, classes, licence, megabytes } = describeDataset(name);
      expect([shape.length, classes >= 10, licence !== '', megabytes > 0]).toEqual([3, true, true, name !== 'digits']);
    }
    expect(() => describeDataset('mnsit')).toThrow('data set mnsit is not known; did you mean mnist?');
  });
});
