// Multi-head attention against PyTorch's, and positions.

import { reference } from '@sinapse/backend-reference';
import { Context, concat, randomNormal, slice, tensor, use, zeros } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordedArray, RecordedArrays } from '../test/recorded.ts';
import { assignRecorded, expectRecorded, recorded, recordingOf } from '../test/recorded.ts';
import { graph } from './graph/graph.ts';
import { connect, input } from './graph/symbolic-tensor.ts';
import { multiHeadAttention } from './multi-head-attention.ts';
import { positionEmbedding } from './position-embedding.ts';
import { positionalEncoding } from './positional-encoding.ts';
import { sequential } from './sequential.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

interface Recording {
  readonly weights: RecordedArrays;
  readonly x: RecordedArray;
  readonly other: RecordedArray;
  readonly padding: RecordedArray;
  readonly self: RecordedArray;
  readonly causal: RecordedArray;
  readonly cross: RecordedArray;
  readonly padded: RecordedArray;
}

const { weights, x, other, padding, ...expected } = recordingOf<{ attention: Recording }>('pytorch-attention.json').attention;

describe('multiHeadAttention is that of PyTorch', () => {
  const make = (causal = false) => {
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 3, causal });
    layer.build([4, 6]);
    assignRecorded(layer, weights);
    return layer;
  };

  test('self-attention', () => expectRecorded(make().call(recorded(x)), expected.self));
  test('causal', () => expectRecorded(make(true).call(recorded(x)), expected.causal));
  test('cross-attention', () => expectRecorded(make().attend(recorded(x), recorded(other)), expected.cross));
  test('with padded keys', () => {
    const mask = recorded(padding).cast('bool');
    expectRecorded(make().attend(recorded(x), recorded(other), new Context(), { padding: mask }), expected.padded);
    const asMask = { mask: mask.reshape([2, 1, 1, 5]) };
    expectRecorded(make().attend(recorded(x), recorded(other), new Context(), asMask), expected.padded);
  });
});

