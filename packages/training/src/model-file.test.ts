// A model file gives its weights bit for bit to a model that they fit, and nothing to any other.

import { double } from '@sinapse/backend-testkit';
import { memory, randomKey, RandomStream, State, tensor, use } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { decodeSafetensors, encodeSafetensors } from '@sinapse/formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { mutated, MUTATIONS, readOrRefuse } from '../test/mutations.ts';
import { bitsOf, Linear, Stateful } from '../test/tiny.ts';
import type { ModelCard } from './index.ts';
import { decodeModel, encodeModel, loadWeights, TrainingError } from './index.ts';

beforeAll(() => void use(poisoned()));

const CARD: ModelCard = {
  architecture: { layer: 'stateful', arguments: [{ inputs: 5, layers: [{ units: 3 }], name: null }] },
  inputShape: [5],
  labels: ['Ameise', 'Bär', '猫'],
  preprocessing: { mean: [0.5], flip: false },
  trainedOn: 'clusters',
  metrics: { valAccuracy: 0.975 },
};

describe('a model file', () => {
  test.each([
    ['synchronously', poisoned],
    ['asynchronously', double],
  ])('holds the weights bit by bit, from a backend that reads %s', async (_, backend) => {
    const model = new Stateful(5, 3, 1);
    use(backend());
    const there = new Stateful(5, 3, 1);
    const { card, arrays } = decodeModel(await encodeModel(there, CARD));
    use(poisoned());
    expect(card).toEqual(CARD);
    expect([...arrays.keys()].sort()).toEqual(['inner/bias', 'inner/kernel', 'mean']);
    const other = new Stateful(5, 3, 2);
    expect(bitsOf(other)).not.toEqual(bitsOf(model));
    loadWeights(other, arrays);
    expect(bitsOf(other)).toEqual(bitsOf(model));
  });

  test('is a safetensors file with the paths of the model, which other programs read', async () => {
    const { arrays, metadata } = decodeSafetensors(
      await encodeModel(new Linear(2, 3), { architecture: { layer: 'linear', arguments: [2, 3] }, inputShape: [2] }),
    );
    expect(arrays.get('kernel')).toMatchObject({ dtype: 'float32', shape: [2, 3] });
    expect({ ...metadata }).toEqual({
      format: 'sinapse-model',
      version: '2',
      card: '{"architecture":{"layer":"linear","arguments":[2,3]},"inputShape":[2]}',
    });
  });

  test('holds states of every dtype', async () => {
    const make = () => ({
      call: (x: ReturnType<typeof tensor>) => x,
      a: new State(tensor(Uint8Array.of(1, 255), { shape: [2] })),
      b: new State(tensor([[true], [false]])),
      c: new State(tensor(Int32Array.of(-5), { shape: [] })),
    });
    const { arrays } = decodeModel(await encodeModel(make(), { architecture: null }));
    const other = make();
    other.c.assign(tensor(Int32Array.of(1), { shape: [] }));
    loadWeights(other, arrays);
    expect([await other.a.value.array(), await other.b.value.array(), await other.c.value.array()]).toEqual([
      [1, 255],
      [[true], [false]],
      -5,
    ]);
  });

  test('holds the weights of the moment, whatever is done to them before the bytes are there', async () => {
    use(double());
    const model = new Linear(1, 2);
    model.bias.assign(tensor([1, 2]));
    const encoding = encodeModel(model, { architecture: null });
    model.bias.assign(tensor([3, 4]));
    expect(decodeModel(await encoding).arrays.get('bias')!.data).toEqual(Float32Array.of(1, 2));
    use(poisoned());
  });

  test.each<[string, Partial<Record<keyof ModelCard, unknown>>, string]>([
    ['a metric that is NaN', { metrics: { loss: NaN } }, 'model card.metrics.loss is NaN, which JSON cannot hold'],
    ['a function', { preprocessing: { f: () => 0 } }, 'model card.preprocessing.f is a function, which JSON cannot hold'],
  ])('cannot hold %s', async (_, changes, message) => {
    await expect(encodeModel(new Linear(1, 2), { ...CARD, ...changes } as ModelCard)).rejects.toThrow(new TrainingError(message));
  });
});

describe('what is no model', () => {
  const withCard = (card: string) => encodeSafetensors([], { format: 'sinapse-model', version: '2', card });
  test.each([
    ['another safetensors file', encodeSafetensors([]), 'this file is not a model of Sinapse'],
    [
      'one of the future',
      encodeSafetensors([], { format: 'sinapse-model', version: '9' }),
      'this file is a model of version "9"; this @sinapse/training reads version 2',
    ],
    ['a card that is not JSON', withCard('{'), 'model card is not JSON'],
    ['no architecture', withCard('{}'), 'model card: "architecture" is missing'],
    ['an architecture that is a name', withCard('{"architecture":"a"}'), 'model card: "architecture" must be an object'],
    [
      'an architecture without arguments',
      withCard('{"architecture":{"layer":"a"}}'),
      'model card: "architecture": "arguments" must be a list; it is missing',
    ],
    [
      'no input shape',
      withCard('{"architecture":{"layer":"a","arguments":[]}}'),
      'model card: "inputShape" must be a list of at most 8 integers >= 1; it is missing',
    ],
    [
      'an input past 2^53 values',
      withCard('{"architecture":{"layer":"a","arguments":[]},"inputShape":[134217728,134217728]}'),
      'model card: "inputShape" must be a list of at most 8 integers >= 1; got [134217728,134217728]',
    ],
    ['labels that are numbers', withCard('{"architecture":null,"labels":[1]}'), 'model card: "labels" must be a list of strings; got [1]'],
    [
      'a metric that is a word',
      withCard('{"architecture":null,"metrics":{"loss":"low"}}'),
      'model card: "metrics": "loss" must be a number; got "low"',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeModel(bytes)).toThrow(new TrainingError(message));
  });
});

