// One program for every backend: LeNet-5 on generated digits, from one seed. It runs unchanged in Node and in pages, and knows no backend.

import { backendInfo, Context, parametersOf, scope, tensor, valueAndGrad } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import type { Sequential } from '@sinapse/layers';
import { allLayers } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import type { FitOptions } from '@sinapse/training';
import { encodeModel, evaluate, fit, openModel } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

export const STEPS = 20;
const BATCH = 16;
const TEST_IMAGES = 100;

/** What the program is asked; JSON can hold it. */
export interface Task {
  /** Training steps; 0 for none. */
  readonly steps: number;
  /** Model files to evaluate, in base64. */
  readonly models: readonly string[];
}

/** What it found. */
export interface Found {
  /** What ran the kernels. */
  readonly engine: string;
  readonly trained?: Trained;
  /** Of each model of the task. */
  readonly measured: readonly Measured[];
}

export interface Trained extends Measured {
  /** The gradients of the first batch, an array for each parameter. */
  readonly gradients: readonly (readonly number[])[];
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** The model file, in base64. */
  readonly model: string;
}

/** On the test images. */
export interface Measured {
  readonly accuracy: number;
  readonly loss: number;
}

/** Does the task on the backend in use. */
export async function run({ steps, models }: Task): Promise<Found> {
  const trained = steps === 0 ? {} : { trained: await train(steps) };
  const measured: Measured[] = [];
  for (const file of models) measured.push(await measure(openModel(fromBase64(file), { ...allLayers, lenet5 }).model as Sequential));
  return { engine: backendInfo().engine, ...trained, measured };
}

async function train(steps: number): Promise<Trained> {
  const model = network();
  const gradients = await firstGradients(model, steps);
  const seen = await losses(model, { steps });
  return { gradients, losses: seen, ...(await measure(model)), model: toBase64(await encodeModel(model)) };
}

export function network(): Sequential {
  const model = lenet5();
  model.build([28, 28, 1], 1);
  return model;
}

const images = (steps: number) => imageDataset(digits({ count: steps * BATCH, seed: 1 })).batch(BATCH);

/** The losses of a training's steps, or of those after a checkpoint, until it ends or fails. @param options `steps` are those of an epoch */
export async function losses(
  model: Sequential,
  { steps = STEPS, callbacks = [], ...options }: Pick<FitOptions, 'callbacks' | 'resume'> & { steps?: number; epochs?: number } = {},
): Promise<number[]> {
  const seen: number[] = [];
  await fit(model, images(steps), {
    optimizer: adam({ learningRate: 1e-3 }),
    loss: softmaxCrossEntropy,
    epochs: 1,
    ...options,
    callbacks: [{ onStep: ({ loss }) => void seen.push(loss) }, ...callbacks],
  });
  return seen;
}

/** The gradients of the first batch. */
async function firstGradients(model: Sequential, steps: number): Promise<number[][]> {
  for await (const { x, y } of images(steps).iterate({ epoch: 1 })) {
    const data = scope(() => {
      const [input, labels] = [tensor(x.data, { shape: x.shape }), tensor(y.data, { shape: y.shape })];
      const context = new Context({ training: true, seed: 1 });
      const { gradients } = valueAndGrad(
        () => softmaxCrossEntropy(model.call(input, context), labels),
        parametersOf(model).map(({ cell }) => cell),
      );
      return gradients.map((gradient) => gradient.data());
    });
    return (await Promise.all(data)).map((values) => [...values]);
  }
  return [];
}

async function measure(model: Sequential): Promise<Measured> {
  const test = imageDataset(digits({ count: TEST_IMAGES, seed: 1, split: 'test' })).batch(TEST_IMAGES / 2);
  const { accuracy, loss } = await evaluate(model, test, { loss: softmaxCrossEntropy });
  return { accuracy, loss };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
