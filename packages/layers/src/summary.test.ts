import type { Shape, Tensor } from '@sinapse/core';
import {
  Context,
  Parameter,
  State,
  activeBackend,
  linear,
  memory,
  meta,
  parametersOf,
  relu,
  scope,
  use,
  withBackend,
  zeros,
} from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { formatSummary } from './format-summary.ts';
import type { Layer } from './layer.ts';
import { callChild } from './layer.ts';
import { maxPool2d } from './max-pool2d.ts';
import { sequential } from './sequential.ts';
import { summary } from './summary.ts';

beforeEach(() => void use(reference()));

const small = () =>
  sequential([
    ['features', sequential([conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }), maxPool2d()])],
    flatten(),
    dropout({ rate: 0.5 }),
    ['classifier', dense({ units: 3 })],
  ]);

describe('summary', () => {
  test('lists shapes, parameters and operations of every layer', () => {
    const model = small();
    model.build([6, 6, 2], 1);
    const { layers, ...totals } = summary(model, [6, 6, 2]);
    expect(layers).toEqual([
      { path: 'features/conv2d1', type: 'conv2d', outputShape: [6, 6, 4], parameters: 3 * 3 * 2 * 4 + 4, macs: 6 * 6 * 4 * 3 * 3 * 2 },
      { path: 'features/maxPool2d1', type: 'maxPool2d', outputShape: [3, 3, 4], parameters: 0, macs: 0 },
      { path: 'flatten1', type: 'flatten', outputShape: [36], parameters: 0, macs: 0 },
      { path: 'dropout1', type: 'dropout', outputShape: [36], parameters: 0, macs: 0 },
      { path: 'classifier', type: 'dense', outputShape: [3], parameters: 36 * 3 + 3, macs: 36 * 3 },
    ]);
    expect(totals).toEqual({
      inputShape: [6, 6, 2],
      outputShape: [3],
      trainable: 76 + 111,
      nonTrainable: 0,
      macs: 2592 + 108,
      parameterBytes: 4 * 187,
      activationBytes: 4 * (144 + 36 + 3), // flatten and dropout return their input
    });
  });

  test('does not change the model, and leaves nothing behind', () => {
    const model = small();
    model.build([6, 6, 2], 1);
    const backend = activeBackend();
    const weights = () => parametersOf(model).map(({ cell }) => [...cell.tensor.dataSync()]);
    const before = { weights: weights(), ...memory() };
    summary(model, [6, 6, 2]);
    expect({ weights: weights(), ...memory() }).toEqual(before);
    expect(activeBackend()).toBe(backend);
    expect(model.call(zeros([1, 6, 6, 2]), new Context()).shape).toEqual([1, 3]);
  });

  test('states count as not trained, are not written, and frozen parameters count with them', () => {
    const counter = {
      type: 'counter',
      count: new State(zeros([5])),
      build: (shape: Shape) => shape,
      call(x: Tensor, context: Context): Tensor {
        context.update(this.count, this.count.value.add(1));
        return x.add(this.count.value.sum());
      },
    };
    const frozen = dense({ units: 5, useBias: false });
    const model = sequential([frozen, counter]);
    model.build([2], 1);
    frozen.kernel!.trainable = false;
    const before = memory().tensors;
    const result = summary(model, [2]);
    expect(memory().tensors).toBe(before);
    expect([result.trainable, result.nonTrainable]).toEqual([0, 15]);
    expect(result.layers.map(({ parameters }) => parameters)).toEqual([10, 5]);
    expect([...counter.count.tensor.dataSync()]).toEqual([0, 0, 0, 0, 0]);
  });

  test("one's own model: its layers through callChild, the rest in a row of its own; what is shared counts once", () => {
    class Residual {
      readonly projection = new Parameter(zeros([4, 4]));
      readonly inner: Layer = dense({ units: 4 });
      call(x: Tensor, context: Context): Tensor {
        const once = callChild('inner', this.inner, x, context);
        const twice = callChild('inner', this.inner, relu(once), context);
        return twice.add(linear(x, this.projection.value));
      }
    }
    const model = new Residual();
    model.inner.build([4], 1);
    expect(summary(model, [4]).layers).toEqual([
      { path: 'inner', type: 'dense', outputShape: [4], parameters: 20, macs: 16 },
      { path: 'inner', type: 'dense', outputShape: [4], parameters: 0, macs: 16 },
      { path: '', type: 'Residual', outputShape: [4], parameters: 16, macs: 16 },
    ]);
    expect(summary(model, [4])).toMatchObject({ trainable: 36, macs: 48 });
    const alone = dense({ units: 2 });
    alone.build([3], 1);
    expect(summary(alone, [3]).layers).toEqual([{ path: '', type: 'dense', outputShape: [2], parameters: 8, macs: 6 }]);
  });

  test('asks for a build, and refuses a shape the model does not take', () => {
    expect(() => summary(small(), [6, 6, 2])).toThrow('features/conv2d1: conv2d: has no parameters yet; build the model first');
    const model = small();
    model.build([6, 6, 2], 1);
    expect(() => summary(model, [6, 6, 3])).toThrow('features/conv2d1: conv2d: filter expects 2 input channels, input [1,6,6,3] has 3');
    expect(() => summary(model, [8, 8, 2])).toThrow('classifier: linear: weight [36,3] expects 36 features, input [1,64] has 64');
  });

  test('VGG-16 is summarised without a value being drawn or computed', () => {
    const kernelInitializer = (): never => {
      throw new Error('a value was drawn');
    };
    const block = (count: number, filters: number) => [
      ...Array.from({ length: count }, () => conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer })),
      maxPool2d(),
    ];
    const result = withBackend(meta(), () => {
      const model = sequential([
        ...[[2, 64], [2, 128], [3, 256], [3, 512], [3, 512]].flatMap(([count, filters]) => block(count!, filters!)), // prettier-ignore
        flatten(),
        dense({ units: 4096, activation: 'relu', kernelInitializer }),
        dense({ units: 4096, activation: 'relu', kernelInitializer }),
        dense({ units: 1000, kernelInitializer }),
      ]);
      model.build([224, 224, 3], 1);
      return summary(model, [224, 224, 3]);
    });
    expect(result.trainable).toBe(138_357_544); // configuration D of Simonyan, Zisserman 2015, as Keras and torchvision count it
    expect(result.macs).toBe(15_470_264_320); // torchvision: 15.47 billion, convolutions and dense layers
    expect(memory().backend.liveBytes).toBe(0);
  });
});

