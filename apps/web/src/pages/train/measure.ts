// What a network makes of data that it was not trained on.

import { SinapseError, formatShape, sameShape, softmax, tensor } from '@sinapse/core';
import { evaluate, predict } from '@sinapse/training';
import type { BatchSource, Loss } from '@sinapse/training';
import type { TrainData } from './data.ts';
import type { Measured, Mistake, Regions } from './report.ts';
import type { TrainedNetwork } from './network.ts';

/** The most mistakes that are shown. */
const MOST_MISTAKES = 24;

/** Measures a network on the test data, and shows what it takes for something else. */
export async function measure(
  network: TrainedNetwork & { readonly loss: Loss },
  data: TrainData,
  test: BatchSource,
  epoch: number,
): Promise<Measured> {
  const { model, loss, classNames } = network;
  const { accuracy, loss: mean, confusion } = await evaluate(model, test, { loss, classes: classNames.length });
  const mistakes = data.kind === 'images' ? await findMistakes(network, data, test) : [];
  return { epoch, loss: mean, accuracy, confusion: Int32Array.from(confusion.flat()), mistakes };
}

async function findMistakes({ model }: TrainedNetwork, data: TrainData & { kind: 'images' }, source: BatchSource): Promise<Mistake[]> {
  const { test } = data;
  const { data: scores, shape } = await predict(model, source);
  const [count, classes] = shape as [number, number];
  const size = test.height * test.width * test.channels;
  const mistakes: Mistake[] = [];
  for (let i = 0; i < count; i++) {
    const row = (scores as Float32Array).subarray(i * classes, (i + 1) * classes);
    const predicted = row.indexOf(row.reduce((most, score) => Math.max(most, score), -Infinity));
    const label = test.labels[i]!;
    if (predicted === label || predicted < 0) continue;
    mistakes.push({ pixels: test.images.slice(i * size, (i + 1) * size), label, predicted, probability: probabilityOf(row, predicted) });
  }
  // The surest first: they say most about what the network has learnt wrongly.
  return mistakes.sort((a, b) => b.probability - a.probability).slice(0, MOST_MISTAKES);
}

function probabilityOf(scores: Float32Array, index: number): number {
  const most = scores[index]!;
  return 1 / scores.reduce((sum, score) => sum + Math.exp(score - most), 0);
}

/** Pixels of a side of the picture of the plane. */
const SIZE = 48;

/** What a network of two inputs and two classes says all over the square [-1, 1] x [-1, 1]; y points up. */
export async function regionsOf({ model, inputShape }: TrainedNetwork): Promise<Regions> {
  if (!sameShape(inputShape, [2])) throw new SinapseError(`regions: the network takes ${formatShape(inputShape)}, not points of the plane`);
  const points = new Float32Array(2 * SIZE * SIZE);
  for (let row = 0, at = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++) {
      points[at++] = (2 * (column + 0.5)) / SIZE - 1;
      points[at++] = 1 - (2 * (row + 0.5)) / SIZE;
    }
  const { data, shape } = await predict(model, { data: points, shape: [SIZE * SIZE, 2] });
  const scores = tensor(data, { shape: [...shape] });
  const all = softmax(scores);
  scores.dispose();
  const values = await all.data();
  all.dispose();
  const classes = shape[1]!;
  return { size: SIZE, probabilities: Float32Array.from({ length: SIZE * SIZE }, (_, i) => values[i * classes + 1]!) };
}
