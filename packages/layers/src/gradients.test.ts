// Compares first and second derivatives of every layer and loss, by parameters and input, with central differences in float64.

import type { Shape, Tensor } from '@sinapse/core';
import { Context, parametersOf, randomNormal, softmax, tensor, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import { beforeAll, test } from 'vitest';
import { activationNames } from './activation-option.ts';
import { activation } from './activation.ts';
import { avgPool2d } from './avg-pool2d.ts';
import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';
import { convNorm } from './conv-norm.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAvgPool2d } from './global-avg-pool2d.ts';
import { identityShortcut } from './identity-shortcut.ts';
import { normal } from './initializers/distributions.ts';
import type { Layer } from './layer.ts';
import { binaryCrossEntropy, categoricalCrossEntropy, softmaxCrossEntropy } from './losses/cross-entropy.ts';
import { l1Penalty, l2Penalty } from './losses/penalties.ts';
import { huber, meanAbsoluteError, meanSquaredError } from './losses/regression.ts';
import { maxPool2d } from './max-pool2d.ts';
import { residual } from './residual.ts';
import { sequential } from './sequential.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

/** Biases must not be 0, where relu has no derivative. */
const biasInitializer = normal({ deviation: 0.5 });
const image = [5, 6, 4] as const;

const layers: [string, () => Layer, Shape][] = [
  ['dense', () => dense({ units: 3, biasInitializer }), [4]],
  ['dense of sequences', () => dense({ units: 3, activation: 'tanh' }), [2, 4]],
  ['conv2d', () => conv2d({ filters: 3, kernelSize: 3, activation: 'relu', biasInitializer }), image],
  ['conv2d, strided', () => conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', activation: 'swish' }), image],
  ['conv2d, grouped and dilated', () => conv2d({ filters: 4, kernelSize: 2, groups: 2, dilation: 2, useBias: false }), image],
  ['maxPool2d', () => maxPool2d({ window: 3, strides: 2 }), image],
  ['avgPool2d', () => avgPool2d({ window: 3, strides: 2, padding: 'same' }), image],
  ['globalAvgPool2d', globalAvgPool2d, image],
  ['flatten', flatten, image],
  ['batchNorm', () => batchNorm({ activation: 'tanh' }), image],
  ['convNorm', () => convNorm({ filters: 3, kernelSize: 3, activation: 'elu', padding: 'same' }), image],
  ['identityShortcut', () => identityShortcut({ filters: 6, strides: 2 }), image],
  [
    'residual',
    () =>
      residual(
        [
          convNorm({ filters: 3, kernelSize: 3, strides: 2, padding: 1, activation: 'sigmoid' }),
          convNorm({ filters: 5, kernelSize: 3, padding: 1 }),
        ],
        { activation: 'tanh', shortcut: identityShortcut({ filters: 5, strides: 2 }) },
      ),
    image,
  ],
  ['dropout', () => dropout({ rate: 0.4 }), [9]],
  [
    'sequential',
    () => sequential([conv2d({ filters: 2, kernelSize: 2 }), maxPool2d(), flatten(), dropout({ rate: 0.2 }), dense({ units: 2 })]),
    image,
  ],
  ...activationNames.map((name): [string, () => Layer, Shape] => [`activation ${name}`, () => activation(name), [6]]),
];

test.each(layers)('%s', async (_, make, inputShape) => {
  const layer = make();
  layer.build(inputShape, 2);
  const context = new Context({ training: true, seed: 1 });
  const cells = parametersOf(layer).map(({ cell }) => cell);
  await checkGradients((x) => layer.call(x, context), [randomNormal([2, ...inputShape], { seed: 3 }), ...cells], { second: true });
});

test.each(layers)('%s, at prediction time', async (_, make, inputShape) => {
  const layer = make();
  layer.build(inputShape, 2);
  const cells = parametersOf(layer).map(({ cell }) => cell);
  await checkGradients((x) => layer.call(x, new Context()), [randomNormal([2, ...inputShape], { seed: 3 }), ...cells], { second: true });
});

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
  const layer = dense({ units: 2, biasInitializer });
  layer.build([3], 4);
  const cells = parametersOf(layer).map(({ cell }) => cell);
  await checkGradients(() => l1Penalty(cells, 0.3).add(l2Penalty(cells, 0.7)), cells, { second: true });
});
