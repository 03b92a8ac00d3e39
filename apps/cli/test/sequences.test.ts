// A text that is learned and written on, and a series that is foreseen.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, testFolder } from './sinapse.ts';
import type { Finished } from './sinapse.ts';

const folder = testFolder();
const verse = 'the sea is wide, the sea is deep, and all the ships are fast asleep.\n';

beforeAll(() => {
  writeFileSync('text.txt', verse.repeat(24));
  const rows = Array.from(
    { length: 160 },
    (_, t) => `${t},${(20 + 0.05 * t + 3 * Math.sin((Math.PI * t) / 6) + 0.2 * Math.sin(t * t)).toFixed(3)},north`,
  );
  writeFileSync('series.csv', `month,sales,region\n${rows.join('\n')}\n`);
});

describe('a text', () => {
  const train = [
    'train',
    '--data',
    'text.txt',
    '--epochs',
    '12',
    '--window',
    '32',
    '--batch-size',
    '6',
    '--model-option',
    'units=48',
    '--json',
  ];
  let trained: Finished;
  beforeAll(async () => void (trained = await sinapse(...train, '--out', 'written')));

  it('is learned, better in each part of the training, and measured on what it did not learn', () => {
    expect([trained.code, trained.stderr]).toEqual([0, '']);
    const epochs = trained.events.slice(0, -1);
    expect(epochs).toHaveLength(12);
    expect(epochs[11]!['perplexity']).toBeLessThan(epochs[0]!['perplexity'] as number);
    expect(trained.events.at(-1)).toMatchObject({
      event: 'done',
      model: 'written/model.safetensors',
      valPerplexity: expect.any(Number) as number,
    });
    expect(trained.events.at(-1)!['valPerplexity']).toBeLessThan(1.6);
    expect(readdirSync(join(folder, 'written'))).toContain('model.safetensors');
  });

  it('is written on, the same with the same seed', async () => {
    const write = (...more: string[]) => sinapse('generate', 'written/model.safetensors', '--prompt', 'the sea', '--length', '60', ...more);
    const { code, events } = await write('--temperature', '0.5', '--seed', '1', '--json');
    expect(code).toBe(0);
    const text = events[0]!['text'] as string;
    expect(text).toHaveLength(67);
    expect(text).toMatch(/^the sea[a-z ,.\n]*$/);
    const words = new Set(verse.split(/[^a-z]+/));
    expect(text.split(/[^a-z]+/).slice(0, -1).filter((word) => !words.has(word))).toEqual([]); // prettier-ignore
    expect((await write('--temperature', '0.5', '--seed', '1', '--json')).events).toEqual(events);
    expect((await write('--temperature', '0', '--top-k', '3')).stdout).toMatch(/^the sea/);
  });

  it('characters that the model never saw are named', async () => {
    const { code, events, stderr } = await sinapse('generate', 'written/model.safetensors', '--prompt', 'a7ß', '--length', '3', '--json');
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({ unknown: ['7', 'ß'] });
    expect(stderr).toBe('sinapse: the model never saw 7 ß; U+FFFD, its unknown character, stands there\n');
  });

  it('a model of images writes none', async () => {
    await sinapse('train', '--quick-start', '--train-limit', '64', '--test-limit', '10', '--out', 'images', '--json');
    const { code, stderr } = await sinapse('generate', 'images/model.safetensors', '--prompt', 'a');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^sinapse: images\/model\.safetensors holds a lenet5, which writes no text; this makes a model that does: .*--model char-lstm --data text\.txt\n$/,
    );
  });
});

