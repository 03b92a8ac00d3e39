// The published sets, from small files of their formats in a folder or an archive, and downloads whose hash is of the compressed file.

import { zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readsMutated } from '../../test/mutated.ts';
import { imageSetFromCifar, imageSetFromIdx, parseIdx } from '../index.ts';
import { CIFAR100_CLASSES, CIFAR10_CLASSES } from './cifar-classes.ts';
import { downloadFile } from './download.ts';
import { cifar10, cifar100, emnist, fashionMnist, kmnist, loadSplit } from './index.ts';
import { tarFiles } from './tar.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sinapse-sets-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const idxImages = (...pictures: Uint8Array[]): Uint8Array => Uint8Array.from([0, 0, 8, 3, 0, 0, 0, pictures.length, 0, 0, 0, 28, 0, 0, 0, 28, ...pictures.flatMap((picture) => [...picture])]); // prettier-ignore
const idxLabels = (...labels: number[]): Uint8Array => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, labels.length, ...labels);
const picture = (value: number): Uint8Array => new Uint8Array(784).fill(value);
/** A record of CIFAR whose pixel p has red p % 251, green 1, blue 2. */
const record = (...labels: number[]): number[] => [
  ...labels,
  ...Array.from({ length: 3072 }, (_, i) => (i < 1024 ? i % 251 : i < 2048 ? 1 : 2)),
];

