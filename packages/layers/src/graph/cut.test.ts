// Cutting models, and putting other layers into them.

import type { Shape, Tensor } from '@sinapse/core';
import { Context, memory, parametersOf, scope, tensor, use, valueAndGrad, walk } from '@sinapse/core';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Layer } from '../index.ts';
import {
  activation,
  add,
  batchNorm,
  branches,
  buildMissing,
  connect,
  conv2d,
  convNorm,
  dense,
  denseConnection,
  flatten,
  globalAvgPool2d,
  graph,
  input,
  intermediates,
  replaceLayer,
  residual,
  sequential,
  submodel,
} from '../index.ts';

beforeEach(() => void use(fusedReference({ precision: 'float64', poison: true })));

const numbers = (x: Tensor): number[] => [...x.dataSync()];
const waves = (shape: Shape, phase = 0): Tensor =>
  tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + phase)), { shape }); // prettier-ignore

/** Every container, within each other. */
function deep() {
  const model = sequential([
    ['stem', conv2d({ filters: 3, kernelSize: 3, padding: 'same' })],
    ['block', sequential([['conv', conv2d({ filters: 3, kernelSize: 1 })], ['relu', activation('relu')], ['norm', batchNorm()]])], // prettier-ignore
    ['res', residual([['conv1', convNorm({ filters: 3, kernelSize: 3, padding: 1, activation: 'relu' })], ['conv2', convNorm({ filters: 3, kernelSize: 1 })]], { activation: 'relu' })], // prettier-ignore
    ['inception', branches({ left: [['a', conv2d({ filters: 2, kernelSize: 1 })], activation('tanh')], right: [] })],
    ['dense', denseConnection([['grow', conv2d({ filters: 2, kernelSize: 1 })]])],
    ['pool', globalAvgPool2d()],
    ['head', dense({ units: 4 })],
  ]);
  model.build([4, 4, 2], 1);
  return model;
}

/** What an observer sees a layer give. */
function observed(model: Layer, x: Tensor, wanted: string): number[] {
  let seen: number[] = [];
  const observe = (path: string, _: object, __: Tensor, y: Tensor): void => {
    if (path === wanted) seen = numbers(y);
  };
  scope(() => void model.call(x, new Context({ observe })));
  return seen;
}

describe('submodel', () => {
  test.each(['stem', 'block', 'block/relu', 'block/norm', 'res', 'res/conv1', 'inception/left', 'inception/left/a', 'inception/merge', 'dense/grow', 'head'])(
    '%s gives what that layer gives',
    (path) => {
      const model = deep();
      const x = waves([2, 4, 4, 2]);
      const part = submodel(model, path);
      expect(numbers(scope(() => part.call(x)))).toEqual(observed(model, x, path));
    },
  ); // prettier-ignore

  test('has the layers before the cut, with their paths and weights', () => {
    const model = deep();
    const part = submodel(model, 'block/relu');
    expect(walk(part).map(({ path }) => path)).toEqual(['stem/kernel', 'stem/bias', 'block/conv/kernel', 'block/conv/bias']);
    expect(parametersOf(part)[0]!.cell).toBe(parametersOf(model)[0]!.cell);
    expect(part.inputShape).toEqual([4, 4, 2]);
    expect(part.build([4, 4, 2], 3)).toEqual([4, 4, 3]);
  });

  test('the convolution in a residual block gives its own result, before the sum', () => {
    const model = deep();
    const x = waves([2, 4, 4, 2]);
    const {
      'res/conv1': before,
      'res/conv2': conv,
      'res/add': sum,
      res,
    } = intermediates(model, x, ['res/conv1', 'res/conv2', 'res/add', 'res']);
    const block = [...model.children()].find(([name]) => name === 'res')![1];
    const conv2 = new Map((block as ReturnType<typeof residual>).children()).get('conv2')!;
    expect(numbers(conv)).toEqual(numbers(conv2.call(before, new Context())));
    const whole = intermediates(model, x, ['block']).block;
    numbers(sum).forEach((value, i) => expect(value).toBeCloseTo(numbers(conv)[i]! + numbers(whole)[i]!, 12));
    numbers(res).forEach((value, i) => expect(value).toBeCloseTo(Math.max(0, numbers(sum)[i]!), 12)); // float64, one rounding apart at most
  });

  test('of a graph: the second call of a shared layer, and only the inputs that matter', () => {
    const [a, b, tower] = [input([2]), input([2]), dense({ units: 2, activation: 'tanh' })];
    const model = graph({ inputs: { a, b }, outputs: connect([a.to(['tower', tower]), b.to(tower)], add()) });
    model.build(model.inputShape, 1);
    const x = { a: waves([3, 2]), b: waves([3, 2], 1) };
    expect(numbers(submodel(model, 'tower').call(x))).toEqual(numbers(tower.call(x.a)));
    expect(numbers(submodel(model, 'tower:2').call(x))).toEqual(numbers(tower.call(x.b)));
  });

  test('what is not there is answered with the nearest name', () => {
    expect(() => submodel(deep(), 'block/rleu')).toThrow('submodel: nothing is called "block/rleu"; did you mean block/relu?');
    expect(() => intermediates(deep(), waves([1, 4, 4, 2]), ['stm'])).toThrow('intermediates: nothing is called "stm"; did you mean stem?');
    expect(() => submodel(flatten(), 'x')).toThrow('submodel: flatten does not say how its parts are connected; sequential,');
    expect(() => intermediates(deep(), waves([1, 4, 4, 2]), [])).toThrow("intermediates: paths: expected a list of paths of layers, e.g. ['conv1']");
  }); // prettier-ignore
});

