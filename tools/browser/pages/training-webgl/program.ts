// The training that a page runs on WebGL, and the test in Node on the reference backend, from one seed.

import { Context, parametersOf, scope, tensor, valueAndGrad } from '@sinapse/core';
import { digits, imageDataset } from '@sinapse/datasets';
import type { Sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import type { FitOptions } from '@sinapse/training';
import { fit } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';

export const STEPS = 20;
const BATCH = 16;

export interface Trained {
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** The gradients of the first batch, an array for each parameter. */
  readonly gradients: readonly (readonly number[])[];
}

const images = () => imageDataset(digits({ count: STEPS * BATCH, seed: 1 })).batch(BATCH);

/** Trains LeNet-5 for twenty steps on the backend in use. */
export async function train(): Promise<Trained> {
  const model = network();
  return { gradients: await firstGradients(model), losses: await losses(model) };
}

export function network(): Sequential {
  const model = lenet5();
  model.build([28, 28, 1], 1);
  return model;
}

/** The losses of a training's steps, or of those after a checkpoint, until it ends or fails. */
export async function losses(
  model: Sequential,
  options: Pick<FitOptions, 'callbacks' | 'resume'> & { epochs?: number } = {},
): Promise<number[]> {
  const seen: number[] = [];
  const { callbacks = [] } = options;
  await fit(model, images(), {
    optimizer: adam({ learningRate: 1e-3 }),
    loss: softmaxCrossEntropy,
    epochs: 1,
    ...options,
    callbacks: [{ onStep: ({ loss }) => void seen.push(loss) }, ...callbacks],
  });
  return seen;
}

async function firstGradients(model: Sequential): Promise<number[][]> {
  for await (const { x, y } of images().iterate({ epoch: 1 })) {
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