it('a series is foreseen, and drawn with its interval', async () => {
  const args = [
    'train',
    '--data',
    'series.csv',
    '--target',
    'sales',
    '--window',
    '24',
    '--horizon',
    '6',
    '--epochs',
    '30',
    '--learning-rate',
    '0.01',
  ];
  const { code, stderr, events } = await sinapse(...args, '--model', 'gru', '--out', 'foreseen', '--json');
  expect([code, stderr]).toEqual([0, '']);
  const done = events.at(-1)! as {
    valError: number;
    lastValueError: number;
    forecast: number[];
    interval: [number, number][];
    chart: string;
  };
  expect(done).toMatchObject({ target: 'sales', level: 0.9, model: 'foreseen/model.safetensors' });
  expect(done.valError).toBeLessThan(0.6 * done.lastValueError);
  expect(done.forecast).toHaveLength(6);
  done.forecast.forEach((value, step) => {
    const wanted = 20 + 0.05 * (160 + step) + 3 * Math.sin((Math.PI * (160 + step)) / 6);
    expect(Math.abs(value - wanted)).toBeLessThan(1.5);
    const [low, high] = done.interval[step]!;
    expect(high).toBeGreaterThan(low);
  });
  const svg = readFileSync(done.chart, 'utf8');
  expect(svg).toMatch(/^<svg [^]*<polygon class="interval"[^]*<polyline class="past"[^]*<polyline class="forecast"[^]*<\/svg>\n$/);
  expect(svg.match(/class="forecast" points="([^"]*)"/)![1]!.split(' ')).toHaveLength(7); // from the last value on
  expect((await sinapse('summary', 'foreseen/model.safetensors')).stdout).toContain('forecaster');
});

describe('wrong usage ends with one line, and leaves nothing behind:', () => {
  it.each([
    [['train', '--data', 'text.txt', '--dataset', 'digits'], 2, '--dataset is for images; with --data leave it out'],
    [
      ['train', '--model', 'char-lstm', '--dataset', 'digits'],
      2,
      'char-lstm learns a text of your own, not the data set digits: --data text.txt',
    ],
    [['train', '--model', 'char-gru'], 2, 'char-gru learns a text of your own: --data text.txt'],
    [['train', '--model', 'lstm', '--data', 'mnist'], 2, 'lstm learns a series of your own, not the data set mnist: --data series.csv'],
    [['train', '--data', 'text.txt', '--resume'], 2, '--resume is for images'],
    [['train', '--data', 'text.txt', '--fine-tune'], 2, '--fine-tune is for images'],
    [['train', '--data', 'text.txt', '--model', 'char-lsmt'], 2, 'there is no model of sequences "char-lsmt"; did you mean char-lstm?'],
    [
      ['train', '--model', 'char-lstm', '--data', 'text.txt', '--target', 'x'],
      2,
      '--target and --horizon are for a series; char-lstm learns a text',
    ],
    [
      ['train', '--data', 'text.txt', '--window', '500'],
      2,
      'text.txt has 1,656 characters; with --window 500 a text of at least 5,020 is needed',
    ],
    [['train', '--data', 'text.txt', '--model-option', 'unit=3'], 2, '--model-option: charModel: unit is no option; did you mean units?'],
    [['train', '--data', 'none.txt'], 1, 'none.txt does not exist'],
    [['train', '--data', 'text.txt', '--optimizer', 'adma'], 2, 'there is no optimizer "adma"; did you mean adam?'],
    [
      ['train', '--model', 'lstm', '--data', 'series.csv', '--target', 'sale'],
      2,
      '--target sale: series.csv has no such column; of numbers: month, sales',
    ],
    [
      ['train', '--model', 'lstm', '--data', 'series.csv', '--target', 'region'],
      2,
      '--target region: the column holds no numbers; those that do: month, sales',
    ],
    [['train', '--data', 'series.csv', '--window', '200'], 2, 'series.csv has 160 steps; --window 200 and --horizon 12 need at least'],
    [['generate', 'none.safetensors', '--prompt', ''], 2, '--prompt: give at least one character'],
    [['generate', 'none.safetensors'], 2, "required option '--prompt <text>' not specified"],
    [['generate', 'none.safetensors', '--prompt', 'a', '--top-p', '2'], 2, '--top-p 2: expected a number within (0, 1]'],
    [['generate', 'none.safetensors', '--prompt', 'a'], 1, 'none.safetensors'],
  ])('%j', async (args, expected, message) => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await sinapse(...args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([expected, '']);
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync('runs')).toBe(false);
  });
});
