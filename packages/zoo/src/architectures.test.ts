// What the figures of entries do not show: counts with auxiliary classifiers, the papers' sizes of maps, names of torchvision, and what networks with
// heads give in training.

import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import { Context, SinapseError, add, meta, mul, parametersOf, scope, tensor, use, withBackend, zeros } from '@sinapse/core';
import { summary } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  alexnet,
  googlenet,
  googlenet_torchvision,
  googlenetLoss,
  inceptionv3,
  inceptionv3Loss,
  lenet1,
  lenet1Loss,
} from './all-models.ts';
import { createModel, modelEntry } from './create.ts';
import type { AuxiliaryScores } from './with-auxiliaries.ts';

beforeAll(() => void use(reference()));

/** The sizes of some layers' results. */
function sizesOf(name: string, paths: readonly string[]): string[] {
  return withBackend(meta(), () => {
    const { model, inputShape } = createModel(name);
    model.build(inputShape, 1);
    const { layers } = summary(model, inputShape);
    return paths.map((path) => layers.find((layer) => layer.path === path)!.outputShape.join(' x '));
  });
}

describe('the sizes of maps are those of the papers:', () => {
  test.each([
    ['lenet1', { h1: '24 x 24 x 4', h2: '12 x 12 x 4', h3: '8 x 8 x 12', h4: '4 x 4 x 12' }],
    ['alexnet', { conv1: '55 x 55 x 96', pool1: '27 x 27 x 96', conv2: '27 x 27 x 256', conv3: '13 x 13 x 384', pool5: '6 x 6 x 256' }],
    ['vgg16', { conv1_2: '224 x 224 x 64', conv3_3: '56 x 56 x 256', conv5_3: '14 x 14 x 512', pool5: '7 x 7 x 512', fc6: '4096' }],
    [
      'googlenet',
      {
        conv1: '112 x 112 x 64',
        pool1: '56 x 56 x 64',
        conv2: '56 x 56 x 192',
        'inception3a/merge': '28 x 28 x 256',
        'inception3b/merge': '28 x 28 x 480',
        'inception4e/merge': '14 x 14 x 832',
        'inception5b/merge': '7 x 7 x 1024',
      },
    ],
    [
      'inceptionv3',
      {
        conv1a: '149 x 149 x 32',
        pool1: '73 x 73 x 64',
        pool2: '35 x 35 x 192',
        'mixed5d/merge': '35 x 35 x 288',
        'mixed6e/merge': '17 x 17 x 768',
        'mixed7b/merge': '8 x 8 x 2048',
      },
    ],
    ['nin', { conv1_3: '32 x 32 x 96', pool1: '16 x 16 x 96', pool2: '8 x 8 x 192', conv3_3: '8 x 8 x 10' }],
    [
      'squeezenet10',
      {
        conv1: '109 x 109 x 96',
        pool1: '54 x 54 x 96',
        'fire4/expand/merge': '54 x 54 x 256',
        pool8: '13 x 13 x 512',
        'fire9/expand/merge': '13 x 13 x 512',
      },
    ],
  ])('%s', (name, sizes) => {
    expect(sizesOf(name, Object.keys(sizes))).toEqual(Object.values(sizes));
  });

  test('AlexNet has the same maps for images of 227 by 227', () => {
    withBackend(meta(), () => {
      const model = alexnet({ inputShape: [227, 227, 3] });
      model.build([227, 227, 3], 1);
      expect(summary(model, [227, 227, 3])).toMatchObject({ trainable: 60_965_224 });
    });
  });
});

test('LeNet-1 has the parameters and connections that the paper counts', () => {
  withBackend(meta(), () => {
    const model = lenet1();
    model.build([28, 28, 1], 1);
    const { layers } = summary(model, [28, 28, 1]);
    const [h1, h2, h3, h4, output] = ['h1', 'h2', 'h3', 'h4', 'output'].map((path) => layers.find((layer) => layer.path === path)!);
    expect([h1, h2, h3, h4, output].map((layer) => layer!.parameters)).toEqual([104, 8, 512, 24, 1930]);
    const positions = [h1, h3].map((layer) => layer!.outputShape[0]! ** 2);
    // Each unit has its weights and a bias; sub-sampling has four inputs and a bias.
    const connections = 104 * positions[0]! + 5 * 12 * 12 * 4 + 512 * positions[1]! + 5 * 4 * 4 * 12 + 1930;
    expect(connections).toBe(98_442); // "the network has 4635 units, 98442 connections, and 2578 independent parameters"
  });
});

