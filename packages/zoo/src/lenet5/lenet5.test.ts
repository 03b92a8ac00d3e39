import type { Parameter, Tensor } from '@sinapse/core';
import { Context, RandomStream, argMax, parametersOf, randomKey, scope, tensor, use, valueAndGrad, zeros } from '@sinapse/core';
import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import type { Sequential } from '@sinapse/layers';
import { summary } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { beforeAll, describe, expect, test } from 'vitest';
import { digitCodes } from './digit-codes.ts';
import { lenet5 } from './lenet5.ts';
import { lenet5MapLoss } from './losses.ts';

beforeAll(() => void use(reference()));

describe('the modern LeNet-5', () => {
  test('has 61,706 parameters and 416,520 multiply-accumulate operations', () => {
    const model = lenet5();
    expect(model.build([28, 28, 1], 1)).toEqual([10]);
    const result = summary(model, [28, 28, 1]);
    expect(result.layers.map(({ path, outputShape, parameters, macs }) => [path, outputShape, parameters, macs])).toEqual([
      ['conv1', [28, 28, 6], 5 * 5 * 1 * 6 + 6, 28 * 28 * 6 * 25],
      ['pool1', [14, 14, 6], 0, 0],
      ['conv2', [10, 10, 16], 5 * 5 * 6 * 16 + 16, 10 * 10 * 16 * 25 * 6],
      ['pool2', [5, 5, 16], 0, 0],
      ['flatten', [400], 0, 0],
      ['dense1', [120], 400 * 120 + 120, 400 * 120],
      ['dense2', [84], 120 * 84 + 84, 120 * 84],
      ['dense3', [10], 84 * 10 + 10, 84 * 10],
    ]);
    expect(result).toMatchObject({ trainable: 61_706, nonTrainable: 0, macs: 416_520, parameterBytes: 4 * 61_706 });
  });

  test.each([
    [{ classes: 3, inputShape: [32, 32, 3] }, [32, 32, 3], 3],
    [{ inputShape: [12, 13, 1] }, [12, 13, 1], 10],
    [{ pooling: 'average', activation: 'tanh' }, [28, 28, 1], 10],
  ] as const)('%j', (options, inputShape, classes) => {
    const model = lenet5(options);
    expect(model.build(inputShape, 1)).toEqual([classes]);
    expect(model.call(zeros([2, ...inputShape]), new Context()).shape).toEqual([2, classes]);
  });
});

describe('the original LeNet-5', () => {
  test('has the parameters that the paper counts, layer by layer', () => {
    const model = lenet5({ variant: 'original' });
    expect(model.build([28, 28, 1], 1)).toEqual([10]);
    const { layers, ...totals } = summary(model, [28, 28, 1]);
    expect(layers.map(({ path, outputShape, parameters }) => [path, outputShape, parameters])).toEqual([
      ['input', [32, 32, 1], 0],
      ['c1', [28, 28, 6], 156],
      ['s2', [14, 14, 6], 12],
      ['c3', [10, 10, 16], 1516],
      ['s4', [5, 5, 16], 32],
      ['c5', [1, 1, 120], 48_120],
      ['flatten', [120], 0],
      ['f6', [84], 10_164],
      ['output', [10], 840],
    ]);
    expect(totals).toMatchObject({ trainable: 60_000, nonTrainable: 840 }); // "60,000 trainable free parameters"
  });

  test('takes 32 by 32 images as they are', () => {
    const model = lenet5({ variant: 'original', inputShape: [32, 32, 1], classes: 7 });
    expect(model.build([32, 32, 1], 1)).toEqual([7]);
    expect(model.call(zeros([1, 32, 32, 1]), new Context()).shape).toEqual([1, 7]);
  });
});

/** Images of 28 by 28 pixels: digits twice as large as their codes at random positions, with some noise. The label is the digit. */
function digitImages(count: number): Float32Array {
  const stream = new RandomStream(randomKey(9));
  const images = Float32Array.from({ length: count * 28 * 28 }, () => 0.2 * stream.uniform());
  for (let i = 0; i < count; i++) {
    const [top, left] = [stream.below(5), stream.below(15)];
    for (let row = 0; row < 24; row++) {
      for (let column = 0; column < 14; column++) {
        if (digitCodes[i % 10]![(row >> 1) * 7 + (column >> 1)]! > 0) images[(i * 28 + top + row) * 28 + left + column] = 1;
      }
    }
  }
  return images;
}

/** Trains by gradient descent with momentum until every example is recognised. Returns the number of steps. */
function overfit(
  model: Sequential,
  count: number,
  loss: (scores: Tensor, labels: Tensor) => Tensor,
  learningRate: number,
  limit: number,
): number {
  const labels = tensor(Int32Array.from({ length: count }, (_, i) => i % 10), { shape: [count] }); // prettier-ignore
  const x = tensor(digitImages(count), { shape: [count, 28, 28, 1] });
  model.build([28, 28, 1], 5);
  const cells = parametersOf(model).map(({ cell }) => cell).filter((cell: Parameter) => cell.trainable); // prettier-ignore
  let velocity = cells.map((cell) => zeros(cell.shape));
  const context = new Context({ training: true, seed: 1 });
  for (let step = 1; step <= limit; step++) {
    const { right, next } = scope(() => {
      const { value, gradients } = valueAndGrad((): [Tensor, Tensor] => {
        const scores = model.call(x, context);
        return [loss(scores, labels), scores];
      }, cells);
      const moved = velocity.map((v, i) => v.mul(0.9).add(gradients[i]!));
      cells.forEach((cell, i) => cell.assign(cell.value.sub(moved[i]!.mul(learningRate))));
      const predicted = argMax(value[1], { axis: 1 }).dataSync();
      return { right: predicted.filter((label, i) => label === i % 10).length, next: moved };
    });
    velocity.forEach((v) => v.dispose());
    velocity = next;
    if (right === count) return step;
  }
  return Infinity;
}

describe('training', () => {
  beforeAll(async () => void use(await cpu()));

  test('the modern form learns 32 images by heart', () => {
    expect(overfit(lenet5(), 32, softmaxCrossEntropy, 0.05, 100)).toBeLessThan(100); // takes 40 steps
  });

  test('the original learns ten, with its own loss', () => {
    expect(overfit(lenet5({ variant: 'original' }), 10, lenet5MapLoss, 0.004, 100)).toBeLessThan(100); // takes 33 steps
  });
});
