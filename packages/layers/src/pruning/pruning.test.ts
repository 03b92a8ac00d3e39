import type { Shape, Tensor } from '@sinapse/core';
import { Context, freeze, parametersOf, scope, statesOf, tensor, use, valueAndGrad, walk } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Dense, Layer } from '../index.ts';
import {
  activation,
  add,
  batchNorm,
  connect,
  conv1d,
  conv2d,
  convNorm,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  globalMaxPool1d,
  graph,
  initializers,
  input,
  maxPool2d,
  pruneUnits,
  pruned,
  pruneWeights,
  residual,
  sequential,
  summary,
  unitScores,
} from '../index.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

const numbers = (x: Tensor): number[] => [...x.dataSync()];
const waves = (shape: Shape, phase = 0): Tensor =>
  tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + phase)), { shape }); // prettier-ignore
const biasInitializer = initializers.normal({ deviation: 0.5 });

/** Gives all parameters and states values that no build gives. */
function stirred<M extends Layer>(model: M): M {
  for (const { cell } of walk(model)) cell.assign(cell.value.mul(0.9).add(0.05));
  return model;
}

/** A model, and the path of the layer to be pruned, for each way from units to their readers. */
const models: readonly (readonly [string, string, Shape, () => Layer])[] = [
  ['dense to dense', 'hidden', [3], () => sequential([['hidden', dense({ units: 5, activation: 'sigmoid', biasInitializer })], dropout({ rate: 0.5 }), dense({ units: 2 })])],
  ['dense, normalised', 'hidden', [3], () => sequential([['hidden', dense({ units: 5 })], batchNorm({ activation: 'tanh' }), activation('relu'), dense({ units: 2 })])],
  ['conv2d to conv2d', 'conv', [5, 5, 2], () => sequential([['conv', conv2d({ filters: 4, kernelSize: 3, biasInitializer })], batchNorm(), maxPool2d(), conv2d({ filters: 2, kernelSize: 1 }), flatten()])],
  ['conv1d to conv1d', 'conv', [6, 2], () => sequential([['conv', conv1d({ filters: 4, kernelSize: 3, biasInitializer })], globalMaxPool1d(), dense({ units: 2 })])],
  ['conv2d to dense, flattened', 'conv', [4, 4, 1], () => sequential([['conv', conv2d({ filters: 3, kernelSize: 3, biasInitializer })], flatten(), dropout({ rate: 0.1 }), dense({ units: 2 })])],
  ['convNorm to convNorm', 'block/conv', [4, 4, 2], () => sequential([['block', sequential([['conv', convNorm({ filters: 4, kernelSize: 3, activation: 'relu' })]])], convNorm({ filters: 2, kernelSize: 2 }), globalAvgPool2d()])],
  ['inside a residual block', 'res/conv1', [4, 4, 2], () => sequential([['res', residual([['conv1', conv2d({ filters: 5, kernelSize: 3, padding: 'same', biasInitializer })], ['conv2', conv2d({ filters: 2, kernelSize: 1 })]])], globalAvgPool2d()])],
  ['read by two', 'hidden', [3], () => { const x = input([3]); const h = x.to(['hidden', dense({ units: 5, biasInitializer })]); return graph({ inputs: x, outputs: connect([h.to(dense({ units: 2 })), h.to(activation('tanh'), dense({ units: 2 }))], add()) }); }],
]; // prettier-ignore