describe('loadWeights', () => {
  const array = (shape: number[], dtype: NamedArray['dtype'] = 'float32'): NamedArray => {
    const size = shape.reduce((product, length) => product * length, 1);
    return {
      dtype,
      shape,
      data: dtype === 'int32' ? new Int32Array(size) : dtype === 'float64' ? new Float64Array(size) : new Float32Array(size),
    };
  };
  const fitting = () => new Map([['kernel', array([2, 3])], ['bias', array([3])]]); // prettier-ignore

  test.each<[string, (arrays: Map<string, NamedArray>) => void, string]>([
    ['one is missing', (arrays) => arrays.delete('bias'), 'weights: "bias" is missing'],
    [
      'one is named otherwise',
      (arrays) => arrays.set('bais', arrays.get('bias')!).delete('bias'),
      'weights: "bias" is missing; there is "bais", which the model has not',
    ],
    ['one is surplus', (arrays) => arrays.set('gamma\u2028', array([1])), 'weights: the model has no "gamma\\u{2028}"'],
    ['one has another shape', (arrays) => arrays.set('bias', array([1, 3])), 'weights: "bias" has shape [1,3], the model\'s has [3]'],
    [
      'one is of integers',
      (arrays) => arrays.set('bias', { dtype: 'int64', shape: [3], data: new BigInt64Array(3) }),
      'weights: "bias" is int64, the model\'s is float32',
    ],
    ['one has another dtype', (arrays) => arrays.set('bias', array([3], 'int32')), 'weights: "bias" is int32, the model\'s is float32'],
    [
      'one has a dtype that tensors have not',
      (arrays) => arrays.set('bias', array([3], 'float64')),
      'weights: "bias" is float64, the model\'s is float32; Float32Array.from(array.data) rounds it',
    ],
  ])('changes nothing when %s', (_, change, message) => {
    const model = new Linear(2, 3);
    const arrays = fitting();
    change(arrays);
    const before = [bitsOf(model), memory()];
    expect(() => loadWeights(model, arrays)).toThrow(new TrainingError(message));
    expect([bitsOf(model), memory()]).toEqual(before);
  });

  test.each([
    ['float16', [0x3c00, 0x0001, 0xfc00], [1, 2 ** -24, -Infinity]],
    ['bfloat16', [0x3f80, 0x8000, 0x7f80], [1, -0, Infinity]],
  ] as const)('widens %s', (dtype, bits, values) => {
    const model = new Linear(2, 3);
    loadWeights(model, fitting().set('bias', { dtype, shape: [3], data: Uint16Array.from(bits) }));
    expect(model.bias.value.dataSync()).toEqual(Float32Array.from(values));
    expect(model.bias.dtype).toBe('float32');
  });

  test('of long names shows the beginning, and does not compare them letter by letter', () => {
    const long = 'x'.repeat(3_000_000);
    expect(() => loadWeights({ [long]: new Linear(1, 1) }, new Map([[`${long}y`, array([1])]]))).toThrow(
      new TrainingError(`weights: "${'x'.repeat(80)}…" is missing`),
    );
    expect(() => loadWeights(new Linear(2, 3), fitting().set(long, array([1])))).toThrow(`weights: the model has no "${'x'.repeat(80)}…"`);
  });

  test('holds no more than the weights', () => {
    const model = new Linear(2, 3);
    const { bytes, tensors } = memory();
    for (let i = 0; i < 3; i++) loadWeights(model, fitting());
    expect(memory()).toMatchObject({ bytes, tensors });
  });
});

test(`${MUTATIONS} changed model files are read whole or refused, and a model takes all of one or nothing`, async () => {
  const random = new RandomStream(randomKey(4).fold('models'));
  const bytes = await encodeModel(new Stateful(5, 3), CARD);
  const model = new Stateful(5, 3);
  const count = { refused: 0, loaded: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const changed = mutated(bytes, random);
    const before = bitsOf(model);
    const loaded = readOrRefuse(() => {
      const { arrays, card } = decodeModel(changed);
      loadWeights(model, arrays);
      return card;
    });
    if (loaded === undefined) count.refused++;
    else count.loaded++;
    expect(typeof (loaded?.architecture?.layer ?? '')).toBe('string');
    expect(bitsOf(model)).toEqual(loaded === undefined ? before : expect.anything());
  }
  expect(count.loaded).toBeGreaterThan(MUTATIONS / 50);
  expect(count.refused).toBeGreaterThan(MUTATIONS / 3);
});
