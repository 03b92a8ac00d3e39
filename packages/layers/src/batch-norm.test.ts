import type { Shape } from '@sinapse/core';
import {
  Context,
  batchNorm as normalize,
  memory,
  parametersOf,
  profile,
  randomNormal,
  relu,
  scope,
  statesOf,
  tensor,
  use,
  valueAndGrad,
  zeros,
} from '@sinapse/core';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, test } from 'vitest';
import { assignRecorded, expectCells, expectRecorded, recorded, recording } from '../test/recorded.ts';
import { batchNorm } from './batch-norm.ts';
import type { BatchNorm } from './batch-norm.ts';
import { dense } from './dense.ts';
import { sequential } from './sequential.ts';
import { summary } from './summary.ts';

beforeEach(() => void use(fusedReference({ precision: 'float64', poison: true })));

const training = (): Context => new Context({ training: true });
const predicting = new Context();

function builtNorm(inputShape: Shape, options?: Parameters<typeof batchNorm>[0]): BatchNorm {
  const layer = batchNorm(options);
  expect(layer.build(inputShape, 1)).toEqual(inputShape);
  return layer;
}

const states = (layer: BatchNorm): number[][] => statesOf(layer).map(({ cell }) => [...cell.tensor.dataSync()]);

describe('batchNorm', () => {
  test(`three training steps and a prediction, as recorded from ${recording.origin}`, () => {
    const { momentum, epsilon, batches, before, trained, after, evaluated } = recording.batchNorm;
    const layer = builtNorm([2, 3, 3], { momentum, epsilon });
    assignRecorded(layer, before);
    batches.forEach((x, i) => {
      const context = training();
      scope(() => expectRecorded(layer.call(recorded(x), context), trained[i]!));
      context.commit();
    });
    expectCells(layer, after);
    expectRecorded(layer.call(recorded(batches[0]!), predicting), evaluated);
  });

  test('begins as the identity at prediction time, but for epsilon', () => {
    const layer = builtNorm([3]);
    expect([...layer.call(tensor([[1, -2, 3]]), predicting).dataSync()].map((y) => y * Math.sqrt(1 + 1e-5))).toEqual(
      [1, -2, 3].map((x) => expect.closeTo(x, 12)),
    );
  });

  test('running averages move when the step succeeds, and only then', () => {
    const layer = builtNorm([2], { momentum: 0.5 });
    const context = training();
    const x = tensor([[0, 1], [4, 1]]); // prettier-ignore
    scope(() => void layer.call(x, context));
    expect(states(layer)).toEqual([[0, 0], [1, 1]]); // prettier-ignore
    context.discard();
    context.commit();
    expect(states(layer)).toEqual([[0, 0], [1, 1]]); // prettier-ignore
    scope(() => void layer.call(x, context));
    context.commit();
    expect(states(layer)).toEqual([[1, 0.5], [0.5 + 0.5 * 8, 0.5]]); // prettier-ignore
    scope(() => void layer.call(x, predicting));
    expect(states(layer)).toEqual([[1, 0.5], [4.5, 0.5]]); // prettier-ignore
  });

  test('frozen, it goes by its running averages in training, too, and leaves them', () => {
    const layer = builtNorm([2]);
    layer.frozen = true;
    const context = training();
    const x = tensor([[0, 1], [4, 1]]); // prettier-ignore
    expect([...layer.call(x, context).dataSync()]).toEqual([...layer.call(x, predicting).dataSync()]);
    context.commit();
    expect(states(layer)).toEqual([[0, 0], [1, 1]]); // prettier-ignore
    const { gradients } = valueAndGrad(
      () => layer.call(x, context).sum(),
      parametersOf(layer).map(({ cell }) => cell),
    );
    expect([...gradients[0]!.dataSync()]).toEqual([4, 2].map((sum) => expect.closeTo(sum / Math.sqrt(1 + 1e-5), 12)));
    expect([...gradients[1]!.dataSync()]).toEqual([2, 2]);
  });

  test('frozen with all its parameters, it computes in training as at prediction time, unless told otherwise', () => {
    const x = tensor([[0, 1], [4, 1]]); // prettier-ignore
    const layer = builtNorm([2]);
    const call = (context: Context): number[] => [...layer.call(x, context).dataSync()];
    const batchwise = call(training());
    layer.scale!.trainable = false;
    expect(call(training())).toEqual(batchwise);
    layer.offset!.trainable = false;
    const context = training();
    expect(call(context)).toEqual(call(predicting));
    context.commit();
    expect(states(layer)).toEqual([[0, 0], [1, 1]]); // prettier-ignore
    layer.frozen = false;
    expect(call(training())).toEqual(batchwise);
  });

  test('an activation is part of it, in training and at prediction time', () => {
    const x = randomNormal([4, 5, 5, 3], { seed: 2 });
    for (const activation of ['relu', (y: typeof x) => y.mul(2)] as const) {
      const [with_, without] = [builtNorm([5, 5, 3], { activation }), builtNorm([5, 5, 3])];
      for (const context of [training(), predicting]) {
        const plain = without.call(x, context);
        const expected = activation === 'relu' ? relu(plain) : activation(plain);
        expect([...with_.call(x, context).dataSync()]).toEqual([...expected.dataSync()].map((y) => expect.closeTo(y, 12)));
      }
    }
    const layer = builtNorm([5, 5, 3], { activation: 'relu' });
    const { entries } = profile(() => layer.call(x, training()));
    expect(entries.filter(({ kernel }) => kernel === 'batchNorm').map(({ calls }) => calls)).toEqual([1]);
    expect(entries.some(({ kernel }) => kernel === 'biasActivation')).toBe(false);
  });

  test('a training step leaves nothing behind but the running averages', () => {
    const layer = builtNorm([3]);
    const x = randomNormal([8, 3], { seed: 1 });
    const cells = parametersOf(layer).map(({ cell }) => cell);
    const step = (): void => {
      const context = training();
      scope(() => void valueAndGrad(() => layer.call(x, context).square().sum(), cells));
      context.commit();
    };
    step();
    const before = memory();
    for (let i = 0; i < 5; i++) step();
    expect(memory()).toEqual(before);
  });

  test('what it derives from its averages is kept from prediction to prediction, until they change', () => {
    const layer = batchNorm({ activation: 'relu' });
    layer.build([3], 1);
    const x = randomNormal([4, 3], { seed: 2 });
    const predicted = (): { values: number[]; calls: number } => {
      const { result, entries } = profile(() => scope(() => [...layer.call(x, predicting).dataSync()]));
      return { values: result, calls: entries.reduce((sum, { calls }) => sum + calls, 0) };
    };
    const [first, second] = [predicted(), predicted()];
    expect(second.values).toEqual(first.values);
    expect([first.calls > 2, second.calls]).toEqual([true, 2]); // a product, then a sum with the activation
    const context = training();
    scope(() => void layer.call(x, context));
    context.commit();
    const scaled = predicted();
    expect(scaled.values).not.toEqual(first.values);
    layer.scale!.assign(tensor([2, 2, 2]));
    expect(predicted().values).toEqual(scaled.values.map((value) => 2 * value));
  });

  test('its averages count as not trained', () => {
    const model = sequential([dense({ units: 4 }), batchNorm(), dense({ units: 2 })]);
    model.build([3], 1);
    expect(summary(model, [3])).toMatchObject({ trainable: 16 + 8 + 10, nonTrainable: 8 });
    expect(statesOf(model).map(({ path }) => path)).toEqual(['batchNorm1/mean', 'batchNorm1/variance']);
    expect(parametersOf(model).map(({ path }) => path).slice(2, 4)).toEqual(['batchNorm1/scale', 'batchNorm1/offset']); // prettier-ignore
  });

  test('normalises what core does', () => {
    const layer = builtNorm([3]);
    const x = randomNormal([6, 3], { seed: 4 });
    const { y } = normalize(x, layer.scale!.value, layer.offset!.value);
    expect([...layer.call(x, training()).dataSync()]).toEqual([...y.dataSync()]);
  });

  test('refuses what cannot be', () => {
    expect(() => batchNorm({ momentum: 1 })).toThrow('batchNorm: momentum: expected a number within [0, 1), got 1');
    expect(() => batchNorm({ epsilon: 0 })).toThrow('batchNorm: epsilon: expected a finite number > 0, got 0');
    expect(() => batchNorm({ activation: 'rellu' as 'relu' })).toThrow('batchNorm: activation rellu is not known; did you mean relu?');
    expect(() => batchNorm().build([], 1)).toThrow('batchNorm: each example must be […, channels], got a single number');
    expect(() => batchNorm().call(zeros([2, 3]), predicting)).toThrow('batchNorm: has no parameters yet; build the model first');
    const model = sequential([['norm', builtNorm([3])]]);
    for (const context of [training(), predicting])
      expect(() => model.call(zeros([2, 4]), context)).toThrow('norm: batchNorm: built for 3 channels, input [2,4] has 4');
    expect(() => model.call(zeros([1, 3]), training())).toThrow(
      'norm: batchNorm: training needs more than one value for each channel, input [1,3] has 1; take batches of more examples, and leave out a short last one: .batch(size, { dropLast: true })',
    );
    expect(() => model.call(zeros([0, 3]), training())).toThrow('input [0,3] has 0');
    expect(model.call(zeros([0, 3]), predicting).shape).toEqual([0, 3]);
  });
});
