// What layers say to arguments that cannot be; every-layer.test.ts has what all layers share.

import { reference } from '@sinapse/backend-reference';
import { Context, parametersOf, tensor, use, zeros } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { activation, batchNorm, conv2d, convNorm, dense, dropout, flatten, residual, sequential } from './index.ts';

beforeAll(() => void use(reference()));

test('a misspelt option is named with the nearest one', () => {
  expect(() => dense({ unit: 3 } as never)).toThrow('dense: unit is no option; did you mean units?');
  expect(() => conv2d({ filters: 3, kernelSize: 3, stride: 2 } as never)).toThrow('conv2d: stride is no option; did you mean strides?');
});

test('options that are not what they should be', () => {
  expect(() => dense({ units: 3, kernelInitializer: 'heNormal' as never })).toThrow(
    'dense: kernelInitializer: expected an initialiser, e.g. initializers.heNormal, got "heNormal"',
  );
  expect(() => dense({ units: 3, activation: 5 as never })).toThrow('dense: activation: expected the name of an activation');
  expect(() => dense({ units: 3, activation: 'rellu' as never })).toThrow('dense: activation rellu is not known; did you mean relu?');
  expect(() => activation({ name: 'leakyRelu', alfa: 0.1 } as never)).toThrow(
    'activation: activation leakyRelu: alfa is no option; did you mean alpha?',
  );
  expect(() => activation({ name: 'maxout', pieces: 0 })).toThrow('activation: activation maxout: pieces: expected an integer >= 1, got 0');
  expect(() => activation({ name: 'relu', alpha: 1 } as never)).toThrow('activation: activation relu: alpha is no option');
  expect(() => activation(undefined as never)).toThrow('activation: expected the name of an activation');
  expect(() => residual([batchNorm()], { shortcut: 'conv' as never })).toThrow('residual: shortcut: expected a layer, got "conv"');
  expect(() => sequential([dense as never])).toThrow('sequential: entry 0 of the list must be a layer, or [name, layer], got a function');
  expect(() => sequential(dense({ units: 1 }) as never)).toThrow('sequential: expected a list of at least one layer');
});

test('a whole model that is frozen keeps its running statistics', () => {
  const model = sequential([convNorm({ filters: 2, kernelSize: 1 }), batchNorm(), flatten()]);
  model.build([2, 2, 1]);
  for (const { cell } of parametersOf(model)) cell.trainable = false;
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8]).reshape([2, 2, 2, 1]);
  const context = new Context({ training: true });
  const y = [...model.call(x, context).dataSync()];
  context.commit();
  expect([...model.call(x).dataSync()]).toEqual(y);
});

test('the name of a layer stands once in a message', () => {
  const model = sequential([['block', sequential([['drop', dropout({ rate: 0.5 })]])]]);
  expect(() => model.call(zeros([1, 2]), new Context({ training: true }))).toThrow(/^block\/drop: context: a layer draws/);
});
