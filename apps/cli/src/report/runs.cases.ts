// Records of two runs, written by hand: pictures in three classes, and a table with a number to predict.

import type { RunData, TestPrediction } from './run-data.ts';

/** A PNG file of one grey pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

const answers: readonly TestPrediction[] = [
  { source: 'cat/1.png', target: 0, probabilities: [0.75, 0.125, 0.125] },
  { source: 'cat/<img src=x onerror=alert(1)>.png', target: 0, probabilities: [0.0625, 0.875, 0.0625] },
  { source: 'dog/1.png', target: 1, probabilities: [0.25, 0.5, 0.25] },
  { source: 'dog/2.png', target: 1, probabilities: [0.125, 0.75, 0.125] },
  { source: 'emu/1.png', target: 2, probabilities: [0.25, 0.25, 0.5] },
  { source: 'emu/2.png', target: 2, probabilities: [0.5, 0.25, 0.25] },
];

export const digitsRun: RunData = {
  version: 1,
  task: 'classification',
  data: {
    kind: 'images',
    name: 'pets & "birds"',
    examples: 60,
    parts: { train: 44, validation: 10, test: 6 },
    classes: ['<script>alert(1)</script>', 'cão 🐕', 'emu'],
    counts: [40, 12, 8],
    sizes: { smallest: [8, 8], median: [32, 24], largest: [64, 64] },
    skipped: [{ source: 'notes.txt', reason: 'is no picture' }],
    duplicates: { exact: [['cat/1.png', 'cat/9.png']], near: [], acrossParts: 1 },
    remarks: [],
  },
  model: { name: 'lenet5', options: { variant: 'modern' }, parameters: 61706, networks: 1 },
  settings: { model: 'lenet5', epochs: 2, batchSize: 32, seed: 1, learningRate: 0.002 },
  history: [
    { epoch: 1, loss: 1.5, accuracy: 0.4, valLoss: 1.25, valAccuracy: 0.5, seconds: 2 },
    { epoch: 2, loss: 0.5, accuracy: 0.9, valLoss: 0.75, valAccuracy: 0.6, seconds: 2 },
  ],
  stopped: 'finished',
  test: { metrics: { accuracy: 4 / 6, logLoss: 0.9 }, predictions: answers },
  baseline: { guess: '<script>alert(1)</script>', metrics: { accuracy: 1 / 3 } },
  findings: [{ kind: 'overfitting', values: { learned: 0.9, unseen: 0.6 } }],
  seconds: 5,
  environment: { sinapse: '0.0.0', node: 'v22.0.0', engine: 'native', threads: 2 },
  pictures: [{ place: 1, width: 1, height: 1, image: PIXEL, saliency: PIXEL, gradCam: PIXEL }],
};

export const tableRun: RunData = {
  version: 1,
  task: 'regression',
  data: {
    kind: 'table',
    name: 'houses.csv',
    examples: 40,
    parts: { train: 28, validation: 6, test: 6 },
    target: 'price',
    columns: [
      { name: 'area', kind: 'number', missing: 2 },
      { name: '<b>town</b>', kind: 'category', missing: 0 },
      { name: 'price', kind: 'number', missing: 0 },
    ],
    skipped: [{ source: 'row 3', reason: 'price is missing' }],
    duplicates: { exact: [], near: [], acrossParts: 0 },
    remarks: [],
  },
  model: { name: 'mlp', options: {}, parameters: 321, networks: 1 },
  settings: { model: 'mlp', epochs: 30, batchSize: 8, seed: 1 },
  history: [
    { epoch: 1, loss: 1, valLoss: 1.2, seconds: 0.1 },
    { epoch: 2, loss: 0.4, valLoss: null, seconds: 0.1 },
    { epoch: 3, loss: 0.2, valLoss: 0.3, seconds: 0.1 },
  ],
  stopped: 'early',
  test: {
    metrics: { rootMeanSquaredError: 10, meanAbsoluteError: 8, rSquared: 0.9 },
    radius: 25,
    predictions: [100, 120, 150, 180, 210, 240].map((target, i) => ({
      source: `row ${i + 1}`,
      target,
      value: target + (i % 2 === 0 ? 8 : -12),
    })),
  },
  baseline: { guess: '165', metrics: { rootMeanSquaredError: 48 } },
  findings: [],
  seconds: 0.4,
  environment: { sinapse: '0.0.0', node: 'v22.0.0', engine: 'native', threads: 2 },
  importance: [
    { column: 'area', mean: 0.8, standardDeviation: 0.1 },
    { column: '<b>town</b>', mean: -0.01, standardDeviation: 0.02 },
  ],
};
