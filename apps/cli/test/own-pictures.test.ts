import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, testFolder } from './sinapse.ts';
import type { Finished } from './sinapse.ts';
import { writePictures } from './own-data.ts';

const folder = testFolder();
process.env['SINAPSE_CACHE'] = join(folder, 'cache');

interface RunRecord {
  readonly pictures: readonly object[];
  readonly history: readonly unknown[];
  readonly data: { readonly parts: { readonly test: number } };
  readonly test: {
    readonly predictions: readonly { readonly source: string; readonly target: number; readonly probabilities: readonly number[] }[];
  };
}

describe('a folder of 300 pictures', () => {
  let trained: Finished;
  beforeAll(async () => {
    await writePictures('photos', { 'maçã 🍎': [1, 100], 'quatro asas': [4, 100], sete: [7, 100] });
    copyFileSync('photos/sete/000.png', 'photos/sete/copy.png');
    writeFileSync('photos/sete/broken.jpg', readFileSync('photos/sete/001.png').subarray(0, 200));
    writeFileSync('photos/sete/notes.txt', 'hello');
    trained = await sinapse('train', '--data', 'photos', '--epochs', '8', '--json');
  });
  const event = (name: string): Record<string, unknown> => trained.events.find((each) => each['event'] === name)!;

  it('is looked at', () => {
    expect(trained.stderr).toBe('');
    expect(event('data')).toMatchObject({
      kind: 'images',
      task: 'classification',
      examples: 301,
      classes: ['maçã 🍎', 'quatro asas', 'sete'],
      counts: [100, 100, 101],
      sizes: { smallest: [28, 28], largest: [28, 28] },
      duplicates: { exact: [['sete/000.png', 'sete/copy.png']], acrossParts: 0 },
    });
    const skipped = event('data')['skipped'] as { source: string; reason: string }[];
    expect(skipped.map(({ source }) => source).sort()).toEqual(['sete/broken.jpg', 'sete/notes.txt']);
    const { train, validation, test } = event('data')['parts'] as Record<string, number>;
    expect(train! + validation! + test!).toBe(301);
  });

  it('gives a model that is better than a guess, and says so', () => {
    expect(trained.code).toBe(0);
    expect(event('done')['accuracy']).toBeGreaterThan(0.85); // three digits after 8 epochs; a guess has 0.33
    expect(event('done')).toMatchObject({ baseline: { metrics: { accuracy: expect.closeTo(1 / 3, 1) as number } } });
    const findings = event('done')['findings'] as { kind: string }[];
    expect(findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['better', 'smallTest']));
  });

  it('fills the run folder', () => {
    const run = 'runs/photos';
    const files = ['config.yaml', 'environment.json', 'metrics.csv', 'metrics.jsonl', 'model.safetensors', 'run.json'];
    expect(readdirSync(run)).toEqual(expect.arrayContaining(files));
    expect(readFileSync(join(run, 'metrics.csv'), 'utf8').trim().split('\r\n')).toHaveLength(9);
    const { test, history, data, pictures } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunRecord;
    expect(history).toHaveLength(8);
    const { predictions } = test;
    expect(predictions).toHaveLength(data.parts.test);
    expect(pictures).toHaveLength(
      predictions.filter(({ target, probabilities }) => probabilities[target] !== Math.max(...probabilities)).length + 4,
    );
    expect(pictures[0]).toMatchObject({ width: 28, height: 28, gradCam: expect.stringMatching(/^iVBOR/) as string });
    for (const { source, probabilities } of predictions) {
      expect(existsSync(join('photos', source))).toBe(true);
      expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  it('gives a model that reads other pictures, of another size, too', async () => {
    await writePictures('new', { one: [1, 3], four: [4, 3] }, [56]);
    const { code, events } = await sinapse('predict', 'runs/photos/model.safetensors', 'new/one/000.png', 'new/four/002.png', '--json');
    expect(code).toBe(0);
    expect(events.map(({ top }) => (top as { label: string }[])[0]!.label)).toEqual(['maçã 🍎', 'quatro asas']);
  });

  it('is not trained in a folder that holds a run', async () => {
    const { code, stderr } = await sinapse('train', '--data', 'photos', '--out', 'runs/photos');
    expect([code, stderr]).toEqual([1, expect.stringContaining('runs/photos already holds a run: continue it with --resume')]);
  });
});

it('takes the parts that a folder has', async () => {
  await writePictures('split/train', { four: [4, 20], one: [1, 20] });
  await writePictures('split/test', { four: [4, 5], one: [1, 8] });
  const { stdout, events } = await sinapse('train', '--data', 'split', '--epochs', '1', '--json');
  expect(stdout).toContain('"event":"done"');
  // The pictures to test are among those to train on: that must be said.
  expect(events[0]).toMatchObject({ examples: 53, parts: { test: 13 }, duplicates: { acrossParts: 13 } });
});

describe('pictures that are hard to learn from', () => {
  it('of many sizes and a class of one are trained', async () => {
    await writePictures('mixed', { many: [4, 30], some: [1, 20], single: [7, 1] }, [20, 64, 28]);
    const { code, events, stdout } = await sinapse('train', '--data', 'mixed', '--epochs', '1', '--json');
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({ counts: [30, 1, 20], sizes: { smallest: [20, 20], median: [28, 28], largest: [64, 64] } });
    expect(stdout).toContain('"kind":"imbalance"');
  });

  it.each([
    ['empty', [], /empty has no images; expected a subfolder for each class/],
    ['alone', ['alone/cat'], /has one class only, "cat"; a classifier needs a folder for each of at least two classes/],
    ['few', ['few/cat', 'few/dog'], /examples are too few to learn from/],
    ['nowhere', undefined, /nowhere does not exist/],
  ] as const)('in the folder %s are refused in one line', async (root, classes, message) => {
    if (classes !== undefined) mkdirSync(root, { recursive: true });
    for (const path of classes ?? []) await writePictures(path, { '.': [1, 3] });
    const { code, stdout, stderr } = await sinapse('train', '--data', root);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([1, '']);
  });
});
