// The conventions of Keras, as TensorFlow.js computes them.

import { readFileSync } from 'node:fs';
import { reference } from '@sinapse/backend-reference';
import { parametersOf, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import type { RecordedArray, RecordedArrays } from '../../layers/test/recorded.ts';
import { recorded } from '../../layers/test/recorded.ts';
import { bidirectional, gru, loadKerasWeights, lstm, simpleRnn } from './index.ts';
import type { Recurrent } from './index.ts';

interface Recording {
  readonly weights: RecordedArrays;
  readonly x: RecordedArray;
  readonly y: RecordedArray;
}

const fixture = new URL('../fixtures/keras.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Record<string, Recording> };

const options = { units: 3, returnSequences: true };
const layers: Readonly<Record<string, () => Recurrent>> = {
  simpleRnn: () => simpleRnn(options),
  lstm: () => lstm(options),
  gru: () => gru({ ...options, resetAfter: false }),
};

beforeAll(() => void use(reference({ precision: 'float64' })));

test.each(Object.keys(layers))('%s', (name) => {
  const { weights, x, y } = cases[name]!;
  const layer = layers[name]!();
  layer.build([4, 2]);
  loadKerasWeights(layer, new Map(Object.entries(weights).map(([key, value]) => [`net/${key}`, value])), 'net/');
  const actual = layer.call(recorded(x)).dataSync();
  // Recorded in float32: four steps of sums of five terms below 1, and functions right to a few roundings.
  y.data.forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThan(64 * 2 ** -24));
});

test('a GRU with reset_after has a bias of two rows, update gate first', () => {
  const layer = gru({ units: 1 });
  layer.build([4, 1]);
  const vector = (...data: number[]) => ({ data, shape: [1, data.length] });
  const bias = { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] };
  loadKerasWeights(layer, new Map(Object.entries({ kernel: vector(7, 8, 9), recurrent_kernel: vector(10, 11, 12), bias })));
  const values = Object.fromEntries(parametersOf(layer.cell).map(({ path, cell }) => [path, Array.from(cell.value.dataSync())]));
  expect(values).toEqual({ kernel: [8, 7, 9], recurrentKernel: [11, 10, 12], bias: [2, 1, 3], recurrentBias: [5, 4, 6] });
  const flat = new Map(
    Object.entries({ kernel: vector(7, 8, 9), recurrent_kernel: vector(10, 11, 12), bias: { data: [1, 2, 3], shape: [3] } }),
  );
  expect(() => loadKerasWeights(layer, flat)).toThrow('loadKerasWeights: bias has one row, so that GRU has reset_after: false');
});

test('both directions have a prefix each', () => {
  const { weights } = cases['lstm']!;
  const layer = bidirectional(lstm(options));
  layer.build([4, 2]);
  const arrays = new Map(['forward', 'backward'].flatMap((direction) => Object.entries(weights).map(([key, value]) => [`${direction}/${key}`, value] as const))); // prettier-ignore
  expect(() => loadKerasWeights(layer, arrays, 'x/')).toThrow('loadKerasWeights: a layer of 2 cells needs a prefix for each');
  loadKerasWeights(layer, arrays, (backward) => (backward ? 'backward/' : 'forward/'));
  const plain = layers['lstm']!();
  plain.build([4, 2]);
  loadKerasWeights(plain, new Map(Object.entries(weights)));
  const x = recorded(cases['lstm']!.x);
  expect([...layer.forward.call(x).dataSync()]).toEqual([...plain.call(x).dataSync()]);
});
