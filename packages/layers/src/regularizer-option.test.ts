import { reference } from '@sinapse/backend-reference';
import type { Tensor } from '@sinapse/core';
import { Context, penaltyOf, randomNormal, scope, tensor, use, valueAndGrad } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { activityRegularization } from './activity-regularization.ts';
import { conv2d } from './conv2d.ts';
import { convNorm } from './conv-norm.ts';
import { conv2dTranspose } from './conv2d-transpose.ts';
import { dense } from './dense.ts';
import { depthwiseConv2d } from './depthwise-conv2d.ts';
import type { Layer } from './layer.ts';
import { residual } from './residual.ts';
import { separableConv2d } from './separable-conv2d.ts';
import type { Regularizer } from './regularizer-option.ts';
import { resolveRegularizer } from './regularizer-option.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const values = [1.5, -2, 0, 0.25];
const l1 = values.reduce((sum, w) => sum + Math.abs(w), 0);
const l2 = values.reduce((sum, w) => sum + w * w, 0);

describe('a regulariser', () => {
  test.each<[Regularizer, number]>([
    [{ l1: 0.1 }, 0.1 * l1],
    [{ l2: 0.3 }, 0.3 * l2],
    [{ l1: 0.1, l2: 0.3 }, 0.1 * l1 + 0.3 * l2],
    [(w) => w.square().square().sum(), values.reduce((sum, w) => sum + w ** 4, 0)],
  ])('%o', (regularizer, expected) => {
    const penalty = resolveRegularizer('x', regularizer)!;
    expect(penalty(tensor(values)).dataSync()[0]).toBeCloseTo(expected, 12);
  });

  test('of strength 0 is none', () => {
    for (const none of [undefined, {}, { l1: 0 }, { l1: 0, l2: 0 }]) expect(resolveRegularizer('x', none)).toBeUndefined();
  });

  test('is that of the layer and parameter that has it', () => {
    const layer = dense({ units: 1, kernelRegularizer: { l2: 2 }, biasRegularizer: { l1: 3 } });
    layer.build([2]);
    layer.kernel!.assign(tensor([[3], [4]]));
    layer.bias!.assign(tensor([-5]));
    scope(() => {
      const { value, gradients } = valueAndGrad(() => penaltyOf([layer.kernel!, layer.bias!])!, [layer.kernel!, layer.bias!]);
      expect(value.dataSync()[0]).toBe(2 * 25 + 3 * 5);
      expect(gradients.map((each) => [...each.dataSync()])).toEqual([[12, 16], [-3]]);
    });
    const conv = conv2d({ filters: 1, kernelSize: 1, kernelRegularizer: { l1: 1 } });
    conv.build([2, 2, 1]);
    expect([conv.kernel!.penalty, conv.bias!.penalty].map((each) => typeof each)).toEqual(['function', 'undefined']);
    const norm = convNorm({ filters: 1, kernelSize: 1, kernelRegularizer: { l1: 1 } });
    norm.build([2, 2, 1]);
    expect(typeof norm.conv.kernel!.penalty).toBe('function');
    expect(norm.describe().arguments[0]).toMatchObject({ kernelRegularizer: { l1: 1 } });
  });

  test('that cannot be is refused in one line', () => {
    expect(() => dense({ units: 1, kernelRegularizer: { l3: 1 } as never })).toThrow(
      'dense: kernelRegularizer: l3 is no option; did you mean l1?',
    );
    expect(() => dense({ units: 1, biasRegularizer: { l2: -1 } })).toThrow(
      'dense: biasRegularizer: l2: expected a finite number >= 0, got -1',
    );
    expect(() => dense({ units: 1, kernelRegularizer: 0.1 as never })).toThrow(
      'dense: kernelRegularizer: expected strengths, e.g. { l2: 1e-4 }, or a function, got 0.1',
    );
  });
});

describe('activityRegularizer', () => {
  const activityRegularizer = { l2: 0.5 };
  const image = (): Tensor => randomNormal([2, 4, 4, 2], { seed: 1 });
  const conv = { kernelSize: 1, activityRegularizer, useBias: false } as const;
  test.each<[string, Layer]>([
    ['dense', dense({ units: 3, activation: 'tanh', activityRegularizer })],
    ['conv2d', conv2d({ filters: 3, activation: 'tanh', ...conv })],
    ['conv2dTranspose', conv2dTranspose({ filters: 3, ...conv })],
    ['depthwiseConv2d', depthwiseConv2d(conv)],
    ['separableConv2d', separableConv2d({ filters: 3, ...conv })],
    ['convNorm', convNorm({ filters: 3, activation: 'tanh', ...conv })],
    ['residual, whose last layer has it', residual([conv2d({ filters: 2, ...conv })])],
  ])('%s', (name, layer) => {
    layer.build([4, 4, 2], 1);
    const context = new Context({ training: true });
    const y = layer.call(image(), context);
    const own = name.startsWith('residual') ? y.sub(image()) : y;
    const expected = (0.5 * [...own.dataSync()].reduce((sum, value) => sum + value * value, 0)) / 2; // a batch of two
    expect(penaltyOf([], context)!.dataSync()[0]).toBeCloseTo(expected, 12);
    layer.call(image(), new Context());
    expect(penaltyOf([], context)).toBeUndefined();
  });
});

test('activityRegularization tells the training its penalty for one example on average', () => {
  const layer = activityRegularization({ l1: 0.5, l2: 2 });
  layer.build([2]);
  const context = new Context({ training: true });
  const x = tensor([[1, -2], [3, 0]]); // prettier-ignore
  expect([...layer.call(x, context).dataSync()]).toEqual([1, -2, 3, 0]);
  expect(penaltyOf([], context)!.dataSync()[0]).toBe((0.5 * 6 + 2 * 14) / 2);
  layer.call(x, new Context());
  expect(penaltyOf([], context)).toBeUndefined();
});