describe('intermediates', () => {
  test('gives several values of one run, and leaves nothing else behind', () => {
    const model = deep();
    const x = waves([2, 4, 4, 2]);
    scope(() => void model.call(x)); // keeps what convNorm folds into its filters
    const before = memory().tensors;
    const given = intermediates(model, x, ['stem', 'block/relu', 'block/conv', 'dense', 'head']);
    expect(memory().tensors - before).toBe(5);
    for (const [path, value] of Object.entries(given)) expect(numbers(value)).toEqual(observed(model, x, path));
  });

  test('lets gradients through: a loss of features', () => {
    const model = deep();
    const { gradients } = scope(() =>
      valueAndGrad((x) => intermediates(model, x, ['block/relu'])['block/relu'].sum(), [waves([1, 4, 4, 2])]),
    );
    expect(numbers(gradients[0]!).some((value) => value !== 0)).toBe(true);
  });
});

describe('replaceLayer', () => {
  test('gives a trained network a new head, and shares the rest', () => {
    const model = deep();
    const other = replaceLayer(model, 'head', dense({ units: 7 }), { seed: 5 });
    const x = waves([2, 4, 4, 2]);
    expect(other.call(x).shape).toEqual([2, 7]);
    expect(model.call(x).shape).toEqual([2, 4]);
    expect(parametersOf(other)[0]!.cell).toBe(parametersOf(model)[0]!.cell);
    expect(parametersOf(other).map(({ path }) => path)).toEqual(parametersOf(model).map(({ path }) => path));
    const fresh = sequential([['head', dense({ units: 7 })]]);
    fresh.build([7], 5);
    expect(numbers(parametersOf(other).find(({ path }) => path === 'head/kernel')!.cell.value)).toEqual(numbers(parametersOf(fresh)[0]!.cell.value));
    expect(other.inputShape).toEqual([4, 4, 2]);
  }); // prettier-ignore

  test.each(['block/conv', 'res/conv1', 'inception/left/a', 'dense/grow'])('inside a container: %s', (path) => {
    const model = deep();
    const filters = path === 'inception/left/a' || path === 'dense/grow' ? 2 : 3;
    const other = replaceLayer(model, path, conv2d({ filters, kernelSize: 1, activation: 'tanh' }), { seed: 9 });
    expect(other.call(waves([2, 4, 4, 2])).shape).toEqual([2, 4]);
    expect(parametersOf(other).find((named) => named.path === `${path}/kernel`)!.cell).not.toBe(parametersOf(model).find((named) => named.path === `${path}/kernel`)?.cell);
  }); // prettier-ignore

  test('a layer with weights keeps them', () => {
    const head = dense({ units: 2 });
    head.build([7], 3);
    const before = numbers(head.kernel!.value);
    replaceLayer(deep(), 'head', head);
    expect(numbers(head.kernel!.value)).toEqual(before);
  });

  test('in a graph, at all places of a shared layer', () => {
    const [x, shared] = [input([3]), dense({ units: 3 })];
    const model = graph({ inputs: x, outputs: x.to(['shared', shared], activation('relu'), shared) });
    model.build([3], 1);
    const other = replaceLayer(model, 'shared', activation('tanh'));
    const given = waves([1, 3]);
    numbers(other.call(given)).forEach((value, i) => expect(value).toBeCloseTo(Math.tanh(Math.max(0, Math.tanh(numbers(given)[i]!))), 7)); // the input is float32
  }); // prettier-ignore

  test('mistakes', () => {
    expect(() => replaceLayer(deep(), 'haed', dense({ units: 2 }))).toThrow('replaceLayer: nothing is called "haed"; did you mean head?');
    expect(() => replaceLayer(deep(), 'stem', conv2d({ filters: 5, kernelSize: 1 }))).toThrow('block/conv: conv2d: filter expects 3 input channels, input [1,4,4,5] has 5; the layer has weights already, for another input');
    expect(() => replaceLayer(deep(), 'head', 3 as never)).toThrow('replaceLayer: layer: expected a layer, got 3');
  }); // prettier-ignore
});

test('buildMissing draws the weights of new layers alone', () => {
  const features = sequential([dense({ units: 3 })]);
  features.build([2], 1);
  const before = numbers(parametersOf(features)[0]!.cell.value);
  const model = sequential([['features', features], ['head', dense({ units: 4 })]]); // prettier-ignore
  expect(buildMissing(model, [2], 7)).toEqual([4]);
  expect(numbers(parametersOf(features)[0]!.cell.value)).toEqual(before);
  expect(model.inputShape).toEqual([2]);
  const x = input([2]);
  const written = graph({ inputs: x, outputs: x.to(features, ['head', dense({ units: 4 })]) });
  buildMissing(written, [2], 7);
  expect(numbers(written.call(waves([1, 2])))).toEqual(numbers(model.call(waves([1, 2]))));
});
