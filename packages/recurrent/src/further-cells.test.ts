// Cells and layers that PyTorch does not have, against their formulas in plain numbers, and the loop over steps against the kernels of sequences.

import { reference } from '@sinapse/backend-reference';
import { checkGradients } from '@sinapse/backend-testkit';
import type { Parameter, Tensor } from '@sinapse/core';
import { concat, flip, parametersOf, randomNormal, scope, use } from '@sinapse/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { convLstmCell, gru, gruCell, layerNormLstmCell, lstm, lstmCell, multiDimensionalLstm, rnn, simpleRnn } from './index.ts';

beforeEach(() => void use(reference({ precision: 'float64' })));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
type Vector = readonly number[];
const vector = (tensor: Tensor | Parameter): number[] => [...('value' in tensor ? tensor.value : tensor).dataSync()];
const vectors = <const T extends readonly Parameter[]>(...of: T): { readonly [K in keyof T]: Vector } =>
  of.map(vector) as unknown as { readonly [K in keyof T]: Vector };
const dot = (x: Vector, matrix: Vector, column: number, columns: number): number =>
  x.reduce((total, value, row) => total + value * matrix[row * columns + column]!, 0);

const expectClose = (actual: Vector, expected: Vector): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-12));
};

/** Gives every parameter random values, so that no bias is 0 and no scale 1. */
function randomise(model: object): void {
  scope(() => parametersOf(model).forEach(({ cell }, i) => cell.assign(randomNormal(cell.shape, { seed: 50 + i }))));
}

const [units, features] = [3, 2];
const inputs = (): { x: Tensor; h: Tensor; c: Tensor } => ({
  x: randomNormal([1, features], { seed: 1 }),
  h: randomNormal([1, units], { seed: 2 }),
  c: randomNormal([1, units], { seed: 3 }),
});

test('an LSTM with peepholes', () => {
  const cell = lstmCell({ units, peepholes: true });
  cell.build([features]);
  randomise(cell);
  const given = inputs();
  const [vx, vh, vc] = [vector(given.x), vector(given.h), vector(given.c)];
  const [w, u, b, p] = vectors(cell.kernel!, cell.recurrentKernel!, cell.bias!, cell.peepholes!);
  const sum = (gate: number, k: number): number =>
    dot(vx, w, gate * units + k, 4 * units) + dot(vh, u, gate * units + k, 4 * units) + b[gate * units + k]!;
  const memory = vc.map(
    (value, k) => sigmoid(sum(1, k) + p[units + k]! * value) * value + sigmoid(sum(0, k) + p[k]! * value) * Math.tanh(sum(2, k)),
  );
  const { y, state } = cell.step(given.x, [given.h, given.c]);
  expectClose(vector(state[1]!), memory);
  expectClose(
    vector(y),
    memory.map((value, k) => sigmoid(sum(3, k) + p[2 * units + k]! * value) * Math.tanh(value)),
  );
});

test('a GRU whose reset gate comes before the product', () => {
  const cell = gruCell({ units, resetAfter: false });
  cell.build([features]);
  randomise(cell);
  const given = inputs();
  const [vx, vh] = [vector(given.x), vector(given.h)];
  const [w, u, b] = vectors(cell.kernel!, cell.recurrentKernel!, cell.bias!);
  const ofInput = (gate: number, k: number): number => dot(vx, w, gate * units + k, 3 * units) + b[gate * units + k]!;
  const gate = (which: number): number[] => vh.map((_, k) => sigmoid(ofInput(which, k) + dot(vh, u, which * units + k, 3 * units)));
  const [r, z] = [gate(0), gate(1)];
  const reset = vh.map((value, k) => r[k]! * value);
  const candidate = vh.map((_, k) => Math.tanh(ofInput(2, k) + dot(reset, u, 2 * units + k, 3 * units)));
  expectClose(
    vector(cell.step(given.x, [given.h]).y),
    vh.map((value, k) => (1 - z[k]!) * candidate[k]! + z[k]! * value),
  );
});

const normalised = (values: Vector, epsilon: number): number[] => {
  const mean = values.reduce((a, value) => a + value, 0) / values.length;
  const variance = values.reduce((a, value) => a + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance + epsilon));
};

test('an LSTM with layer normalisation', () => {
  const epsilon = 1e-3;
  const cell = layerNormLstmCell({ units, epsilon });
  cell.build([features]);
  randomise(cell);
  const given = inputs();
  const [vx, vh, vc] = [vector(given.x), vector(given.h), vector(given.c)];
  const { kernel, recurrentKernel, bias, inputScale, recurrentScale, memoryScale, memoryOffset } = cell;
  const [w, u, b, ofX, ofH, ofC, offset] = vectors(
    kernel!,
    recurrentKernel!,
    bias!,
    inputScale!,
    recurrentScale!,
    memoryScale!,
    memoryOffset!,
  );
  const all = Array.from({ length: 4 * units }, (_, k) => k);
  const [nx, nh] = [
    normalised(
      all.map((k) => dot(vx, w, k, 4 * units)),
      epsilon,
    ),
    normalised(
      all.map((k) => dot(vh, u, k, 4 * units)),
      epsilon,
    ),
  ];
  const gates = all.map((k) => nx[k]! * ofX[k]! + nh[k]! * ofH[k]! + b[k]!);
  const memory = vc.map((value, k) => sigmoid(gates[units + k]!) * value + sigmoid(gates[k]!) * Math.tanh(gates[2 * units + k]!));
  const shownMemory = normalised(memory, epsilon).map((value, k) => Math.tanh(value * ofC[k]! + offset[k]!));
  const { y, state } = cell.step(given.x, [given.h, given.c]);
  expectClose(vector(state[1]!), memory);
  expectClose(
    vector(y),
    shownMemory.map((value, k) => sigmoid(gates[3 * units + k]!) * value),
  );
});