test("LeNet-1's loss is the squared distance from 1 for the right class and -1 for the others", () => {
  const scores = tensor([0.5, -1, 1, 1, -0.5, 0.25], { shape: [2, 3] });
  const labels = tensor([0, 1], { dtype: 'int32' });
  const [first, second] = [(0.5 - 1) ** 2 + 0 + (1 + 1) ** 2, (1 + 1) ** 2 + (-0.5 - 1) ** 2 + (0.25 + 1) ** 2];
  expect(lenet1Loss(scores, labels).dataSync()[0]).toBeCloseTo((first + second) / 2, 6);
});

describe('networks with auxiliary classifiers', () => {
  test.each([
    ['googlenet', googlenet, 13_378_280],
    ['googlenet_torchvision', googlenet_torchvision, 13_004_888],
    ['inceptionv3', inceptionv3, 27_161_264],
  ] as const)('%s has as many parameters with them as was published', (name, make, published) => {
    withBackend(meta(), () => {
      const { inputShape } = createModel(name);
      const [model, plain] = [make({ auxiliary: true }), make()];
      expect(model.build(inputShape, 1)).toEqual([1000]);
      plain.build(inputShape, 1);
      const pathsOf = (of: object): string[] => parametersOf(of).map(({ path }) => path);
      expect(parametersOf(model).reduce((sum, { cell }) => sum + cell.size, 0)).toBe(published);
      expect(pathsOf(model).filter((path) => !path.startsWith('auxiliary'))).toEqual(pathsOf(plain));
    });
  });

  test.each([
    ['googlenet', 2, 0.3, googlenetLoss, [80, 80, 3], 1 / 32],
    ['googlenet_torchvision', 2, 0.3, googlenetLoss, [32, 32, 3], 1 / 32],
    ['inceptionv3', 1, 0.4, inceptionv3Loss, [299, 299, 3], 1 / 64],
  ] as const)('%s gives scores, and in training those of its heads, too', (name, heads, weight, loss, inputShape, width) => {
    const { model, ...made } = createModel(name, { classes: 3, auxiliary: true, inputShape, width });
    expect(made.loss).toBe(loss);
    const batch = name === 'inceptionv3' ? 2 : 4;
    const labels = tensor([0, 2, 1, 1].slice(0, batch), { dtype: 'int32' });
    const shapes = withBackend(meta(), () => {
      model.build(inputShape, 1);
      const x = zeros([batch, ...inputShape]);
      const given: unknown = model.call(x, new Context({ training: true, seed: 1 }));
      const { output, auxiliary } = given as AuxiliaryScores;
      return [output, ...auxiliary, model.call(x, new Context())].map(({ shape }) => shape);
    });
    expect(shapes).toEqual(Array.from({ length: 2 + heads }, () => [batch, 3]));
    const logits = (seed: number): Tensor => tensor(Float32Array.from({ length: 3 * batch }, (_, i) => Math.sin(seed + i)), { shape: [batch, 3] }); // prettier-ignore
    const scores = { output: logits(1), auxiliary: Array.from({ length: heads }, (_, i) => logits(2 + i)) };
    const expected = scores.auxiliary.reduce(
      (sum, head) => add(sum, mul(softmaxCrossEntropy(head, labels), weight)),
      softmaxCrossEntropy(scores.output, labels),
    );
    expect(loss(scores, labels).dataSync()[0]).toBeCloseTo(expected.dataSync()[0]!, 6);
    expect(loss(scores.output, labels).dataSync()[0]).toBe(softmaxCrossEntropy(scores.output, labels).dataSync()[0]);
  });

  test('the heads see the maps that they are after: the gradient of the first reaches 4a and not 4b', () => {
    const model = googlenet({ classes: 2, auxiliary: true, inputShape: [80, 80, 1], width: 1 / 64 });
    model.build([80, 80, 1], 3);
    const context = new Context({ training: true, seed: 1 });
    const difference = (path: string): boolean[] =>
      scope(() => {
        const x = zeros([1, 80, 80, 1]);
        const before = model.call(x, context) as AuxiliaryScores;
        const { cell } = parametersOf(model).find((one) => one.path === path)!;
        cell.assign(add(cell.value, 1));
        const after = model.call(x, context) as AuxiliaryScores;
        cell.assign(add(cell.value, -1));
        return [...before.auxiliary, before.output].map((scores, i) => {
          const [was, is] = [scores, [...after.auxiliary, after.output][i]!].map((one) => one.dataSync());
          return was!.some((value, j) => value !== is![j]);
        });
      });
    // The keys of dropout are those of paths and of the step, so both calls drop the same.
    expect(difference('auxiliary1/classifier/bias')).toEqual([true, false, false]);
    expect(difference('inception4a/1x1/conv/bias')[2]).toBe(true);
    expect(difference('inception4b/1x1/conv/bias')[0]).toBe(false);
    expect(difference('inception4e/1x1/conv/bias').slice(0, 2)).toEqual([false, false]);
    expect(difference('classifier/bias')).toEqual([false, false, true]);
  });

  test('a loss says what it takes', () => {
    const labels = tensor([0], { dtype: 'int32' });
    expect(() => googlenetLoss({ output: 1 } as never, labels)).toThrow(SinapseError);
    expect(() => googlenetLoss({ output: 1 } as never, labels)).toThrow('googlenetLoss: the scores must be a tensor [batch, classes], or { output, auxiliary }'); // prettier-ignore
  });
});