describe('formatSummary', () => {
  test('is a table', () => {
    const model = small();
    model.build([6, 6, 2], 1);
    expect(formatSummary(summary(model, [6, 6, 2]))).toBe(
      `
layer                type       output   parameters   MACs
----------------------------------------------------------
input                           [6,6,2]
features/conv2d1     conv2d     [6,6,4]          76  2,592
features/maxPool2d1  maxPool2d  [3,3,4]           0      0
flatten1             flatten    [36]              0      0
dropout1             dropout    [36]              0      0
classifier           dense      [3]             111    108
----------------------------------------------------------
total                                           187  2,700
trainable 187, not trainable 0
memory: parameters 748 B, activations 732 B per example
`.trim(),
    );
  });

  test('fits 80 columns whatever the names', () => {
    const name = 'a-very-long-name-for-a-block-of-layers';
    const model = scope(() => {
      const deep = sequential([[name, sequential([[name, sequential([[name, conv2d({ filters: 100_000, kernelSize: 1 })]])]])]]);
      withBackend(meta(), () => deep.build([1000, 1000, 100_000], 1));
      return deep;
    });
    const table = formatSummary(summary(model, [1000, 1000, 100_000]));
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(table).toContain('10,000,100,000');
    expect(table).toMatch(/a-very.*….*layers/);
  });
});
