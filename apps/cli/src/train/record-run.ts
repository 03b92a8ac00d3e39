// The record of a training on a data set by name: `run.json`, and the report that is made of it.

import type { Backend, Model } from '@sinapse/core';
import { imageDataset } from '@sinapse/datasets';
import type { ImageBatch, ImageSet } from '@sinapse/datasets';
import { classify } from '@sinapse/training';
import type { EpochResult, Evaluation } from '@sinapse/training';
import { environmentOf } from '../auto/environment.ts';
import type { Data } from '../data.ts';
import { lookAtAnswers } from '../report/look-into.ts';
import type { RunData, TestPrediction } from '../report/run-data.ts';
import { writeRunData } from '../report/run-data.ts';
import type { Language } from '../report/words.ts';
import { writeReport } from '../report/write-report.ts';
import type { Settings } from './settings.ts';

export interface Recorded {
  /** The path of the run folder. */
  readonly folder: string;
  readonly data: Data;
  readonly model: Model;
  readonly settings: Settings;
  readonly test: Evaluation;
  readonly history: readonly EpochResult[];
  readonly parameters: number;
  readonly backend: Backend;
  readonly lang: Language;
}

/** The record keeps at most so many probabilities: of more, the answers to the first test images. */
const MOST_PROBABILITIES = 2e6;
const BATCH = 256;

/** Writes the record of a trained run, and its report. @returns the path of the report */
export async function recordRun(recorded: Recorded): Promise<string> {
  await writeRunData(recorded.folder, await recordOf(recorded));
  return writeReport(recorded.folder, { lang: recorded.lang });
}

async function recordOf({ data, model, settings, test, history, parameters, backend }: Recorded): Promise<RunData> {
  const { train, labels, preprocessing } = data;
  const shown = first(data.test, Math.floor(MOST_PROBABILITIES / labels.length));
  const predictions = await answersTo(model, shown, data);
  const counts = countsOf(train.labels, labels.length);
  const tested = countsOf(data.test.labels, labels.length);
  const guess = counts.indexOf(Math.max(...counts));
  return {
    version: 1,
    task: 'classification',
    data: {
      kind: 'images',
      name: data.name,
      examples: train.labels.length + data.test.labels.length,
      parts: { train: train.labels.length, validation: 0, test: data.test.labels.length },
      classes: labels,
      counts: counts.map((count, c) => count + tested[c]!),
      sizes: { smallest: [train.width, train.height], median: [train.width, train.height], largest: [train.width, train.height] },
      skipped: [],
      remarks: [],
    },
    model: { name: settings.model, options: settings.modelOptions ?? {}, parameters, networks: 1 },
    settings: { ...settings },
    history,
    stopped: 'finished',
    test: { metrics: { accuracy: test.accuracy, logLoss: test.loss }, predictions },
    baseline: { guess: labels[guess]!, metrics: { accuracy: tested[guess]! / data.test.labels.length } },
    findings: [],
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    environment: { ...environmentOf(backend) },
    pictures: await lookAtAnswers({ model, preprocessing, predictions, inputOf: (place) => inputOf(shown, place, data) }),
  };
}

/** What the model says of each image. */
async function answersTo(model: Model, images: ImageSet, { preprocessing, labels }: Data): Promise<TestPrediction[]> {
  const predictions: TestPrediction[] = [];
  for await (const { x } of imageDataset(images, preprocessing).batch<ImageBatch>(BATCH).iterate({ epoch: 0 }))
    for (const answer of await classify(model, x, { top: labels.length })) {
      const probabilities = Array.from<number>({ length: labels.length });
      for (const { class: label, probability } of answer) probabilities[label] = Number(probability.toPrecision(6));
      const place = predictions.length;
      predictions.push({ source: `test ${place + 1}`, target: images.labels[place]!, probabilities });
    }
  return predictions;
}

async function inputOf(
  images: ImageSet,
  place: number,
  { preprocessing }: Data,
): Promise<{ data: Float32Array; shape: readonly number[] }> {
  for await (const { x } of imageDataset(one(images, place), preprocessing).batch<ImageBatch>(1).iterate({ epoch: 0 })) return { data: x.data, shape: x.shape }; // prettier-ignore
  throw new RangeError(`there is no test image ${place}`);
}

function first(set: ImageSet, count: number): ImageSet {
  return count >= set.labels.length ? set : between(set, 0, count);
}

function one(set: ImageSet, place: number): ImageSet {
  return between(set, place, place + 1);
}

function between(set: ImageSet, from: number, to: number): ImageSet {
  const size = set.height * set.width * set.channels;
  return { ...set, images: set.images.subarray(from * size, to * size), labels: set.labels.subarray(from, to) };
}

function countsOf(labels: ArrayLike<number>, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return counts;
}
