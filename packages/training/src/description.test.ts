// A model is described as data and made again from them.

import type { Context, LayerCall, Shape, Tensor } from '@sinapse/core';
import { memory, meta, parametersOf, tensor, use, withBackend } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { activation, activationNames, allLayers, dense, flatten, initializers, residual, sequential } from '@sinapse/layers';
import { beforeEach, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOf } from '../test/tiny.ts';
import type { Description, Json, LayerFunctions } from './index.ts';
import { decodeModel, describeModel, encodeModel, loadWeights, modelFrom, openModel, predict, TrainingError } from './index.ts';

beforeEach(() => void use(poisoned()));

/** The shape of one input. */
const image: Shape = [8, 8, 2];

const wrapped = (layer: Layer) => {
  const model = sequential([['it', layer]]);
  model.build(image, 3);
  return model;
};

test('a description is plain JSON that reads like the call', () => {
  const model = sequential([['hidden', dense({ units: 3, activation: 'relu' })], flatten()]);
  expect(describeModel(model)).toEqual({
    layer: 'sequential',
    arguments: [
      [
        ['hidden', { layer: 'dense', arguments: [{ units: 3, activation: 'relu', useBias: true }] }],
        ['flatten1', { layer: 'flatten', arguments: [] }],
      ],
    ],
  });
});

test.each(activationNames)('the activation %s is described by its name', (name) => {
  expect(describeModel(modelFrom(describeModel(activation(name)), allLayers))).toEqual({ layer: 'activation', arguments: [name] });
});

describe('a layer of one’s own', () => {
  class Scale implements Layer {
    readonly type = 'scale';
    private readonly _options: { readonly factor: number; readonly inner?: Layer };
    constructor(options: { readonly factor: number; readonly inner?: Layer }) {
      this._options = options;
    }
    build(inputShape: Shape): Shape {
      return inputShape;
    }
    call(x: Tensor, _context: Context): Tensor {
      return x.mul(this._options.factor);
    }
    describe(): LayerCall {
      return { layer: 'scale', arguments: [this._options] };
    }
  }
  const scale = (options: { factor: number; inner?: Layer }): Scale => new Scale(options);

  test('is opened by whoever gives its function', async () => {
    const model = sequential([scale({ factor: 3, inner: dense({ units: 1 }) })]);
    model.build([2], 1);
    const file = await encodeModel(model);
    const { model: opened } = openModel(file, { ...allLayers, scale });
    expect((await predict(opened, tensor([[1, 2]]))).data).toEqual(Float32Array.of(3, 6));
    expect(() => openModel(file, { ...allLayers, scales: scale })).toThrow(
      'scale1: the layer scale is not among the functions given to make it; did you mean scales?',
    );
  });

  test('a model that its own function makes is described by that function', async () => {
    const mine = ({ units }: { units: number }): Layer =>
      sequential([dense({ units, activation: (x) => x.mul(2) })], { madeBy: { layer: 'mine', arguments: [{ units }] } });
    const model = mine({ units: 2 });
    model.build([3], 1);
    const { model: opened, card } = openModel(await encodeModel(model), { mine });
    expect(card.architecture).toEqual({ layer: 'mine', arguments: [{ units: 2 }] });
    expect(await predict(opened, tensor([[1, 2, 3]]))).toEqual(await predict(model, tensor([[1, 2, 3]])));
  });
});

