import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { datasetNames } from '@sinapse/datasets/node';
import { listModels } from '@sinapse/zoo';
import { binary, sinapse, small, start, testFolder } from './sinapse.ts';

const folder = testFolder();
const commands = ['train', 'evaluate', 'predict', 'generate', 'summary', 'new', 'backends', 'datasets', 'models'];

describe('help', () => {
  it.each(commands)('of %s shows its options and an example', async (command) => {
    const { code, stdout, stderr } = await sinapse(command, '--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: sinapse ${command}`);
    expect(stdout).toContain('--json');
    expect(stdout).toMatch(/\nExamples?:\n {2}node \S+ \w+/);
  });

  it.each([[[]], [['--help']], [['help']]])('of the program is shown for %j', async (args) => {
    const { code, stdout, stderr } = await sinapse(...args);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const command of commands) expect(stdout).toContain(`  ${command} `);
  });

  it('gives its examples in the form of npm start, when that is how it was started', async () => {
    const { stdout } = await start(['train', '--help'], { env: { npm_lifecycle_event: 'start' } }).finished;
    expect(stdout).toContain('  npm start -- train --quick-start\n');
  });

  it('is there at once: it loads no package of Sinapse, and nothing of what a command does', async () => {
    const reports = join(folder, 'loaded');
    await start(['--help'], { env: { NODE_V8_COVERAGE: reports } }).finished; // V8's coverage report lists every module that ran
    const report = JSON.parse(readFileSync(join(reports, readdirSync(reports)[0]!), 'utf8')) as { result: { url: string }[] };
    const loaded = report.result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    const own = `${pathToFileURL(dirname(binary)).href}/`;
    expect(loaded).toContain(`${own}program.js`);
    const needed = /^(\w|-)+\.js$|^output\//; // the program itself, and what checks words and prints lines
    const others = loaded.filter((url) => !(url.startsWith(own) ? needed.test(url.slice(own.length)) : url.includes('/commander/')));
    expect(others).toEqual([]);
    expect(loaded.filter((url) => /\/(data|model-file|backend-choice)\.js$/.test(url))).toEqual([]);
  });
});

it('prints its version', async () => {
  const { code, stdout } = await sinapse('--version');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('datasets', () => {
  it('lists data sets', async () => {
    const { events } = await sinapse('datasets', '--json');
    expect(events.filter(({ event }) => event === 'dataset').map(({ name }) => name)).toEqual(datasetNames);
    expect(events.filter(({ event }) => event === 'syntheticSet').map(({ name }) => name)).toContain('moons');
    const { stdout } = await sinapse('datasets', 'list');
    expect(stdout).toContain('60,000 images of 28 x 28 x 1 in 10 classes');
    expect(stdout).toContain('licence: CC BY-SA 3.0');
  });

  it('shows what one holds, with a contact sheet', async () => {
    const sheet = join(folder, 'digits.png');
    const { events } = await sinapse('datasets', 'show', 'digits', '--out', sheet, '--json');
    expect(events).toMatchObject([{ name: 'digits', testCounts: { 0: 200, 9: 200 } }, { event: 'contactSheet' }]);
    expect(readFileSync(sheet).subarray(1, 4).toString()).toBe('PNG');
    expect((await sinapse('datasets', 'download', 'digits')).stdout).toContain('10,000 images to train on, 2,000 to test');
  });

  it('names what is wrong', async () => {
    for (const [args, message] of [
      [['downlod', 'mnist'], 'there is no action "downlod"; did you mean download?'],
      [['show'], 'say which data set to show: datasets show mnist'],
      [['show', 'mnits'], 'there is no data set "mnits"; did you mean mnist?'],
    ] as const) {
      const { code, stderr } = await sinapse('datasets', ...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});

describe('models', () => {
  it('lists the networks of the zoo, and says more of one', async () => {
    const { events } = await sinapse('models', '--json');
    expect(events.map(({ name }) => name)).toEqual(listModels().map(({ name }) => name));
    const { stdout } = await sinapse('models');
    expect(stdout).toMatch(/^name +year +parameters +multiply-adds +top-1 % +top-5 %\n/);
    expect(stdout).toMatch(/^vgg16 +2014 +138,357,544 +15,470,264,320 +74.40 +91.90$/m);
    const one = await sinapse('models', 'vgg16');
    expect(one.stdout).toContain('Simonyan, Zisserman');
    expect(one.stdout).toContain('138,357,544 parameters; 15,470,264,320 multiply-adds for an image of 224 x 224 x 3');
    expect((await sinapse('models', 'vgg16', '--json')).events).toMatchObject([
      { name: 'vgg16', inputShape: [224, 224, 3], classes: 1000 },
    ]);
  });

  it('suggests the nearest name', async () => {
    const { code, stderr } = await sinapse('models', 'alexne');
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no model "alexne"; did you mean alexnet?')]);
  });
});

describe.each([40, 80])('in a terminal of %i columns', (columns) => {
  const before = [process.stdout.isTTY, process.stdout.columns] as const;
  beforeEach(() => void Object.assign(process.stdout, { isTTY: true, columns }));
  afterEach(() => void Object.assign(process.stdout, { isTTY: before[0], columns: before[1] }));

  it.each([
    ...commands.map((command) => [command, '--help']),
    ['--help'],
    ['summary', 'lenet5'],
    ['summary', 'resnet20'],
    ['datasets'],
    ['models'],
    ['backends'],
    [...small.filter((word) => word !== '--json'), '--out', `wide-${columns}`],
    ['evaluate', `wide-${columns}/model.safetensors`, '--dataset', 'digits', '--test-limit', '20'],
  ])('no line of %s %s is longer, and no word is broken', async (...args) => {
    process.env['npm_lifecycle_event'] = 'start';
    const { code, stdout } = await sinapse(...args);
    delete process.env['npm_lifecycle_event'];
    expect(code).toBe(0);
    const lines = stripVTControlCharacters(stdout).split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.filter((line) => line.endsWith('-'))).toEqual(lines.filter((line) => /^-+$/.test(line)));
  });
});

describe('summary', () => {
  it('counts parameters and operations of LeNet-5', async () => {
    const { code, events } = await sinapse('summary', 'lenet5', '--json');
    expect(code).toBe(0);
    // 61,706 is the known number of parameters of this network: 156 + 2,416 + 48,120 + 10,164 + 850.
    expect(events).toMatchObject([{ event: 'summary', model: 'lenet5', parameters: 61706, nonTrainable: 0, macs: 416520 }]);
    const layers = events[0]!['layers'] as { parameters: number }[];
    expect(layers.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(61706);
  });

  it.each([
    ['resnet20', { parameters: 269_722, nonTrainable: 1376, macs: 40_551_040, inputShape: [32, 32, 3], outputShape: [10] }],
    ['resnet50', { parameters: 25_557_032, nonTrainable: 53_120, macs: 4_089_184_256, inputShape: [224, 224, 3], outputShape: [1000] }],
  ])('counts those of %s, without drawing a weight', async (name, counts) => {
    const { code, events } = await sinapse('summary', name, '--json');
    expect(code).toBe(0);
    expect(events).toMatchObject([{ event: 'summary', model: name, ...counts }]);
  });

  it('takes another input', async () => {
    const { events } = await sinapse('summary', 'lenet5', '--input', '32,32,3', '--json');
    expect(events[0]).toMatchObject({ inputShape: [32, 32, 3] });
  });

  it('is a table for people', async () => {
    const { stdout } = await sinapse('summary', 'lenet5');
    expect(stdout).toContain('trainable 61,706');
    expect(stdout).not.toContain('\u001b');
  });
});
