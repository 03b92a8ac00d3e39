import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { tensor } from '../tensor/creation.ts';
import { memory } from '../tensor/memory.ts';
import { scope } from '../tensor/scope.ts';
import { Context } from './context.ts';
import { Parameter, State } from './parameter.ts';
import { parametersOf, statesOf, walk } from './tree.ts';

beforeAll(() => void use(reference()));

describe('the walk over a model', () => {
  test('finds cells by the names of the fields that hold them, once each, and passes private fields over', () => {
    const shared = new Parameter(tensor([1]));
    const model = {
      layers: [{ kernel: new Parameter(tensor([2])), bias: shared }, { mean: new State(tensor([3])) }],
      tied: shared,
      _cache: new Parameter(tensor([4])),
      options: { units: 3, name: 'x', data: new Float32Array(2) },
      self: undefined as unknown,
    };
    model.self = model;
    expect(walk(model).map(({ path }) => path)).toEqual(['layers/0/kernel', 'layers/0/bias', 'layers/1/mean']);
    expect(parametersOf(model)).toHaveLength(2);
    expect(statesOf(model)).toHaveLength(1);
  });

  test('looks into arrays, maps and sets, and not into tensors and backends', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((value) => new Parameter(tensor([value]))) as [Parameter, Parameter, Parameter, Parameter];
    const hiding = Object.assign(reference(), { held: new Parameter(tensor([5])) });
    const constant = Object.assign(tensor([6]), { held: new Parameter(tensor([7])) });
    const model = { constant, backend: hiding, blocks: new Set([{ kernel: a }, b]), heads: new Map([['left', c]]), list: [d] };
    expect(walk(model).map(({ path, cell }) => [path, cell])).toEqual([
      ['blocks/0/kernel', a],
      ['blocks/1', b],
      ['heads/left', c],
      ['list/0', d],
    ]);
  });

  test('an object can name its children itself', () => {
    const p = new Parameter(tensor([1]));
    expect(walk({ hidden: 1, children: () => [['conv1', { kernel: p }]] }).map(({ path }) => path)).toEqual(['conv1/kernel']);
  });
});

describe('cells', () => {
  test('hold tensors alone', () => {
    expect(() => new Parameter([1] as never)).toThrow('parameter: the initial value must be a tensor; make one with tensor(…)');
    expect(() => new State(undefined as never)).toThrow('the initial value must be a tensor');
  });

  test('keep their shape and dtype', () => {
    const p = new Parameter(tensor([1, 2]));
    expect(() => p.assign(tensor([1]))).toThrow('assign: a value of shape [1] does not fit [2]');
    expect(() => p.assign(tensor([1, 2], { dtype: 'int32' }))).toThrow('assign: a int32 value does not fit float32');
  });

  test('read inside a scope, they leave nothing behind', () => {
    const p = new Parameter(tensor([1, 2]));
    const before = memory().tensors;
    scope(() => {
      p.value.add(p.value);
    });
    expect(memory().tensors).toBe(before);
  });
});

describe('the context', () => {
  test('writes states only when the step succeeds', () => {
    const state = new State(tensor([0]));
    const context = new Context({ training: true });
    scope(() => context.child('norm').update(state, state.value.add(1)));
    expect([...state.value.dataSync()]).toEqual([0]);
    context.commit();
    expect([...state.value.dataSync()]).toEqual([1]);
    scope(() => context.update(state, state.value.add(1)));
    context.discard();
    context.commit();
    expect([...state.value.dataSync()]).toEqual([1]);
  });

  test('keeps states as they are where the device says to skip the step', () => {
    const [one, two] = scope(() => [new State(tensor([1, -0, NaN])), new State(tensor([7], { dtype: 'int32' }))] as const);
    const before = memory();
    const step = (skip: boolean): void => {
      const context = new Context({ training: true });
      scope(() => {
        context.update(one, one.value.mul(2));
        context.update(two, two.value.add(1));
        context.keepWhere(tensor([skip]).reshape([]));
      });
      context.commit();
    };
    step(true);
    expect([...one.tensor.dataSync(), ...two.tensor.dataSync()]).toEqual([1, -0, NaN, 7]);
    step(false);
    expect([...one.tensor.dataSync(), ...two.tensor.dataSync()]).toEqual([2, -0, NaN, 8]);
    expect(memory()).toMatchObject({ tensors: before.tensors, storages: before.storages, bytes: before.bytes });
  });

  test('gives every part of the model its path and its own random key', () => {
    const context = new Context({ training: true, seed: 1 });
    const [a, b] = [context.child('a'), context.child('b')];
    expect(a.child('c').path).toBe('a/c');
    expect(a.key).not.toEqual(b.key);
    expect(a.key).toEqual(new Context({ seed: 1 }).child('a').key);
    expect(() => new Context({ training: true }).child('drop').key).toThrow(
      'context: a layer draws random numbers in training; give the context a seed',
    );
  });
});
