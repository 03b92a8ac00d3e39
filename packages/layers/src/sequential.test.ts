import type { Tensor } from '@sinapse/core';
import { Context, SinapseError, memory, ones, parametersOf, scope, use, valueAndGrad, zeros } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import type { Layer } from './layer.ts';
import { maxPool2d } from './max-pool2d.ts';
import { sequential } from './sequential.ts';

beforeEach(() => void use(reference({ poison: true })));

const small = () =>
  sequential([
    conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }),
    maxPool2d(),
    flatten(),
    dense({ units: 4, activation: 'tanh' }),
    ['classifier', dense({ units: 3 })],
  ]);

describe('sequential', () => {
  test('names layers by type and number, and lists their parameters by path', () => {
    const model = small();
    expect([...model.layers.keys()]).toEqual(['conv2d1', 'maxPool2d1', 'flatten1', 'dense1', 'classifier']);
    expect(model.build([6, 6, 1], 1)).toEqual([3]);
    expect(parametersOf(model).map(({ path }) => path)).toEqual([
      'conv2d1/kernel',
      'conv2d1/bias',
      'dense1/kernel',
      'dense1/bias',
      'classifier/kernel',
      'classifier/bias',
    ]);
  });

  test('calls one layer after another', () => {
    const model = small();
    model.build([6, 6, 1], 1);
    const context = new Context();
    let expected = ones([2, 6, 6, 1]);
    for (const layer of model.layers.values()) expected = layer.call(expected, context);
    expect([...model.call(ones([2, 6, 6, 1]), context).dataSync()]).toEqual([...expected.dataSync()]);
  });

  test('a layer keeps its initial values when layers are put before it under other names', () => {
    const last = (model: Layer) => [...parametersOf(model).at(-1)!.cell.value.dataSync()];
    const one = sequential([['out', dense({ units: 3, useBias: false })]]);
    const two = sequential([dense({ units: 2 }), ['out', dense({ units: 3, useBias: false })]]);
    one.build([2], 7);
    two.build([5], 7);
    expect(last(one)).toEqual(last(two));
    const renamed = sequential([['exit', dense({ units: 3, useBias: false })]]);
    renamed.build([2], 7);
    expect(last(renamed)).not.toEqual(last(one));
  });

  test('errors name the whole way to the layer', () => {
    const inner = sequential([['conv', conv2d({ filters: 2, kernelSize: 5 })]]);
    const model = sequential([['block', inner]]);
    expect(() => model.build([4, 4, 1], 1)).toThrow('block/conv: conv2d: a window of 5 by 5 does not fit into the image of [1,4,4,1]');
    expect(() => parametersOf(sequential([['block', sequential([dense({ units: 1 })])]]))).toThrow(
      'block/dense1: dense: has no parameters yet; build the model first',
    );
    model.build([6, 6, 1], 1);
    expect(() => model.call(zeros([1, 6, 6, 3]), new Context())).toThrow(
      'block/conv: conv2d: filter expects 1 input channels, input [1,6,6,3] has 3',
    );
    const broken: Layer = { type: 'broken', build: (shape) => shape, call: () => { throw new TypeError('mine'); } }; // prettier-ignore
    expect(() => sequential([broken]).call(zeros([1]), new Context())).toThrow(new TypeError('mine'));
  });

  test('an observer sees every layer with its path, inner ones first', () => {
    const model = sequential([['block', sequential([dense({ units: 2 }), dense({ units: 3 })])], dense({ units: 1 })]);
    model.build([4], 1);
    const seen: string[] = [];
    const observe = (path: string, layer: object, input: Tensor, output: Tensor) =>
      void seen.push(`${path} ${(layer as Layer).type} ${input.shape.join()} ${output.shape.join()}`);
    model.call(zeros([5, 4]), new Context({ observe }));
    expect(seen).toEqual(['block/dense1 dense 5,4 5,2', 'block/dense2 dense 5,2 5,3', 'block sequential 5,4 5,3', 'dense1 dense 5,3 5,1']);
  });

  test('what an observer returns takes the place of the output', () => {
    const model = sequential([['block', sequential([dense({ units: 2 }), dense({ units: 3 })])], dense({ units: 1 })]);
    model.build([4], 1);
    const [first, second] = ['block/dense1', 'block/dense2'].map((path) => (at: string, _: object, __: unknown, output: unknown) => at === path ? (output as Tensor).mul(2) : undefined); // prettier-ignore
    const [hidden, last] = [model.layers.get('block') as ReturnType<typeof sequential>, model.layers.get('dense1')!];
    const layersOf = [...hidden.layers.values()];
    const x = ones([5, 4]);
    const plain = new Context();
    const afterFirst = last.call(layersOf[1]!.call(layersOf[0]!.call(x, plain).mul(2), plain), plain);
    expect(model.call(x, new Context({ observe: first! })).dataSync()).toEqual(afterFirst.dataSync());
    const afterSecond = last.call(layersOf[1]!.call(layersOf[0]!.call(x, plain), plain).mul(2), plain);
    expect(model.call(x, new Context({ observe: second! })).dataSync()).toEqual(afterSecond.dataSync());
  });

  test('releases what layers make as soon as the next one is done', () => {
    const sizes: number[] = [];
    const wide = (): Layer => ({
      type: 'wide',
      build: (shape) => shape,
      call: (x) => {
        sizes.push(memory().bytes);
        return x.add(1);
      },
    });
    const model = sequential(Array.from({ length: 10 }, wide));
    const x = zeros([1, 1000]);
    const before = memory();
    const y = model.call(x, new Context());
    expect(memory().tensors - before.tensors).toBe(1);
    expect(Math.max(...sizes) - before.bytes).toBe(4000); // the input of the running layer
    expect(y.dataSync()[0]).toBe(10);
  });

  test('keeps what a gradient reads: gradients are those of the layers called by hand', () => {
    const model = small();
    model.build([6, 6, 1], 3);
    const cells = parametersOf(model).map(({ cell }) => cell);
    const x = ones([2, 6, 6, 1]);
    const context = new Context({ training: true, seed: 1 });
    const before = memory().tensors;
    scope(() => {
      const byModel = valueAndGrad(() => model.call(x, context).square().sum(), cells).gradients;
      const byHand = valueAndGrad(
        () =>
          [...model.layers.values()]
            .reduce((h, layer) => layer.call(h, context), x)
            .square()
            .sum(),
        cells,
      ).gradients;
      byModel.forEach((g, i) => expect([...g.dataSync()]).toEqual([...byHand[i]!.dataSync()]));
    });
    expect(memory().tensors).toBe(before);
  });

  test('what a layer keeps of its input outlives the call', () => {
    let kept: Tensor | undefined;
    const keeper: Layer = { type: 'keeper', build: (shape) => shape, call: (x) => ((kept = x.keep()), x.add(1)) };
    const model = sequential([dense({ units: 2 }), keeper]);
    model.build([2], 1);
    model.call(ones([1, 2]), new Context());
    expect(kept!.disposed).toBe(false);
  });

  test('refuses names that clash or cannot stand in a path, and one layer twice', () => {
    const layer = dense({ units: 1 });
    expect(() => sequential([['a', dense({ units: 1 })], ['a', flatten()]])).toThrow('sequential: two layers are named a'); // prettier-ignore
    expect(() => sequential([['a\nb', layer]])).toThrow('"a\\nb" is not a name; names have 1 to 200 visible characters and no /');
    expect(() => sequential([['x'.repeat(201), layer]])).toThrow(`"${'x'.repeat(80)}…" is not a name`);
    expect(() => sequential([['a/b', layer]])).toThrow('sequential: "a/b" is not a name');
    expect(() => sequential([layer, layer])).toThrow('sequential: dense1 and dense2 are one layer');
    expect(() => sequential([layer, layer])).toThrow(SinapseError);
  });

  test('refuses a list without layers, and what is no layer', () => {
    expect(() => sequential([])).toThrow('sequential: expected a list of at least one layer');
    for (const odd of [undefined, null, dense({ units: 1 }), 'dense'])
      expect(() => sequential(odd as never)).toThrow('sequential: expected a list of at least one layer');
    for (const odd of [undefined, null, 'dense', dense, ['name'], ['name', {}], [dense({ units: 1 }), 'name']])
      expect(() => sequential([flatten(), odd as never])).toThrow('sequential: entry 1 of the list must be a layer, or [name, layer]');
  });
});