describe('multiHeadAttention', () => {
  const layer = multiHeadAttention({ numHeads: 2, keyDim: 2, causal: true });
  beforeAll(() => void layer.build([5, 4], 1));

  test('causal: what comes later changes nothing before', () => {
    const whole = randomNormal([1, 5, 4], { seed: 1 });
    const changed = concat([slice(whole, [null, { end: 3 }]), zeros([1, 2, 4])], 1);
    const [y, z] = [layer.call(whole).dataSync(), layer.call(changed).dataSync()];
    expect(y.slice(0, 12)).toEqual(z.slice(0, 12));
    expect(y.slice(12)).not.toEqual(z.slice(12));
  });

  test('drops attention weights in training only', () => {
    const dropping = multiHeadAttention({ numHeads: 1, keyDim: 2, dropout: 0.5 });
    dropping.build([3, 2], 1);
    const input = randomNormal([2, 3, 2], { seed: 1 });
    const train = (seed: number) => [...dropping.call(input, new Context({ training: true, seed })).dataSync()];
    expect(train(1)).toEqual(train(1));
    expect(train(1)).not.toEqual(train(2));
    expect([...dropping.call(input).dataSync()]).not.toEqual(train(1));
  });

  test('takes another sequence of other features', () => {
    const cross = multiHeadAttention({ numHeads: 2, keyDim: 2, valueDim: 3, outputDim: 7 });
    expect(cross.build([[5, 4], [9, 2]], 1)).toEqual([5, 7]); // prettier-ignore
    expect(cross.key.kernel!.shape).toEqual([2, 4]);
    const [query, value, key] = [
      randomNormal([1, 5, 4], { seed: 1 }),
      randomNormal([1, 9, 2], { seed: 2 }),
      randomNormal([1, 9, 2], { seed: 3 }),
    ];
    expect([...cross.call([query, value]).dataSync()]).toEqual([...cross.attend(query, value).dataSync()]);
    const withKey = cross.call([query, value, key]).dataSync();
    expect([...withKey]).toEqual([...cross.attend(query, value, new Context(), { key }).dataSync()]);
    expect([...withKey]).not.toEqual([...cross.call([query, value]).dataSync()]);
    const [x, memory] = [input([5, 4]), input([9, 2])];
    const model = graph({ inputs: [x, memory], outputs: connect([x, memory], cross) });
    model.build([[5, 4], [9, 2]], 2); // prettier-ignore
    expect(model.call([query, value]).shape).toEqual([1, 5, 7]);
  });

  test('says in one line what does not fit, with the path', () => {
    expect(() => layer.build([[5, 4], [5]])).toThrow('multiHeadAttention: each example must be [time, features], got [5]'); // prettier-ignore
    expect(() => layer.call([zeros([1, 5, 4])])).toThrow('multiHeadAttention: call: expected a tensor [batch, …], got undefined');
    expect(() => layer.build([5])).toThrow('multiHeadAttention: each example must be [time, features], got [5]');
    expect(() => layer.attend(zeros([2, 5, 4]), zeros([1, 5, 4]))).toThrow(
      'multiHeadAttention: takes [batch, time, features] of one batch, and as many keys as values; got the query [2,5,4], the key [1,5,4] and the value [1,5,4]',
    );
    expect(() => layer.call([1, 2, 3, 4].map(() => zeros([1, 5, 4])))).toThrow('takes a list of a query, a value and a key, got 4');
    const options = { padding: zeros([1, 4], 'bool') };
    expect(() => layer.attend(zeros([1, 5, 4]), zeros([1, 5, 4]), new Context(), options)).toThrow(
      'multiHeadAttention: padding must be bool [1, 5], one for each key, got bool [1,4]',
    );
    const model = sequential([['block', multiHeadAttention({ numHeads: 1, keyDim: 1 })]]);
    model.build([2, 3]);
    expect(() => model.call(zeros([1, 2, 4]))).toThrow('block/query: linear: weight [3,1] expects 3 features');
    expect(() => multiHeadAttention({ numHeads: 1 } as never)).toThrow('multiHeadAttention: keyDim');
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 1, kernelRegularizer: { l3: 1 } } as never)).toThrow('l3 is no option');
  });
});

describe('positions', () => {
  test('positionalEncoding adds sines and cosines of all wavelengths', () => {
    const y = positionalEncoding()
      .call(zeros([2, 7, 5]))
      .dataSync();
    for (const [n, position, i] of [
      [0, 0, 0],
      [0, 3, 1],
      [1, 6, 2],
      [1, 5, 3],
      [0, 4, 4],
    ] as const) {
      const angle = position / 10_000 ** ((i - (i % 2)) / 5); // prettier-ignore
      expect(y[(n * 7 + position) * 5 + i]).toBeCloseTo(i % 2 === 0 ? Math.sin(angle) : Math.cos(angle), 6);
    }
  });

  test('positionalEncoding follows the length of the sequence, and the backend', () => {
    const layer = positionalEncoding();
    const at = (time: number) => [...layer.call(zeros([1, time, 2])).dataSync()];
    const [long, short] = [at(3), at(2)];
    expect(short).toEqual(long.slice(0, 4));
    use(reference({ precision: 'float64' }));
    expect(at(2)).toEqual(short);
  });

  test('positionEmbedding adds its rows, as many as the sequence has', () => {
    const layer = positionEmbedding({ length: 3 });
    expect(layer.build([2, 2])).toEqual([2, 2]);
    layer.embeddings!.assign(tensor([[1, 2], [3, 4], [5, 6]])); // prettier-ignore
    expect([...layer.call(zeros([2, 2, 2]).add(1)).dataSync()]).toEqual([2, 3, 4, 5, 2, 3, 4, 5]);
    expect(() => layer.call(zeros([1, 4, 2]))).toThrow(
      'positionEmbedding: built for sequences of at most 3 positions, [time, 2], got [4,2]',
    );
    expect(() => positionEmbedding({ length: 2 }).build([3, 2])).toThrow('at most 2 positions');
  });
});
