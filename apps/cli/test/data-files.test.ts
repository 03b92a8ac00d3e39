import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sinapse, start, testFolder } from './sinapse.ts';

const folder = testFolder();

/** A file in MNIST's format. */
function idx(magic: number, sizes: readonly number[], values: (index: number) => number): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
  header.setUint32(0, magic);
  sizes.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  const data = Uint8Array.from({ length: sizes.reduce((a, b) => a * b) }, (_, i) => values(i));
  return Uint8Array.from([...new Uint8Array(header.buffer), ...data]);
}

const images = (count: number) => idx(0x803, [count, 28, 28], (i) => (i * 7919) % 256);
const labels = (count: number) => idx(0x801, [count], (i) => i % 10);

const good: Record<string, Uint8Array | string> = {
  'train-images-idx3-ubyte.gz': gzipSync(images(40)),
  'train-labels-idx1-ubyte.gz': gzipSync(labels(40)),
  't10k-images-idx3-ubyte.gz': gzipSync(images(20)),
  't10k-labels-idx1-ubyte.gz': gzipSync(labels(20)),
};

function dataFolder(name: string, files: Record<string, Uint8Array | string>): string {
  mkdirSync(join(folder, 'data', name), { recursive: true });
  for (const [file, content] of Object.entries({ ...good, ...files })) writeFileSync(join(folder, 'data', name, file), content);
  return `data/${name}`;
}

const train = (dir: string, ...args: string[]) =>
  sinapse('train', '--model', 'lenet5', '--dataset', 'mnist', '--data-dir', dir, '--batch-size', '8', '--json', ...args);

describe('the files of a data set', () => {
  it('are learned from, and tested with', async () => {
    const { code, events } = await train(dataFolder('good', {}), '--epochs', '1', '--out', 'data/run');
    expect(code).toBe(0);
    expect(events).toMatchObject([{ event: 'epoch', examples: 40 }, { event: 'done' }]);
    const evaluated = await sinapse('evaluate', 'data/run/model.safetensors', '--dataset', 'mnist', '--data-dir', 'data/good', '--json');
    expect(evaluated.events).toMatchObject([{ accuracy: events[1]!['testAccuracy'], loss: events[1]!['testLoss'] }]);
  });

  it('are needed as far as they are used: none to train with where a model is measured', async () => {
    const dir = dataFolder('test-only', {});
    for (const file of Object.keys(good).filter((name) => name.startsWith('train'))) rmSync(join(folder, dir, file));
    const { code, events } = await sinapse('evaluate', 'data/run/model.safetensors', '--dataset', 'mnist', '--data-dir', dir, '--json');
    expect(code).toBe(0);
    expect(events).toMatchObject([{ event: 'evaluated', examples: 20 }]);
  });

  it('must be the same when a run is resumed', async () => {
    const other = dataFolder('other', { 'train-images-idx3-ubyte.gz': gzipSync(idx(0x803, [40, 28, 28], (i) => i % 251)) });
    const { code, stderr } = await train(other, '--epochs', '2', '--out', 'data/run', '--resume');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sinapse: resume: the content of the training images was /);
  });
});

const cut = good['train-images-idx3-ubyte.gz'] as Uint8Array;
const bad: [string, Record<string, Uint8Array | string>, RegExp][] = [
  [
    'a gzip file that is cut off',
    { 'train-images-idx3-ubyte.gz': cut.subarray(0, cut.length / 2) },
    /train-images-idx3-ubyte\.gz is cut off/,
  ],
  ['labels instead of images', { 'train-images-idx3-ubyte.gz': good['train-labels-idx1-ubyte.gz']! }, /has 1 dimension/],
  ['another magic number', { 'train-labels-idx1-ubyte.gz': idx(0xdeadbeef, [40], () => 0) }, /is not an IDX file/],
  ['labels of another number', { 'train-labels-idx1-ubyte.gz': labels(39) }, /has 40 images, but .* has 39 labels/],
  [
    'a label 255',
    { 'train-labels-idx1-ubyte.gz': idx(0x801, [40], (i) => (i === 7 ? 255 : 1)) },
    /has label 255 at index 7, expected 0 to 9/,
  ],
  ['text', { 'train-images-idx3-ubyte.gz': 'hello, I am a text' }, /is not an IDX file/],
  ['nothing', { 'train-images-idx3-ubyte.gz': '' }, /train-images/],
];

describe('files that are not what they should be end with 1, one line, and no run folder:', () => {
  it.each(bad)('%s', async (name, files, message) => {
    const { code, stdout, stderr } = await train(dataFolder(name, files), '--out', 'run');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it.each([
    ['nowhere', /there is no folder .*nowhere; put the four MNIST files in a folder DIR and pass --data-dir DIR/],
    ['.', /has no train-images-idx3-ubyte\.gz/],
  ])('a folder %s', async (dir, message) => {
    const { code, stderr } = await train(dir, '--out', 'run');
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  it('a download that cannot be', async () => {
    // The cache is unusable on every machine; the error does not depend on the network.
    const running = start(['train', '--model', 'lenet5', '--dataset', 'mnist'], { env: { SINAPSE_CACHE: '/dev/null/cache' } });
    const { code, stderr } = await running.finished;
    expect(stderr).toMatch(/^sinapse: mnist: cannot write in .*SINAPSE_CACHE.*--data-dir DIR.*\n$/);
    expect(code).toBe(1);
  });
});
