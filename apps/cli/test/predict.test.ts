import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digits } from '@sinapse/datasets';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, testFolder } from './sinapse.ts';

const folder = testFolder();
const model = 'run/model.safetensors';
const tested = 40;

beforeAll(async () => {
  await sinapse('train', '--quick-start', '--train-limit', '640', '--test-limit', '40', '--out', 'run', '--json');
});

/** Writes test images of the built-in data set to files, each passed through `change`. */
async function testImages(change: (image: Sharp) => Sharp | Promise<Sharp>): Promise<{ files: string[]; labels: number[] }> {
  const { images, labels, width, height } = digits({ count: tested, split: 'test' });
  mkdirSync(join(folder, 'images'), { recursive: true });
  const files = await Promise.all(
    Array.from({ length: tested }, async (_, i) => {
      const pixels = images.slice(i * width * height, (i + 1) * width * height);
      const file = `images/${i}.png`;
      const image = await change(sharp(pixels, { raw: { width, height, channels: 1 } }));
      await image.png().toFile(join(folder, file));
      return file;
    }),
  );
  return { files, labels: [...labels] };
}

async function predicted(files: string[], ...args: string[]): Promise<{ label: string; probability: number }[]> {
  const { code, events, stderr } = await sinapse('predict', model, ...files, '--top', '1', '--json', ...args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(events.map(({ event, file }) => [event, file])).toEqual(files.map((file) => ['prediction', file]));
  return events.map(({ top }) => (top as { label: string; probability: number }[])[0]!);
}

describe('predictions', () => {
  it('are those that evaluate counts', async () => {
    const { files, labels } = await testImages((image) => image);
    const { events } = await sinapse('evaluate', model, '--dataset', 'digits', '--test-limit', String(tested), '--json');
    const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    (await predicted(files)).forEach(({ label }, i) => confusion[labels[i]!]![Number(label)]!++);
    expect(confusion).toEqual(events[0]!['confusion']);
  });

  it('are the same for dark on light', async () => {
    const before = await predicted((await testImages((image) => image)).files);
    expect(await predicted((await testImages((image) => image.negate())).files)).toEqual(before);
    expect(await predicted((await testImages((image) => image.negate())).files, '--invert', 'yes')).toEqual(before);
  });

  it('are much the same for a large page with the digit in a corner', async () => {
    const before = await predicted((await testImages((image) => image)).files);
    const page = { left: 300, right: 20, top: 10, bottom: 150, background: '#fff' };
    const enlarged = async (image: Sharp) => sharp(await image.resize(112, 112).negate().png().toBuffer()).extend(page);
    const { files } = await testImages(enlarged);
    const after = await predicted(files);
    const same = after.filter(({ label }, i) => label === before[i]!.label).length;
    expect(same / tested).toBeGreaterThan(0.75);
  });

  it('come with their probabilities, best first', async () => {
    const { events } = await sinapse('predict', model, 'images/0.png', '--top', '100', '--json');
    const top = events[0]!['top'] as { label: string; probability: number }[];
    expect(top).toHaveLength(10);
    expect(top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    expect(top.map(({ probability }) => probability)).toEqual(top.map(({ probability }) => probability).sort((a, b) => b - a));
  });

  it('come with a warning, and success, when an image looks like no drawing', async () => {
    const side = 96;
    const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
      const [x, y, c] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side), i % 3];
      return 128 + 60 * Math.sin(x / 13 + c) * Math.cos(y / 9 - c) + 40 * Math.sin((x + y) / 4) + 20 * Math.sin(x * y);
    });
    await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
      .jpeg()
      .toFile(join(folder, 'cat.jpg'));
    const { code, events, stderr } = await sinapse('predict', model, 'cat.jpg', 'images/0.png', '--json');
    expect(code).toBe(0);
    expect(stderr).toBe('sinapse: cat.jpg does not look like a drawing on paper, as the model learned them: its answer may mean nothing\n');
    expect(events.map(({ familiar }) => familiar)).toEqual([false, true]);
  });

  it('name each file for people, when there are several', async () => {
    const { stdout } = await sinapse('predict', model, 'images/0.png', 'images/1.png', '--top', '1');
    expect(stdout).toMatch(/^images\/0\.png\n\d +\d+\.\d\d%.*\nimages\/1\.png\n\d +\d+\.\d\d%.*\n$/);
  });
});

describe.skipIf(!existsSync('/dev/zero'))('a device that has no end is refused', () => {
  it.each([
    [['predict', 'MODEL', '/dev/zero'], '/dev/zero is a device, but a file is needed'],
    [['predict', '/dev/zero', 'images/0.png'], 'read /dev/zero: it is a device, not a file'],
    [['evaluate', 'MODEL', '--dataset', 'mnist', '--data-dir', 'endless'], 't10k-images-idx3-ubyte is a device, expected a file'],
    [['train', '--resume', '--out', 'endless'], 'config.json is a device, but a file is needed'],
  ])('%j', async (args, message) => {
    mkdirSync(join(folder, 'endless'), { recursive: true });
    for (const file of ['t10k-images-idx3-ubyte', 'checkpoint.safetensors', 'config.json']) {
      rmSync(join(folder, 'endless', file), { force: true });
      symlinkSync('/dev/zero', join(folder, 'endless', file));
    }
    const { code, stderr } = await sinapse(...args.map((word) => (word === 'MODEL' ? model : word)));
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });
});

it('reports a file that cannot be read, and answers the others', async () => {
  writeFileSync(join(folder, 'empty.png'), '');
  writeFileSync(join(folder, 'text.png'), 'I am a text');
  writeFileSync(join(folder, 'bomb.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>');
  await sharp({ create: { width: 50, height: 50, channels: 3, background: '#eee' } })
    .png()
    .toFile(join(folder, 'blank.png'));
  const bad = ['empty.png', 'text.png', 'bomb.svg', 'blank.png', 'nowhere.png', 'images'];
  const { code, events, stderr } = await sinapse('predict', model, ...bad, 'images/0.png', '--json');
  expect(code).toBe(1);
  expect(events.map(({ file }) => file)).toEqual(['images/0.png']);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(bad.length);
  [
    /is empty$/,
    /is no image that can be read/,
    /more than 100 million pixels/,
    /nothing that stands out/,
    /does not exist$/,
    /is a folder/,
  ].forEach((message, i) => {
    expect(lines[i]).toMatch(message);
    expect(lines[i]!.startsWith(`sinapse: ${bad[i]}`)).toBe(true);
  });
});
