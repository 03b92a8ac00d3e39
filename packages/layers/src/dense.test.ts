import {
  Context,
  Parameter,
  grad,
  memory,
  meta,
  parametersOf,
  randomKey,
  scope,
  tensor,
  use,
  valueAndGrad,
  withBackend,
  zeros,
} from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import { dense } from './dense.ts';
import { constant } from './initializers/distributions.ts';
import { sequential } from './sequential.ts';

beforeEach(() => void use(reference()));

const context = new Context();

describe('dense', () => {
  test('says how much memory it would need, where there is not so much', () => {
    expect(() => sequential([['big', dense({ units: 1e7 })]]).build([1e7], 1)).toThrow(
      'big: memory: a parameter [10000000,10000000] needs 400,000,000,000,000 bytes, which could not be allocated',
    );
  });

  test('computes activation(x kernel + bias)', () => {
    const layer = dense({ units: 2, activation: 'relu' });
    expect(layer.build([3], 1)).toEqual([2]);
    layer.kernel!.assign(tensor([[1, -1], [2, 0], [3, 1]])); // prettier-ignore
    layer.bias!.assign(tensor([0.5, -10]));
    expect([...layer.call(tensor([[1, 2, 3], [-1, 0, 0]]), context).dataSync()]).toEqual([14.5, 0, 0, 0]); // prettier-ignore
  });

  test('works along the last axis of anything', () => {
    const layer = dense({ units: 4, useBias: false });
    expect(layer.build([5, 3], 1)).toEqual([5, 4]);
    expect(layer.call(zeros([2, 5, 3]), context).shape).toEqual([2, 5, 4]);
    expect(parametersOf(layer).map(({ path, cell }) => [path, cell.shape])).toEqual([['kernel', [3, 4]]]);
  });

  test('an activation that cannot be fused is applied after, and may change the width', () => {
    const plain = dense({ units: 6 });
    const gelu = dense({ units: 6, activation: 'gelu' });
    const maxout = dense({ units: 6, activation: { name: 'maxout', pieces: 3 } });
    for (const layer of [plain, gelu]) expect(layer.build([4], 5)).toEqual([6]);
    expect(maxout.build([4], 5)).toEqual([2]);
    const x = tensor([[1, -2, 0.5, 3]]);
    const z = [...plain.call(x, context).dataSync()];
    const maxima = [...maxout.call(x, context).dataSync()];
    expect(maxima).toEqual([Math.max(...z.slice(0, 3)), Math.max(...z.slice(3))]);
    expect(gelu.call(x, context).dataSync()[0]).not.toBe(z[0]);
  });

  test('before it is built it says so, in call and to whoever asks for parameters', () => {
    const layer = dense({ units: 1 });
    expect(() => parametersOf(layer)).toThrow('dense: has no parameters yet; build the model first: model.build(inputShape)');
    expect(() => layer.call(zeros([1, 1]), context)).toThrow('dense: has no parameters yet');
  });

  test('the same seed gives the same bits on every backend, another seed others', () => {
    const values = (seed: number) => {
      const layer = dense({ units: 7 });
      layer.build([5], seed);
      return [...layer.kernel!.value.dataSync()].map(Math.fround);
    };
    const here = values(3);
    expect(values(3)).toEqual(here);
    expect(values(4)).not.toEqual(here);
    use(reference({ precision: 'float64' }));
    expect(values(3)).toEqual(here);
  });

  test('kernel and bias draw different numbers', () => {
    const draw = (_: readonly number[], key: { low: number }): Float32Array => Float32Array.of(key.low % 1000);
    const layer = dense({ units: 1, kernelInitializer: draw, biasInitializer: draw });
    layer.build([1], randomKey(1));
    expect(layer.kernel!.value.dataSync()[0]).not.toBe(layer.bias!.value.dataSync()[0]);
  });

  test('building again makes new parameters for the new shape', () => {
    const layer = dense({ units: 2 });
    layer.build([3], 1);
    const before = layer.kernel;
    expect(layer.build([5], 1)).toEqual([2]);
    expect(layer.kernel).not.toBe(before);
    expect(layer.kernel!.shape).toEqual([5, 2]);
  });

  test('building leaves nothing behind but the parameters, each the only reference to its storage', () => {
    const layer = dense({ units: 2 });
    const before = memory();
    layer.build([3], 1);
    expect(memory().tensors - before.tensors).toBe(2);
    expect(memory().bytes - before.bytes).toBe(4 * (6 + 2));
    for (const cell of [layer.kernel!, layer.bias!]) expect(cell.tensor.storage.references).toBe(1);
  });

  test('on a backend without values none are drawn', () => {
    const refuse = (): never => {
      throw new Error('drawn');
    };
    withBackend(meta(), () => {
      const layer = dense({ units: 1e6, kernelInitializer: refuse, biasInitializer: refuse });
      expect(layer.build([1e6], 1)).toEqual([1e6]);
      expect(layer.kernel).toBeInstanceOf(Parameter);
    });
  });

  test('its gradients reach kernel, bias and input', () => {
    const layer = dense({ units: 2, kernelInitializer: constant(2) });
    layer.build([3], 1);
    const x = tensor([[1, 2, 3]]);
    scope(() => {
      const { gradients } = valueAndGrad(() => layer.call(x, context).sum(), [layer.kernel!, layer.bias!]);
      expect([...gradients[0]!.dataSync()]).toEqual([1, 1, 2, 2, 3, 3]);
      expect([...gradients[1]!.dataSync()]).toEqual([1, 1]);
      expect([...grad((t) => layer.call(t, context).sum())(x).dataSync()]).toEqual([4, 4, 4]);
    });
  });

  test('refuses options and shapes that cannot be', () => {
    expect(() => dense({ units: 0 })).toThrow('dense: units: expected an integer >= 1, got 0');
    expect(() => dense({ units: 2.5 })).toThrow('dense: units: expected an integer >= 1, got 2.5');
    expect(() => dense({ units: 1, activation: 'rellu' as 'relu' })).toThrow('dense: activation rellu is not known; did you mean relu?');
    expect(() => dense({ units: 1 }).build([], 1)).toThrow(
      'dense: each example must be [inputs] (or […, inputs]), got a single number; reshape it to [1]',
    );
    const layer = dense({ units: 1 });
    layer.build([3], 1);
    expect(() => layer.call(zeros([2, 4]), context)).toThrow('weight [3,1] expects 3 features, input [2,4] has 4');
  });
});
