// Every public function of layers, losses, optimizers, training and data sets, called with values that it cannot take: it works, or throws an
// error of one line that begins with its name, never a raw TypeError.

import { reference } from '@sinapse/backend-reference';
import { SinapseError, use } from '@sinapse/core';
import * as datasets from '@sinapse/datasets';
import * as datasetFiles from '@sinapse/datasets/node';
import * as tables from '@sinapse/datasets/tables';
import * as layers from '@sinapse/layers';
import * as losses from '@sinapse/layers/losses';
import * as optimizers from '@sinapse/optimizers';
import * as zoo from '@sinapse/zoo';
import * as detection from '@sinapse/zoo/detection';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import * as training from './index.ts';
import * as metrics from './metrics/index.ts';
import * as inspection from './inspection/index.ts';
import * as trainingFiles from './node/index.ts';
import * as selection from './selection/index.ts';

use(reference());
const folder = process.cwd();
process.chdir(mkdtempSync(join(tmpdir(), 'sinapse-'))); // a junk path is a path
afterAll(() => process.chdir(folder)); // the other files of the package share the process

const junk = [undefined, null, 0, 1, -1.5, NaN, 'junk', true, {}, { junk: 1 }, [], [null], () => {}, () => null, Symbol('junk')];

/** What messages begin with where it is not the function's own name: what they are about, or the function inside. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  residual: ['sequential:'],
  createOptimizer: ['optimizer '],
  defaultLearningRate: ['optimizer '],
  decodeCheckpoint: ['safetensors:'],
  decodeModel: ['safetensors:'],
  modelFrom: ['a layer is described by', 'model description'],
  openModel: ['safetensors:'],
  encodeModel: ['model card', 'describeModel:'],
  lastCheckpoint: ['read'],
  loadCheckpoint: ['read'],
  loadModel: ['read'],
  saveCheckpoint: ['write:', 'encodeCheckpoint:'],
  saveModel: ['write:', 'model card', 'describeModel:'],
  writeFileAtomic: ['write'],
  checkImageSet: ['image set:'],
  takeImages: ['image set:'],
  imageDataset: ['image set:'],
  parsePreprocessing: ['preprocessing:'],
  createMetric: ['metric '],
  createModel: ['model '],
  modelEntry: ['model '],
  describeDataset: ['data set '],
  fashionMnist: ['fashion-mnist:'],
  createSynthetic: ['synthetic set '],
  describeSynthetic: ['synthetic set '],
  folderSplits: ['imageFolder:'],
  parseCsv: ['CSV'],
  parseJsonLines: ['JSON'],
  loadSplit: ['data set '],
  loadDataset: ['data set '],
};

/** Initialisers are values that are given to layers, not functions to call, but for those that make one. */
const MAKERS = ['constant', 'identity', 'normal', 'orthogonal', 'truncatedNormal', 'uniform', 'varianceScaling'];

const packages: Readonly<Record<string, object>> = {
  layers,
  initializers: Object.fromEntries(Object.entries(layers.initializers).filter(([name]) => MAKERS.includes(name))),
  losses,
  optimizers,
  training,
  trainingFiles,
  metrics,
  selection,
  inspection,
  datasets,
  datasetFiles,
  tables,
  zoo,
  detection,
};

/** Calls that are right, but take long or use the network. */
const isRight = (own: string, args: readonly unknown[]): boolean =>
  ['digits', 'digitScenes', 'spokenDigits', 'mnist', 'fashionMnist', 'kmnist', 'emnist', 'cifar10', 'cifar100'].includes(own) &&
  (args[0] === undefined || (typeof args[0] === 'object' && args[0] !== null && Object.keys(args[0]).length === 0));

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** What a call with these arguments throws, at once or later; undefined if it works. */
async function outcome(call: (...values: unknown[]) => unknown, args: readonly unknown[]): Promise<unknown> {
  try {
    await call(...args);
    return undefined;
  } catch (error) {
    return error;
  }
}

for (const [name, exports] of Object.entries(packages)) {
  const functions = Object.entries(exports).filter(([, value]) => typeof value === 'function' && !isClass(value));
  describe(`${name}:`, () => {
    test.each(functions)('%s', async (own, value) => {
      const call = value as (...values: unknown[]) => unknown;
      const calls = [[], ...junk.flatMap((one) => [[one], [one, one], [one, one, one], [undefined, one], [{}, one]])];
      const wrong: string[] = [];
      for (const args of calls) {
        if (isRight(own, args)) continue;
        const error = await outcome(call, args);
        if (error === undefined) continue;
        const message = error instanceof Error ? error.message : 'no error, but a value';
        const begins = [`${own}:`, ...(SUBJECTS[own] ?? [])].some((subject) => message.startsWith(subject));
        if (!(error instanceof SinapseError) || !begins || message.includes('\n')) wrong.push(`${args.map((arg) => (typeof arg === 'object' ? JSON.stringify(arg) : String(arg))).join(' , ')} => ${message}`);
      }
      expect(wrong).toEqual([]);
    }); // prettier-ignore
  });
}
