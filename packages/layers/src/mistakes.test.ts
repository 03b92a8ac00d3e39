// What layers do without a context or a seed, and what they say to arguments that cannot be.

import { reference } from '@sinapse/backend-reference';
import { Context, SinapseError, parametersOf, tensor, use, zeros } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Layer } from './index.ts';
import {
  activation,
  avgPool2d,
  batchNorm,
  conv2d,
  convNorm,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  identityShortcut,
  maxPool2d,
  residual,
  sequential,
} from './index.ts';

beforeAll(() => void use(reference()));

/** Every layer, for images [4, 4, 2]. `build` and `call` may be given too little, as from JavaScript. */
const layers: readonly (readonly [string, () => Loose])[] = [
  ['activation', () => activation('tanh')],
  ['avgPool2d', () => avgPool2d()],
  ['batchNorm', () => batchNorm()],
  ['conv2d', () => conv2d({ filters: 2, kernelSize: 3 })],
  ['convNorm', () => convNorm({ filters: 2, kernelSize: 3 })],
  ['dense', () => dense({ units: 3 })],
  ['dropout', () => dropout({ rate: 0.5 })],
  ['flatten', () => flatten()],
  ['globalAvgPool2d', () => globalAvgPool2d()],
  ['identityShortcut', () => identityShortcut({ filters: 2 })],
  ['maxPool2d', () => maxPool2d()],
  ['residual', () => residual([batchNorm()])],
  ['sequential', () => sequential([conv2d({ filters: 2, kernelSize: 3 }), dropout({ rate: 0.5 })])],
];
type Loose = Layer & { build(...values: readonly unknown[]): unknown; call(...values: readonly unknown[]): ReturnType<Layer['call']> };

describe.each(layers)('%s', (type, make) => {
  test('without a context it predicts, without a seed it is built from seed 0', () => {
    const [plain, seeded] = [make(), make()];
    plain.build([4, 4, 2]);
    seeded.build([4, 4, 2], 0);
    const x = tensor(Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)), { shape: [2, 4, 4, 2] }); // prettier-ignore
    expect([...plain.call(x).dataSync()]).toEqual([...seeded.call(x, new Context()).dataSync()]);
  });

  test.each([undefined, null, 784, '784', {}, [784.5], [[28]], () => 784])('build(%o)', (shape) => {
    expect(() => make().build(shape, 1)).toThrow(SinapseError);
    expect(() => make().build(shape, 1)).toThrow(`${type}: build: inputShape: expected the shape of one example, e.g. [28, 28, 1], got`);
  });

  test.each([undefined, null, 1, 'x', {}, [[1, 2]], Float32Array.of(1)])('call(%o)', (x) => {
    const layer = make();
    layer.build([4, 4, 2]);
    expect(() => layer.call(x)).toThrow(SinapseError);
    expect(() => layer.call(x)).toThrow(`${type}: call: expected a tensor [batch, …], got`);
  });
});

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
