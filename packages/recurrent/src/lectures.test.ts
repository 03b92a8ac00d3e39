// The worked examples of the lectures that this project comes from: a network that spells "hell", and the four steps of an LSTM.

import { reference } from '@sinapse/backend-reference';
import { matmul, softmax, tensor, transpose, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { lstmCell, rnn, simpleRnnCell } from './index.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const SIX_DIGITS = 5e-7;
const expectClose = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i]! - value), `[${i}]: ${actual[i]} for ${value}`).toBeLessThan(SIX_DIGITS * 2));
};

test('an RNN that spells "hell"', () => {
  const cell = simpleRnnCell({ units: 3 });
  const layer = rnn(cell, { returnSequences: true });
  layer.build([4, 4]);
  const wxh = [
    [0.287027, 0.84606, 0.572392, 0.486813],
    [0.902874, 0.871522, 0.691079, 0.18998],
    [0.537524, 0.09224, 0.558159, 0.491528],
  ];
  cell.kernel!.assign(transpose(tensor(wxh)));
  cell.recurrentKernel!.assign(tensor([0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 0.427043 : 0)))));
  cell.bias!.assign(tensor([0.567001, 0.567001, 0.567001]));
  const oneHot = 'hell'.split('').map((letter) => 'helo'.split('').map((other) => (other === letter ? 1 : 0)));
  const states = layer.call(tensor([oneHot])).dataSync();
  expectClose(states.slice(0, 3), [0.69316794, 0.89955361, 0.80211853]);
  expectClose(states.slice(3, 6), [0.93653377, 0.94910407, 0.76234074]);
  expectClose(states.slice(6, 9), [0.912008, 0.930672, 0.895834]);
  expectClose(states.slice(9), [0.910229, 0.929611, 0.906534]);

  const why = [
    [0.37168, 0.974829459, 0.830034886],
    [0.39141, 0.282585823, 0.659835709],
    [0.64985, 0.09821557, 0.334287084],
    [0.91266, 0.32581642, 0.144630018],
  ];
  const y = matmul(tensor(states.slice(3, 6), { shape: [1, 3] }), transpose(tensor(why)));
  expectClose(y.dataSync(), [1.906075, 1.137792, 0.956664, 1.274228]);
  expectClose(softmax(y).dataSync(), [0.419747, 0.194682, 0.162429, 0.223141]);
});

test('the four steps of an LSTM: forget, propose, remember, show', () => {
  const cell = lstmCell({ units: 1 });
  cell.build([1]);
  const weights = { i: [0.5, -0.3, 0.1], f: [0.7, 0.2, 0.3], g: [-0.4, 0.6, 0.05], o: [0.9, -0.1, -0.2] } as const; // of x, of h, and the bias
  const gates = Object.values(weights);
  cell.kernel!.assign(tensor([gates.map(([x]) => x)]));
  cell.recurrentKernel!.assign(tensor([gates.map(([, h]) => h)]));
  cell.bias!.assign(tensor(gates.map(([, , bias]) => bias)));
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const [x, h, c] = [1.5, 0.25, -0.75];
  const [i, f, g, o] = gates.map(([wx, wh, b]) => wx * x + wh * h + b) as [number, number, number, number];
  const memory = sigmoid(f) * c + sigmoid(i) * Math.tanh(g);
  const { y, state } = cell.step(tensor([[x]]), [tensor([[h]]), tensor([[c]])]);
  expectClose(state[1]!.dataSync(), [memory]);
  expectClose(y.dataSync(), [sigmoid(o) * Math.tanh(memory)]);
});