describe("torchvision's names", () => {
  test.each([
    ['alexnet_torchvision', 'fc8', 'weights', 'classifier.6'],
    ['vgg16', 'conv5_3', 'weights', 'features.28'],
    ['vgg19', 'conv5_4', 'weights', 'features.34'],
    ['vgg11', 'conv2_1', 'weights', 'features.3'],
    ['vgg16', 'fc7', 'weights', 'classifier.3'],
    ['vgg16bn', 'conv5_3', 'weights', 'features.40'],
    ['vgg16bn', 'conv5_3', 'normalisation', 'features.41'],
    ['googlenet_torchvision', 'conv2', 'normalisation', 'conv3.bn'],
    ['googlenet_torchvision', 'inception4a/3x3/reduce', 'weights', 'inception4a.branch2.0.conv'],
    ['googlenet_torchvision', 'auxiliary2/conv', 'weights', 'aux2.conv.conv'],
    ['googlenet_torchvision', 'auxiliary2/classifier', 'weights', 'aux2.fc2'],
    ['inceptionv3', 'conv3b', 'weights', 'Conv2d_3b_1x1.conv'],
    ['inceptionv3', 'mixed5b/3x3dbl/conv3', 'weights', 'Mixed_5b.branch3x3dbl_3.conv'],
    ['inceptionv3', 'mixed6a/3x3/conv1', 'weights', 'Mixed_6a.branch3x3.conv'],
    ['inceptionv3', 'mixed7a/3x3/conv2', 'weights', 'Mixed_7a.branch3x3_2.conv'],
    ['inceptionv3', 'mixed7b/3x3/sides/down/conv1', 'weights', 'Mixed_7b.branch3x3_2b.conv'],
    ['inceptionv3', 'mixed7c/3x3dbl/sides/across/conv1', 'normalisation', 'Mixed_7c.branch3x3dbl_3a.bn'],
    ['inceptionv3', 'mixed7c/pool/conv1', 'weights', 'Mixed_7c.branch_pool.conv'],
    ['inceptionv3', 'auxiliary1/conv0', 'weights', 'AuxLogits.conv0.conv'],
    ['squeezenet10', 'fire9/squeeze', 'weights', 'features.12.squeeze'],
    ['squeezenet11', 'fire4/expand/3x3/conv', 'weights', 'features.6.expand3x3'],
    ['squeezenet11', 'conv10', 'weights', 'classifier.1'],
  ] as const)('%s: %s, %s: %s', (name, path, part, module) => {
    expect(modelEntry(name).torchvision!(path, part)).toBe(module);
  });
});