describe.each(models)('units of %s', (_, path, inputShape, make) => {
  const built = (): Layer => {
    const model = make();
    model.build(inputShape, 3);
    return stirred(model);
  };

  test('the smaller model computes what the larger one does when nothing reads the units', async () => {
    const model = built();
    const x = waves([2, ...inputShape]);
    const scores = (await unitScores(model, path)).map((__, unit) => (unit === 1 || unit === 2 ? 0 : 1));
    const smaller = await pruneUnits(model, path, { count: 2, scores });
    // The outputs with units 1 and 2 taken out one inside the other: at each call of the outer measure the inner one sees all of the model, and then the
    // model without each of its units.
    const seen: number[][] = [];
    const look = (it: Layer): number => (seen.push(numbers(scope(() => it.call(x, new Context())))), 0);
    await unitScores(model, path, async (once) => (await unitScores(once, path, look), 0));
    const [outer, inner] = [1 + 1, 1 + 2];
    const expected = seen[outer * (scores.length + 1) + inner]!;
    numbers(smaller.call(x, new Context())).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12)); // sums of fewer terms, in float64
    const paths = parametersOf(model).map((named) => named.path);
    expect(parametersOf(smaller).map((named) => named.path)).toEqual(paths);
  });

  test('the given model stays as it is', async () => {
    const model = built();
    const before = walk(model).map(({ cell }) => numbers(cell.tensor));
    await unitScores(model, path, () => 1);
    await pruneUnits(model, path, { share: 0.4 });
    expect(walk(model).map(({ cell }) => numbers(cell.tensor))).toEqual(before);
  });
});
describe('pruneUnits', () => {
  test('removes the units whose weights are smallest, and keeps what is frozen frozen', async () => {
    const model = sequential([['hidden', dense({ units: 4 })], ['out', dense({ units: 1 })]]); // prettier-ignore
    model.build([2], 1);
    (model.layers.get('hidden') as Dense).kernel!.assign(tensor([[1, -5, 0.1, 2], [1, 5, -0.1, 0]])); // prettier-ignore
    freeze(model, 'hidden');
    expect(await unitScores(model, 'hidden')).toEqual([2, 10, expect.closeTo(0.2, 6) as number, 2]);
    const smaller = await pruneUnits(model, 'hidden', { share: 0.5 });
    const hidden = smaller.layers.get('hidden') as Dense;
    expect([hidden.units, numbers(hidden.kernel!.value), hidden.kernel!.trainable]).toEqual([2, [-5, 2, 5, 0], false]);
    expect(summary(smaller, [2])).toMatchObject({ trainable: 3, nonTrainable: 6 });
  });

  test('by an external criterion: how much the measure rises without the unit', async () => {
    const model = sequential([['hidden', dense({ units: 3, useBias: false })], ['out', dense({ units: 1, useBias: false })]]); // prettier-ignore
    model.build([1], 1);
    (model.layers.get('hidden') as Dense).kernel!.assign(tensor([[9, 1, 1]]));
    (model.layers.get('out') as Dense).kernel!.assign(tensor([[0.01], [2], [-1]]));
    // With x = 1 the output is 0.09 + 2 - 1; the target is 1, so the squared error is 0.0081. Without each unit: 0; 3.6481; 1.1881.
    const error = (it: Layer): number => scope(() => (it.call(tensor([[1]]), new Context()).dataSync()[0]! - 1) ** 2);
    const scores = await unitScores(model, 'hidden', error);
    [0 - 0.0081, 3.6481 - 0.0081, 1.1881 - 0.0081].forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 6)); // float32 weights
    const smaller = await pruneUnits(model, 'hidden', { count: 1, scores });
    expect(error(smaller)).toBeCloseTo(0, 6);
  });

  const built = (layers: Parameters<typeof sequential>[0], shape: Shape) => {
    const model = sequential(layers);
    model.build(shape, 1);
    return model;
  };
  test.each<[string, () => Promise<unknown>, string]>([
    ['the last layer', () => pruneUnits(built([dense({ units: 3 })], [2]), 'dense1', { count: 1 }), 'pruneUnits: the units of dense1 are what the model gives; none of them can be removed'],
    ['units that are added', () => pruneUnits(built([['res', residual([['a', dense({ units: 2 })]])], dense({ units: 1 })], [2]), 'res/a', { count: 1 }), 'pruneUnits: the units of res/a are read by res/add (add), which needs all of them'],
    ['softmax behind', () => pruneUnits(built([dense({ units: 3 }), activation('softmax'), dense({ units: 1 })], [2]), 'dense1', { count: 1 }), 'pruneUnits: activation1 has the activation softmax, which may need all units'],
    ['an activation of one’s own', () => pruneUnits(built([dense({ units: 3, activation: (x) => x }), dense({ units: 1 })], [2]), 'dense1', { count: 1 }), 'pruneUnits: dense1 has an activation of your own'],
    ['a layer without units', () => unitScores(built([flatten(), dense({ units: 1 })], [2, 2]), 'flatten1'), 'unitScores: flatten1 is flatten; units of dense, conv1d to conv3d and convNorm without groups can be removed'],
    ['no layer', () => unitScores(built([['hidden', dense({ units: 3 })], dense({ units: 1 })], [2]), 'hiden'), 'unitScores: nothing is called "hiden"; did you mean hidden?'],
    ['all units', () => pruneUnits(built([dense({ units: 3 }), dense({ units: 1 })], [2]), 'dense1', { count: 3 }), 'pruneUnits: of the 3 units of dense1 at least one must stay, not 3 less'],
    ['neither count nor share', () => pruneUnits(built([dense({ units: 3 }), dense({ units: 1 })], [2]), 'dense1', {}), 'pruneUnits: give count or share'],
    ['scores of another layer', () => pruneUnits(built([dense({ units: 3 }), dense({ units: 1 })], [2]), 'dense1', { count: 1, scores: [1] }), 'pruneUnits: 1 scores for 3 units'],
    ['a model that is not built', () => unitScores(sequential([dense({ units: 1 })]), 'dense1'), 'unitScores: the model must be a sequential or a graph that is built'],
  ])('%s', async (_, mistake, message) => expect(mistake).rejects.toThrow(message)); // prettier-ignore

  test('a reader that elsewhere reads something else is refused', async () => {
    const [x, shared] = [input([3]), dense({ units: 2 })];
    const model = graph({ inputs: x, outputs: connect([x.to(['shared', shared]), x.to(['hidden', dense({ units: 3 })], shared)], add()) });
    model.build([3], 1);
    await expect(pruneUnits(model, 'hidden', { count: 1 })).rejects.toThrow('the units of hidden are read by shared (dense), which needs all of them');
  }); // prettier-ignore
});

