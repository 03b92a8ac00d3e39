import { Context, meta, parametersOf, scope, statesOf, tensor, use, valueAndGrad, withBackend, zeros } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import type { Sequential } from '@sinapse/layers';
import { conv2d, convNorm, dense, globalAvgPool2d, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { grouped, sgd } from '@sinapse/optimizers';
import { beforeEach, describe, expect, test } from 'vitest';
import { lenet5 } from '../lenet5/lenet5.ts';
import { fineTune } from './fine-tune.ts';

beforeEach(() => void use(reference()));

function network(): Sequential {
  const model = sequential([
    ['stage', sequential([['conv', convNorm({ filters: 4, kernelSize: 3, activation: 'relu' })]])],
    ['pool', globalAvgPool2d()],
    ['classifier', dense({ units: 10, useBias: true })],
  ]);
  model.build([6, 6, 1], 1);
  return model;
}

const bits = (model: object): Record<string, number[]> =>
  Object.fromEntries([...parametersOf(model), ...statesOf(model)].map(({ path, cell }) => [path, [...cell.value.dataSync()]]));

/** Trains a step with a rate for the body and one for the head; gives the paths of what changed. */
function changedBy(model: Sequential, body: Parameters<typeof grouped>[1][0]['parameters']): string[] {
  const before = bits(model);
  const optimizer = grouped(model, [{ parameters: body, optimizer: sgd({ learningRate: 0.01 }) }], { rest: sgd({ learningRate: 1 }) });
  const cells = parametersOf(model).map(({ cell }) => cell).filter(({ trainable }) => trainable); // prettier-ignore
  const context = new Context({ training: true, seed: 1 });
  scope(() => {
    const x = tensor(
      Float32Array.from({ length: 4 * 36 }, (_, i) => Math.sin(i * i)),
      { shape: [4, 6, 6, 1] },
    );
    const loss = () => softmaxCrossEntropy(model.call(x, context), tensor([0, 1, 2, 0], { dtype: 'int32' }));
    optimizer.step(cells, valueAndGrad(loss, cells).gradients);
  });
  context.commit();
  const after = bits(model);
  return Object.keys(before).filter((path) => before[path]!.some((value, i) => value !== after[path]![i]));
}

describe('fineTune', () => {
  test('gives a model of other classes whose head alone learns, and later the rest', () => {
    const trained = network();
    const before = bits(trained);
    const tuned = fineTune(trained, { classes: 3, seed: 5 });
    const { model, head, body } = tuned;
    expect(head).toEqual(['classifier']);
    expect(model.call(zeros([2, 6, 6, 1])).shape).toEqual([2, 3]);
    expect(trained.call(zeros([2, 6, 6, 1])).shape).toEqual([2, 10]);
    expect(bits(model)['stage/conv/kernel']).toEqual(before['stage/conv/kernel']);
    expect(changedBy(model, (_, path) => path === 'classifier/bias')).toEqual(['classifier/kernel', 'classifier/bias']);
    expect(tuned.thaw('stage/conv/kernel')).toEqual(['stage/conv/kernel']);
    expect(tuned.thaw()).toHaveLength(5);
    const kernels = bits(model);
    expect(changedBy(model, body)).toEqual([
      'stage/conv/kernel',
      'stage/conv/scale',
      'stage/conv/offset',
      'classifier/kernel',
      'classifier/bias',
      'stage/conv/mean',
      'stage/conv/variance',
    ]);
    const moved = (path: string) => Math.max(...bits(model)[path]!.map((value, i) => Math.abs(value - kernels[path]![i]!)));
    expect(moved('stage/conv/kernel')).toBeLessThan(moved('classifier/kernel'));
  });

  test('takes a convolution as head, several heads, and a head by its path', () => {
    const made = sequential([
      ['one', conv2d({ filters: 7, kernelSize: 1, strides: 2 })],
      ['two', conv2d({ filters: 7, kernelSize: 1 })],
      ['pool', globalAvgPool2d()],
    ]);
    withBackend(meta(), () => made.build([6, 6, 1], 1));
    const shapes = (model: object) => parametersOf(model).map(({ cell }) => cell.shape);
    expect(withBackend(meta(), () => shapes(fineTune(made, { classes: 2 }).model))).toEqual([[1, 1, 1, 7], [7], [1, 1, 7, 2], [2]]);
    const tuned = withBackend(meta(), () => fineTune(made, { classes: 7, head: ['two', 'one'] }));
    expect(tuned.head).toEqual(['two', 'one']);
    expect(parametersOf(tuned.model).every(({ cell }) => cell.trainable)).toBe(true);
  });

  test.each<[string, () => unknown, string]>([
    [
      'a model that was not built',
      () => fineTune(lenet5(), { classes: 3 }),
      'fineTune: the model was not built; build it, load its weights, and then adapt it',
    ],
    ['no classes', () => fineTune(network(), {} as never), 'fineTune: classes: expected an integer >= 1, got undefined'],
    [
      'a layer that is no head',
      () => fineTune(network(), { classes: 3, head: 'stage/conv' }),
      'fineTune: the head must be a dense layer or a convolution, but "stage/conv" is a convNorm; give its path: head: "classifier"',
    ],
    [
      'an unknown head',
      () => fineTune(network(), { classes: 3, head: 'clasifier' }),
      'fineTune: the head must be a dense layer or a convolution, but there is no layer "clasifier"; give its path: head: "classifier"',
    ],
    [
      'an unknown option',
      () => fineTune(network(), { classes: 3, heads: 'a' } as never),
      'fineTune: heads is no option; did you mean head?',
    ],
  ])('%s is refused', (_, call, message) => expect(call).toThrow(message));
});
