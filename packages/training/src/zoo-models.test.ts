// Every model of the zoo takes a training step that makes its loss smaller, is saved in a file that names it, and is opened from that file with the same
// values. The models are narrow, and their images small.

import { cpu } from '@sinapse/backend-cpu';
import type { Tensor } from '@sinapse/core';
import { Context, parametersOf, randomNormal, randomUniform, scope, use, valueAndGrad, walk, zeros } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { allLayers } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import type { ModelName } from '@sinapse/zoo';
import { allModels, createModel, modelNames, neocognitronLearn } from '@sinapse/zoo';
import { beforeAll, expect, test } from 'vitest';
import { bitsOf } from '../test/tiny.ts';
import { encodeModel, openModel } from './index.ts';

beforeAll(async () => void use(await cpu()));

const USUAL = { classes: 3, inputShape: [32, 32, 3], width: 1 / 16 };

/** Options of models that do not have the usual ones, or do not take such images. */
const SMALL: Readonly<Partial<Record<ModelName, Readonly<Record<string, unknown>>>>> = {
  mlp: { classes: 3, inputShape: [4, 4, 1], hidden: [5] },
  lenet1: { classes: 3, inputShape: [28, 28, 1] },
  lenet5: { classes: 3 },
  alexnet: { ...USUAL, inputShape: [64, 64, 3] },
  alexnet_torchvision: { ...USUAL, inputShape: [64, 64, 3] },
  googlenet: { ...USUAL, inputShape: [80, 80, 3], auxiliary: true },
  inceptionv3: { ...USUAL, inputShape: [75, 75, 3] },
  densenetbc: { classes: 3, inputShape: [8, 8, 3], depth: 10, growth: 4 },
  resnet152: { ...USUAL, inputShape: [64, 64, 3] }, // 50 blocks that normalise four values each bend the loss too much
  unet: { ...USUAL, padding: 'same' },
  vittiny: { ...USUAL, patch: 8, depth: 2 },
  vitsmall: { ...USUAL, patch: 8, depth: 2 },
};

/** The part of the loss by which a step would make it smaller if the loss were linear in the parameters. */
const STEP = 0.001;

/** Models with the parts of a smaller one of the list. */
// prettier-ignore
const DEEPER = [
  'resnet32', 'resnet34', 'resnet44', 'resnet56', 'resnet101', 'resnet110', 'resnet152', 'densenet169', 'densenet201', 'densenet264',
  'vgg13', 'vgg16', 'vgg19', 'vgg13bn', 'vgg16bn', 'vgg19bn', 'squeezenet11', 'mobilenetv3large', 'vitsmall',
];

const tested = modelNames.filter(
  (name) => name !== 'neocognitron' && (process.env['SINAPSE_TEST_TIER'] === 'full' || !DEEPER.includes(name)),
);

const numberOf = (scalar: Tensor): number => scalar.dataSync()[0]!;

test.each(tested)('%s', async (name) => {
  const { model, inputShape, loss = softmaxCrossEntropy, options } = createModel(name, SMALL[name] ?? USUAL);
  const outputShape = model.build(inputShape, 1);
  const x = randomNormal([4, ...inputShape], { seed: 2 });
  const labels = zeros([4, ...outputShape.slice(0, -1)], 'int32');
  const parameters = parametersOf(model).map(({ cell }) => cell);
  const context = new Context({ training: true, seed: 3 }); // the same elements are dropped again
  const measured = (): Tensor => loss(model.call(x, context), labels);

  const after = scope(() => {
    const { value, gradients } = valueAndGrad(measured, parameters);
    const squares = gradients.reduce((sum, gradient) => sum + numberOf(gradient.mul(gradient).sum()), 0);
    const before = numberOf(value);
    const rate = (STEP * before) / squares;
    parameters.forEach((cell, i) => cell.assign(cell.value.sub(gradients[i]!.mul(rate))));
    return (before - numberOf(measured())) / before;
  });
  context.commit();
  // Half of the linear step: the loss is curved, the step is small.
  expect(after).toBeGreaterThan(STEP / 2);

  await expectSameAfterSaving(model, name, options, x);
});

test('neocognitron learns without gradients', async () => {
  const { model, inputShape, options } = createModel('neocognitron', { planes: 4, classes: 3 });
  model.build(inputShape, 1);
  const before = bitsOf(model);
  const x = randomUniform([4, ...inputShape], { seed: 2 });
  await neocognitronLearn(model, x, { rounds: 1 });
  expect(bitsOf(model)).not.toEqual(before);
  await expectSameAfterSaving(model, 'neocognitron', options, x);
});

/** A file of the model names it, and makes one with the same values. */
async function expectSameAfterSaving(model: Layer, name: ModelName, options: object, x: Tensor): Promise<void> {
  const file = await encodeModel(model);
  const opened = openModel(file, { ...allLayers, ...allModels });
  expect(opened.card.architecture).toEqual({ layer: name, arguments: [options] });
  expect(walk(opened.model).map(({ path }) => path)).toEqual(walk(model).map(({ path }) => path));
  expect(bitsOf(opened.model)).toEqual(bitsOf(model));
  const outputs = [opened.model, model].map((one) => scope(() => one.call(x, new Context()).dataSync()));
  expect(outputs[0]).toEqual(outputs[1]);
}