test('a convolutional LSTM of single pixels is an LSTM for each pixel', () => {
  const cell = convLstmCell({ filters: units, kernelSize: 1 });
  const plain = lstmCell({ units });
  cell.build([2, 2, features]);
  plain.build([features]);
  randomise(cell);
  (['kernel', 'recurrentKernel', 'bias'] as const).forEach((name) => plain[name]!.assign(cell[name]!.value.reshape(plain[name]!.shape)));
  const images = randomNormal([3, 4, 2, 2, features], { seed: 4 });
  const [ofImages, ofPixels] = [rnn(cell, { returnSequences: true }), rnn(plain, { returnSequences: true })];
  const pixels = images.transpose([0, 2, 3, 1, 4]).reshape([12, 4, features]);
  const expected = ofPixels.call(pixels).reshape([3, 2, 2, 4, units]).transpose([0, 3, 1, 2, 4]);
  expectClose(vector(ofImages.call(images)), vector(expected));
});

test('a convolutional LSTM sees the neighbours of a pixel after one step', async () => {
  const layer = rnn(convLstmCell({ filters: 2 }));
  expect(layer.build([2, 3, 3, 1], 1)).toEqual([3, 3, 2]);
  const cells = parametersOf(layer).map(({ cell }) => cell);
  await checkGradients((images: Tensor) => layer.call(images), [randomNormal([2, 2, 3, 3, 1], { seed: 6 }), ...cells], { elements: 4 });
});

describe('a multi-dimensional LSTM', () => {
  /** The same network, pixel by pixel. */
  const pixelByPixel = (
    image: (row: number, column: number) => Vector,
    height: number,
    width: number,
    [w, above, beside, b]: readonly Vector[],
  ): Vector[] => {
    const states = new Map<string, { h: Vector; c: Vector }>();
    const none = { h: [0, 0], c: [0, 0] };
    const outputs: Vector[] = [];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [up, side] = [states.get(`${row - 1},${column}`) ?? none, states.get(`${row},${column - 1}`) ?? none];
        const gate = (which: number, k: number): number => {
          const at = which * 2 + k;
          return dot(image(row, column), w!, at, 10) + dot(up.h, above!, at, 10) + dot(side.h, beside!, at, 10) + b![at]!;
        };
        const next = [0, 1].map(
          (k) => sigmoid(gate(0, k)) * Math.tanh(gate(3, k)) + sigmoid(gate(1, k)) * up.c[k]! + sigmoid(gate(2, k)) * side.c[k]!,
        );
        const shown = next.map((value, k) => sigmoid(gate(4, k)) * Math.tanh(value));
        states.set(`${row},${column}`, { h: shown, c: next });
        outputs.push(shown);
      }
    }
    return outputs;
  };

  test.each([
    [3, 4],
    [4, 2],
    [1, 3],
    [3, 1],
  ])('reads %i by %i pixels as one does that goes from pixel to pixel', (height, width) => {
    const layer = multiDimensionalLstm({ units: 2, directions: 1 });
    expect(layer.build([height, width, 1], 1)).toEqual([height, width, 2]);
    randomise(layer);
    const image = randomNormal([1, height, width, 1], { seed: 7 });
    const values = vector(image);
    const weights = parametersOf(layer).map(({ cell }) => vector(cell));
    const expected = pixelByPixel((row, column) => [values[row * width + column]!], height, width, weights);
    expectClose(vector(layer.call(image)), expected.flat());
  });

  test('reads from four corners, each with its own weights', () => {
    const [four, one] = [multiDimensionalLstm({ units: 2 }), multiDimensionalLstm({ units: 2, directions: 1 })];
    expect(four.build([3, 4, 2], 1)).toEqual([3, 4, 8]);
    one.build([3, 4, 2], 1);
    randomise(four);
    const image = randomNormal([2, 3, 4, 2], { seed: 8 });
    const corners = [[], [2], [1], [1, 2]].map((axes, corner) => {
      parametersOf(one).forEach(({ cell }, i) => cell.assign(parametersOf(four)[4 * corner + i]!.cell.value));
      const turn = (x: Tensor): Tensor => (axes.length === 0 ? x : flip(x, axes));
      return turn(one.call(turn(image)));
    });
    expectClose(vector(four.call(image)), vector(concat(corners, 3)));
  });

  test('has the gradients that differences say', async () => {
    const layer = multiDimensionalLstm({ units: 2 });
    layer.build([2, 3, 1], 1);
    const cells = parametersOf(layer).map(({ cell }) => cell);
    await checkGradients((image: Tensor) => layer.call(image), [randomNormal([1, 2, 3, 1], { seed: 9 }), ...cells], { elements: 2 });
  });
});

test.each([
  ['simpleRnn', (more: object) => simpleRnn({ units, ...more })],
  ['lstm', (more: object) => lstm({ units, ...more })],
  ['gru', (more: object) => gru({ units, ...more })],
] as const)('the loop over the steps gives what the kernel of whole sequences gives: %s', (_, make) => {
  for (const reverse of [false, true]) {
    const [whole, looped] = [make({ reverse }), make({ reverse, truncation: 5 })];
    for (const layer of [whole, looped]) layer.build([5, features], 1);
    const sequences = randomNormal([3, 5, features], { seed: 10 });
    const [expected, actual] = [whole, looped].map((layer) => layer.run(sequences, { lengths: [2, 5, 1] }));
    expectClose(vector(actual!.outputs), vector(expected!.outputs));
    expectClose(vector(actual!.last), vector(expected!.last));
    actual!.state.forEach((state, i) => expectClose(vector(state), vector(expected!.state[i]!)));
  }
});