describe('what is no data is refused when it is saved:', () => {
  const own = { type: 'mine', build: (shape: Shape) => shape, call: (x: Tensor) => x };
  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;
  const withOption = (option: unknown): Layer => ({ ...own, describe: () => ({ layer: 'mine', arguments: [{ option }] }) });
  test.each<[string, object, RegExp]>([
    [
      'an activation of one’s own',
      sequential([flatten(), residual([['out', dense({ units: 2, activation: (x) => x })]])]),
      /^describeModel: residual1\/out: activation is a function, which is no data; put a function into a layer of your own, .* \{ architecture: null \}$/,
    ],
    ['one of the model', dense({ units: 2, activation: (x) => x }), /^describeModel: the model: activation is a function/],
    [
      'a layer without describe',
      sequential([['mine', own]]),
      /^describeModel: mine \("mine"\) does not describe itself; it needs a method describe\(\)/,
    ],
    ['a model without describe', { call: (x: Tensor) => x }, /^describeModel: the model does not describe itself/],
    ['NaN', withOption(NaN), /: option is NaN, which is no data/],
    ['a date', withOption(new Date(0)), /: option is an object, which is no data/],
    ['a member called layer', withOption({ layer: 1 }), /: option is an object, which is no data/],
    ['a circle', withOption(cyclic), /nested deeper than 64 levels/],
  ])('%s', async (_, model, message) => {
    expect(() => describeModel(model)).toThrow(TrainingError);
    expect(() => describeModel(model)).toThrow(message);
    await expect(encodeModel(model as Layer)).rejects.toThrow(message);
  });

  test('a model that was not built says what is missing', async () => {
    await expect(encodeModel(sequential([flatten()]))).rejects.toThrow(
      'model card: "inputShape" must be a list of at most 8 integers >= 1; it is missing; give the shape of one input',
    );
  });

  test('with architecture null a file holds weights alone', async () => {
    const make = () => wrapped(dense({ units: 2, activation: (x) => x.mul(2) }));
    const file = await encodeModel(make(), { architecture: null });
    expect(() => openModel(file, allLayers)).toThrow('model file: it holds weights alone; make the model yourself');
    const other = make();
    other.build(image, 4);
    loadWeights(other, decodeModel(file).arrays);
    expect(bitsOf(other)).toEqual(bitsOf(make()));
  });
});

describe('a file is compared with its claim before memory is taken:', () => {
  const claim = async (architecture: Description, inputShape: Shape) =>
    encodeModel(wrapped(dense({ units: 2 })), { architecture, inputShape });
  const call = (layer: string, ...given: Json[]): Json => ({ layer, arguments: given });
  test.each<[string, Json, Shape, RegExp]>([
    [
      'a petabyte of weights',
      call('sequential', [['it', call('dense', { units: 2 ** 40 })]]),
      [2 ** 10],
      /^weights: "it\/kernel" has shape \[2,2\], the model's has \[1024,1099511627776\]$/,
    ],
    [
      'more than can be counted',
      call('dense', { units: 2 ** 52 }),
      [2 ** 40],
      /^zeros: shape \[1099511627776,4503599627370496\] is too large$/,
    ],
  ])('%s', async (_, architecture, shape, message) => {
    const file = await claim(architecture as unknown as Description, shape);
    const before = memory();
    expect(() => openModel(file, allLayers)).toThrow(message);
    expect(memory()).toEqual(before);
  });

  test('and its weights are drawn by no initialiser', async () => {
    let drawn = 0;
    const counting: LayerFunctions = {
      ...allLayers,
      dense: (options: { units: number }) =>
        dense({ ...options, kernelInitializer: (shape, key) => (drawn++, initializers.glorotUniform(shape, key)) }),
    };
    const file = await encodeModel(wrapped(dense({ units: 2 })));
    openModel(file, counting);
    expect(drawn).toBe(0);
  });
});

test('a model that was made on meta() takes its weights to the backend in use', async () => {
  const model = wrapped(dense({ units: 2 }));
  const { arrays } = decodeModel(await encodeModel(model));
  const other = withBackend(meta(), () => wrapped(dense({ units: 2 })));
  loadWeights(other, arrays);
  expect(bitsOf(other)).toEqual(bitsOf(model));
  expect(parametersOf(other).every(({ cell }) => cell.value.backend === parametersOf(model)[0]!.cell.value.backend)).toBe(true);
});
