// Compares first and second derivatives of every loss with central differences in float64. every-layer.test.ts does it for layers.

import type { Tensor } from '@sinapse/core';
import { parametersOf, randomNormal, softmax, tensor, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import { beforeAll, test } from 'vitest';
import { dense } from './dense.ts';
import { normal } from './initializers/distributions.ts';
import { binaryCrossEntropy, categoricalCrossEntropy, softmaxCrossEntropy } from './losses/cross-entropy.ts';
import { l1Penalty, l2Penalty } from './losses/penalties.ts';
import { huber, meanAbsoluteError, meanSquaredError } from './losses/regression.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const labels = (): Tensor => tensor([2, 0], { dtype: 'int32' });
const targets = (): Tensor => softmax(randomNormal([2, 4], { seed: 6 }));
const losses: [string, (x: Tensor) => Tensor][] = [
  ['softmaxCrossEntropy of labels', (x) => softmaxCrossEntropy(x, labels())],
  ['softmaxCrossEntropy of probabilities', (x) => softmaxCrossEntropy(x, targets())],
  ['categoricalCrossEntropy', (x) => categoricalCrossEntropy(softmax(x), labels())],
  ['binaryCrossEntropy', (x) => binaryCrossEntropy(x, targets())],
  ['binaryCrossEntropy of probabilities', (x) => binaryCrossEntropy(x.sigmoid(), targets(), { from: 'probabilities' })],
  ['meanSquaredError', (x) => meanSquaredError(x, targets(), { reduction: 'halfMean' })],
  ['meanAbsoluteError', (x) => meanAbsoluteError(x, targets())],
  ['huber', (x) => huber(x, targets(), { delta: 0.5 })],
];

test.each(losses)('%s', async (_, loss) => {
  await checkGradients((x) => loss(x), [randomNormal([2, 4], { seed: 5 })], { second: true });
});

test('penalties', async () => {
  const layer = dense({ units: 2, biasInitializer: normal({ deviation: 0.5 }) });
  layer.build([3], 4);
  const cells = parametersOf(layer).map(({ cell }) => cell);
  await checkGradients(() => l1Penalty(cells, 0.3).add(l2Penalty(cells, 0.7)), cells, { second: true });
});