function tar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).map(([name, content]) => {
    const block = Buffer.alloc(512 + Math.ceil(content.length / 512) * 512);
    block.write(name, 0);
    block.write('0000644\0', 100);
    block.write(content.length.toString(8).padStart(11, '0'), 124);
    block.write('        ', 148);
    block.write('0', 156);
    block.write('ustar\0', 257);
    const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    block.set(content, 512);
    return block;
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

describe('sets in the form of MNIST', () => {
  it('are read from a folder of their name', async () => {
    for (const [name, read] of [
      ['fashion-mnist', fashionMnist],
      ['kmnist', kmnist],
    ] as const) {
      // prettier-ignore
      await mkdir(join(dir, name));
      await writeFile(join(dir, name, 't10k-images-idx3-ubyte'), idxImages(picture(1), picture(2)));
      await writeFile(join(dir, name, 't10k-labels-idx1-ubyte.gz'), gzipSync(idxLabels(0, 9)));
      const set = await read({ dir, split: 'test' });
      expect([[...set.labels], set.classNames.length, set.images[784]]).toEqual([[0, 9], 10, 2]); // prettier-ignore
      expect((await loadSplit(name, 'test', { dir, count: 1 })).images.labels).toHaveLength(1);
      await expect(read({ dir })).rejects.toThrow(`${name}: ${dir} has no train-images-idx3-ubyte.gz; put the four`);
    }
  });

  it('EMNIST is turned upright, from its files or its archive; letters count from 0', async () => {
    const line = picture(0).fill(9, 0, 28); // the first row of the file is the first column of the image
    const files = {
      'gzip/emnist-letters-train-images-idx3-ubyte.gz': gzipSync(idxImages(line)),
      'gzip/emnist-letters-train-labels-idx1-ubyte.gz': gzipSync(idxLabels(26)),
      'gzip/emnist-letters-test-images-idx3-ubyte.gz': gzipSync(idxImages(line)),
      'gzip/emnist-letters-test-labels-idx1-ubyte.gz': gzipSync(idxLabels(0)),
    };
    await writeFile(join(dir, 'gzip.zip'), zipSync(files));
    const fromArchive = await emnist({ dir, variant: 'letters' });
    expect([fromArchive.labels[0], fromArchive.classNames[25], fromArchive.images[0], fromArchive.images[1], fromArchive.images[28]]).toEqual([25, 'z', 9, 0, 9]); // prettier-ignore
    await rm(join(dir, 'gzip.zip'));
    await mkdir(join(dir, 'gzip'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
    expect(await emnist({ dir, variant: 'letters' })).toEqual(fromArchive);
    await expect(emnist({ dir, variant: 'letters', split: 'test' })).rejects.toThrow('has label 0, expected 1 to 26');
    await expect(emnist({ dir })).rejects.toThrow("emnist: " + dir + " has no emnist-balanced-train-images-idx3-ubyte.gz; put EMNIST's gzip.zip, or its files, in a folder DIR"); // prettier-ignore
    await writeFile(join(dir, 'gzip.zip'), 'no archive');
    await expect(emnist({ dir })).rejects.toThrow('gzip.zip is damaged');
    await expect(emnist({ variant: 'leters' } as never)).rejects.toThrow('got "leters"; did you mean letters?');
  });
});

describe('CIFAR', () => {
  it('is read from its files, or its archive', async () => {
    const batches = Object.fromEntries(
      [1, 2, 3, 4, 5].map((part) => [`cifar-10-batches-bin/data_batch_${part}.bin`, Uint8Array.from(record(part))]),
    );
    const files = { ...batches, 'cifar-10-batches-bin/test_batch.bin': Uint8Array.from([...record(9), ...record(0)]) };
    await writeFile(join(dir, 'cifar-10-binary.tar.gz'), gzipSync(tar(files)));
    const train = await cifar10({ dir });
    expect([[...train.labels], train.images.length, [...train.images.subarray(3, 6)]]).toEqual([[1, 2, 3, 4, 5], 5 * 3072, [1, 1, 2]]); // prettier-ignore
    await rm(join(dir, 'cifar-10-binary.tar.gz'));
    await mkdir(join(dir, 'cifar-10-batches-bin'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
    expect(await cifar10({ dir })).toEqual(train);
    expect([...(await cifar10({ dir, split: 'test' })).labels]).toEqual([9, 0]);
    await writeFile(join(dir, 'train.bin'), Uint8Array.from(record(3, 99)));
    expect([(await cifar100({ dir })).labels[0], CIFAR100_CLASSES[99]]).toEqual([99, 'worm']);
    await expect(cifar100({ dir, split: 'test' })).rejects.toThrow(`cifar100: ${dir} has no test.bin; put cifar-100-binary.tar.gz, or its .bin files, in`); // prettier-ignore
  });

  it('has its classes in alphabetical order', () => {
    expect([CIFAR10_CLASSES.length, CIFAR100_CLASSES.length]).toEqual([10, 100]);
    for (const names of [CIFAR10_CLASSES, CIFAR100_CLASSES]) expect([...new Set(names)].sort()).toEqual(names);
  });

  it('refuses other bytes', () => {
    const options = { classNames: ['a'], name: 'x.bin' };
    expect(() => imageSetFromCifar(Uint8Array.of(1, 2), options)).toThrow(
      'x.bin has 2 bytes, which is no whole number of records of 3073 bytes',
    );
    expect(() => imageSetFromCifar(Uint8Array.from(record(1)), options)).toThrow('x.bin has label 1 at record 0, expected 0 to 0');
    expect(() => imageSetFromCifar(new Uint8Array(), options)).toThrow('x.bin is empty');
  });
});

it('downloads a file whose published hash is of its compressed bytes', async () => {
  const content = Uint8Array.from({ length: 5000 }, (_, i) => i % 7);
  const packed = gzipSync(content);
  const server = createServer((_, response) => response.end(packed)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mirrors = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`];
  const file = { name: 'a.gz', sha256: createHash('sha256').update(packed).digest('hex'), size: packed.length, unpacked: 5000 };
  expect(await downloadFile(file, { directory: dir, mirrors })).toEqual(content);
  expect(Buffer.compare(await readFile(join(dir, 'a.gz')), packed)).toBe(0);
  await expect(downloadFile({ ...file, unpacked: 4999 }, { directory: dir, mirrors })).rejects.toThrow('what it sent unpacks to more than 4999 bytes'); // prettier-ignore
  await expect(downloadFile({ ...file, sha256: file.sha256.replace(/^./, 'g') }, { directory: dir, mirrors })).rejects.toThrow('sent a file with other content'); // prettier-ignore
  server.closeAllConnections();
  server.close();
});

describe('damaged files are read, or refused in one line', () => {
  it('IDX', async () => {
    const original = idxImages(picture(1), picture(2));
    const labels = idxLabels(0, 1);
    expect(await readsMutated(original, (bytes) => imageSetFromIdx(bytes, labels, { classNames: ['a', 'b'] }))).toBeGreaterThan(0);
    expect(await readsMutated(labels, (bytes) => parseIdx(bytes))).toBeGreaterThan(0);
  });

  it('CIFAR and tar', async () => {
    const original = Uint8Array.from([...record(0), ...record(1)]);
    expect(await readsMutated(original, (bytes) => imageSetFromCifar(bytes, { classNames: ['a', 'b'] }))).toBeGreaterThan(0);
    const archive = tar({ 'a/b': Uint8Array.of(1, 2, 3), c: new Uint8Array(700) });
    expect(tarFiles(archive, 'x').get('a/b')).toEqual(Buffer.from([1, 2, 3]));
    expect(await readsMutated(archive, (bytes) => tarFiles(bytes, 'x'))).toBeGreaterThan(0);
  });
});
