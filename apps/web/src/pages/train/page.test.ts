// What else the page "train" does, without a page: layers are checked, settings survive the address, the code runs.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as packageOptimizers from '@sinapse/optimizers';
import { createOptimizer, optimizerNames } from '@sinapse/optimizers';
import { trainCode } from './code.ts';
import { checkLayers } from './network.ts';
import type { LayerSpec, TrainSettings } from './settings.ts';
import { defaultsFor, layersFromText, layersToText, optimizers, settingsFromQuery, settingsToQuery } from './settings.ts';
import { trainTasks } from './tasks.ts';
import { trainTexts } from './text.ts';

beforeAll(async () => void use(await cpu()));

describe("one's own layers", () => {
  test('show what each gives', () => {
    expect(checkLayers(defaultsFor('digits').layers, [28, 28, 1]).map(({ shape }) => shape)).toEqual([
      [26, 26, 8],
      [13, 13, 8],
      [1352],
      [32],
    ]);
  });

  test('show the first that does not fit, and why', () => {
    const layers: LayerSpec[] = [
      { kind: 'flatten' },
      { kind: 'conv2d', filters: 2, kernelSize: 3, activation: 'relu' },
      { kind: 'flatten' },
    ];
    const checked = checkLayers(layers, [28, 28, 1]);
    expect(checked).toHaveLength(2);
    expect(checked[1]!.problem).toEqual({
      why: 'needsImage',
      detail: expect.stringMatching(/conv2d: each example must be \[height, width, channels\]/),
    });
    const tooLarge = checkLayers([{ kind: 'conv2d', filters: 2, kernelSize: 11, activation: 'relu' }], [8, 8, 1]);
    expect(tooLarge[0]!.problem!.why).toBe('imageTooSmall');
  });
});

describe('the address', () => {
  test('keeps settings, and only what differs from the usual', () => {
    expect(Object.values(settingsToQuery(defaultsFor('digits'))).filter((value) => value !== undefined)).toEqual([]);
    const layers: LayerSpec[] = [
      { kind: 'dropout', rate: 0.25 },
      { kind: 'dense', units: 3, activation: 'gelu' },
    ];
    const settings: TrainSettings = { ...defaultsFor('xor'), layers, learningRate: 0.3, seed: 7, optimizer: 'sgd' };
    const entries = Object.entries(settingsToQuery(settings)).filter((entry): entry is [string, string] => entry[1] !== undefined);
    expect(settingsFromQuery(new URLSearchParams(entries))).toEqual(settings);
    expect(layersFromText(layersToText(defaultsFor('digits').layers))).toEqual(defaultsFor('digits').layers);
  });

  test.each(['data=files', 'net=file', 'lr=-1', 'batch=0', 'seed=1.5', 'layers=evil', 'layers=dense.0.relu', 'opt=x'])(
    '%s is as if it were not there',
    (text) => expect(settingsFromQuery(new URLSearchParams(text))).toEqual(defaultsFor('digits')),
  );
});

test.each(optimizers)('the optimizer %s is one of the package, under the name that the code imports', (name) => {
  expect(optimizerNames).toContain(name);
  expect(Object.keys(packageOptimizers)).toContain(name);
  expect(() => createOptimizer(name, { learningRate: 0.1 })).not.toThrow();
  expect(trainCode({ ...defaultsFor('xor'), optimizer: name })).toContain(`import { ${name} } from '@sinapse/optimizers';`);
});

test('every task has words in both languages', () => {
  const ids = trainTasks.map(({ id }) => id).sort();
  expect(Object.keys(trainTexts.en.tasks).sort()).toEqual(ids);
  expect(Object.keys(trainTexts.pt.tasks).sort()).toEqual(ids);
});

test.each<[string, TrainSettings]>([
  ['LeNet-5', { ...defaultsFor('digits'), epochs: 1 }],
  ['LeNet-5 of 1998', { ...defaultsFor('digits'), network: 'lenet5-1998', epochs: 1 }],
  ['a network of one’s own', { ...defaultsFor('digits'), network: 'own', epochs: 1 }],
  ['XOR', { ...defaultsFor('xor'), epochs: 40 }],
  ['spirals', { ...defaultsFor('spirals'), epochs: 2 }],
])('the code for %s runs as it stands, and prints an accuracy', async (_, settings) => {
  const folder = await mkdtemp(fileURLToPath(new URL('../../../dist/code-', import.meta.url)));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, trainCode(settings));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(Number(stdout)).toBeGreaterThan(0.4);
    expect(Number(stdout)).toBeLessThanOrEqual(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
