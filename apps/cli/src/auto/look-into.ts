// Looks into a trained model, for the report: where it looks in pictures, and which columns of a table it needs.

import type { Model } from '@sinapse/core';
import { parsePreprocessing } from '@sinapse/datasets';
import type { HostArray, Loss } from '@sinapse/training';
import { permutationImportance } from '@sinapse/training/inspection';
import { lookAtAnswers } from '../report/look-into.ts';
import type { ImportanceData, PictureData, TestPrediction } from '../report/run-data.ts';
import type { ImageProblem, TableProblem } from './problem.ts';

/** Pictures of the test, mistakes first, with where the network looks. */
export async function picturesOf(problem: ImageProblem, model: Model, predictions: readonly TestPrediction[]): Promise<PictureData[]> {
  const preprocessing = parsePreprocessing(problem.preprocessing);
  return lookAtAnswers({ model, preprocessing, predictions, inputOf: (place) => inputOf(problem, problem.parts.test[place]!) });
}

/** One example as the network takes it, `[1, height, width, channels]`. */
async function inputOf(problem: ImageProblem, index: number): Promise<{ readonly data: Float32Array; readonly shape: readonly number[] }> {
  for await (const { x } of problem.batches(Int32Array.of(index), { batchSize: 1 }).iterate({ epoch: 1 })) {
    const { data, shape } = x as HostArray;
    return { data: data as Float32Array, shape };
  }
  throw new RangeError(`there is no example ${index}`);
}

/** The importance of each column on the test rows. All features of a category are mixed up together. */
export async function importanceOf(problem: TableProblem, model: Model, loss: Loss): Promise<ImportanceData[]> {
  const found = await permutationImportance(model, problem.batches(problem.parts.test, { batchSize: 256 }), {
    loss,
    features: problem.featureColumns.map(({ name }) => name),
    groups: problem.featureColumns.map(({ places }) => places),
  });
  return found.map(({ feature, rise }) => ({ column: feature, mean: rise.mean, standardDeviation: rise.deviation }));
}