describe('pruneWeights', () => {
  const model = () => {
    const it = sequential([['a', dense({ units: 2, useBias: false })], ['b', dense({ units: 2 })]]); // prettier-ignore
    it.build([2], 1);
    (it.layers.get('a') as Dense).kernel!.assign(tensor([[1, -2], [3, -4]])); // prettier-ignore
    (it.layers.get('b') as Dense).kernel!.assign(tensor([[10, 20], [30, 40]])); // prettier-ignore
    return it;
  };
  const masks = (it: Layer): number[][] => statesOf(it).map(({ cell }) => numbers(cell.value));

  test('holds the smallest weights of each layer at 0, or of all layers together', async () => {
    const it = model();
    expect(masks(await pruneWeights(it, { share: 0.5 }))).toEqual([[0, 0, 1, 1], [0, 0, 1, 1]]); // prettier-ignore
    expect(masks(await pruneWeights(it, { share: 0.5, among: 'model' }))).toEqual([[0, 0, 0, 0], [1, 1, 1, 1]]); // prettier-ignore
    expect(masks(await pruneWeights(it, { share: 0.5, layers: 'b' }))).toEqual([[0, 0, 1, 1]]);
    expect(statesOf(it)).toEqual([]);
  });

  test('computes with 0 in their place, and gives them no gradient', async () => {
    const it = await pruneWeights(model(), { share: 0.5, layers: 'a' });
    expect(walk(it).map(({ path }) => path)).toEqual(['a/kernel', 'a/kernelMask', 'b/kernel', 'b/bias']);
    const x = tensor([[1, 1]]);
    // [1, 1] · [[0, 0], [3, -4]] = [3, -4]; · [[10, 20], [30, 40]] = [-90, -100]
    expect(numbers(it.call(x))).toEqual([-90, -100]);
    const cells = parametersOf(it).map(({ cell }) => cell);
    const { gradients } = scope(() => valueAndGrad(() => it.call(x, new Context({ training: true })).sum(), cells));
    expect(numbers(gradients[0]!)).toEqual([0, 0, 30, 70]);
  });

  test('prunes further: what was held at 0 counts among the smallest', async () => {
    const once = await pruneWeights(model(), { share: 0.25, layers: 'a' });
    (once.layers.get('a') as ReturnType<typeof pruned>).layer.call(tensor([[1, 1]]), new Context());
    parametersOf(once)[0]!.cell.assign(tensor([[100, -2], [3, -4]])); // prettier-ignore
    expect(masks(await pruneWeights(once, { share: 0.5, layers: 'a' }))).toEqual([[0, 0, 1, 1]]);
  });

  test('mistakes', async () => {
    await expect(pruneWeights(model(), { share: 1 })).rejects.toThrow('pruneWeights: share: expected a number within [0, 1), got 1');
    await expect(pruneWeights(model(), { share: 0.5, layers: 'ab' })).rejects.toThrow('pruneWeights: nothing is named "ab"; did you mean a?');
    await expect(pruneWeights(flatten(), { share: 0.5 })).rejects.toThrow('pruneWeights: the model has no parameters');
    expect(() => pruned(pruned(flatten()))).toThrow('pruned: the layer is pruned already');
  }); // prettier-ignore
});
