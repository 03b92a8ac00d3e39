// Compares the update rules that PyTorch lacks, and those whose rules have cases, with their formulas in float64.

import { reference } from '@sinapse/backend-reference';
import { Parameter, tensor, use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { createOptimizer } from './create.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

/** Values that are exact in float32, the dtype of the tensors. */
const GRADIENTS = [0.5, -2, 2 ** -10, 3, 0, -0.25, 1, 1, -1, 4, 2, 1, 0.5, 0.25, 0.125].map((g) => [g, 0.5 * g, -g]);
const INITIAL = [1.5, -0.5, 2];

type Step = (w: number[], g: number[], step: number) => number[];

/** The backend computes in float64, so only the order of operations differs: roundings of 2^-53 of numbers up to 100, over 15 steps. */
const TOLERANCE = 1e-11;

/** Runs an optimizer on one vector beside a formula of vectors. */
function compare(name: string, options: object, next: Step): void {
  const optimizer = createOptimizer(name, options as Record<string, unknown>);
  const parameter = new Parameter(tensor(INITIAL));
  let expected = INITIAL;
  GRADIENTS.forEach((g, i) => {
    optimizer.step([parameter], [tensor(g)]);
    expected = next(expected, g, i + 1);
    parameter.tensor.dataSync().forEach((value, j) => expect(Math.abs(value - expected[j]!)).toBeLessThan(TOLERANCE));
  });
}

/** A formula of one number, with a state of its own for each element. */
function each<S>(initial: () => S, next: (w: number, g: number, state: S, step: number) => number): Step {
  const states = INITIAL.map(initial);
  return (w, g, step) => w.map((value, j) => next(value, g[j]!, states[j]!, step));
}

const norm = (x: readonly number[]): number => Math.hypot(...x);

test.each([{}, { learningRate: 0.1, beta1: 0.5, beta2: 0.8 }, { learningRate: 0.1, weightDecay: 0.5 }])('lion %j', (options) => {
  const { learningRate = 1e-4, beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options as Record<string, number>;
  compare('lion', options, each(() => ({ m: 0 }), (w, g, state) => {
    const next = w - learningRate * (Math.sign(beta1 * state.m + (1 - beta1) * g) + weightDecay * w);
    state.m = beta2 * state.m + (1 - beta2) * g;
    return next;
  })); // prettier-ignore
});

test.each([{}, { learningRate: 0.1, weightDecay: 0 }, { learningRate: 0.1, beta1: 0.5, beta2: 0.8, epsilon: 0.01, weightDecay: 0.5 }])('lamb %j', (options) => {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6, weightDecay = 0.01 } = options as Record<string, number>;
  const [m, v] = [INITIAL.map(() => 0), INITIAL.map(() => 0)];
  compare('lamb', options, (w, g, step) => {
    const r = w.map((value, j) => {
      m[j] = beta1 * m[j]! + (1 - beta1) * g[j]!;
      v[j] = beta2 * v[j]! + (1 - beta2) * g[j]! ** 2;
      return m[j] / (1 - beta1 ** step) / (Math.sqrt(v[j] / (1 - beta2 ** step)) + epsilon) + weightDecay * value;
    });
    return w.map((value, j) => value - (learningRate * norm(w) * r[j]!) / norm(r));
  });
}); // prettier-ignore

test.each([{}, { learningRate: 0.1, maxGrowth: 1.2 }, { learningRate: 0.05, weightDecay: 0.1 }])('quickprop %j, as in the program of Fahlman', (options) => {
  const { learningRate: epsilon = 0.01, maxGrowth = 1.75, weightDecay = 0 } = options as Record<string, number>;
  const shrink = maxGrowth / (1 + maxGrowth);
  compare('quickprop', options, each(() => ({ d: 0, p: 0 }), (w, gradient, state) => {
    const s = gradient + weightDecay * w;
    const { d, p } = state;
    let next = 0;
    if (d < 0) {
      if (s > 0) next -= epsilon * s;
      next += s >= shrink * p ? maxGrowth * d : (d * s) / (p - s);
    } else if (d > 0) {
      if (s < 0) next -= epsilon * s;
      next += s <= shrink * p ? maxGrowth * d : (d * s) / (p - s);
    } else next -= epsilon * s;
    [state.d, state.p] = [next, s];
    return w + next;
  }));
}); // prettier-ignore

test('quickprop jumps to the lowest point of a parabola', () => {
  const parameter = new Parameter(tensor([8]));
  const optimizer = createOptimizer('quickprop', { learningRate: 0.2, maxGrowth: 100 });
  const slope = () => 2 * (parameter.tensor.dataSync()[0]! - 3);
  optimizer.step([parameter], [tensor([slope()])]);
  expect(parameter.tensor.dataSync()[0]).toBeCloseTo(6, 6);
  const change = -2;
  optimizer.step([parameter], [tensor([slope()])]);
  // The jump, 6 -> 3, and the step against the slope, which still points downhill: 0.2 * 6.
  expect(parameter.tensor.dataSync()[0]).toBeCloseTo(6 + (change * 6) / (10 - 6) - 0.2 * 6, 6);
});

test.each(['sgd', 'momentum'])("%s, averaged, is the lecture's W(t+1) = W(t) + α (W(t) - W(t-1)) + (1 - α) (-η g)", (name) => {
  const [alpha, eta] = [0.8, 0.05];
  compare(name, { momentum: alpha, learningRate: eta, averaged: true }, each(() => ({ before: NaN }), (w, g, state) => {
    const next = w + alpha * (Number.isNaN(state.before) ? 0 : w - state.before) + (1 - alpha) * (-eta * g);
    state.before = w;
    return next;
  })); // prettier-ignore
});

test.each([
  { rows: 2, columns: 3, options: {} },
  { rows: 3, columns: 2, options: { learningRate: 0.1, weightDecay: 0.5, nesterov: false } },
  { rows: 2, columns: 2, options: { momentum: 0.5, steps: 8 } },
])('muon $rows x $columns $options', ({ rows, columns, options }) => {
  const { learningRate = 0.02, momentum = 0.95, weightDecay = 0, steps = 5, nesterov = true } = options as Record<string, number>;
  const size = rows * columns;
  const initial = Array.from({ length: size }, (_, i) => 0.25 * (i + 1));
  const optimizer = createOptimizer('muon', options);
  const parameter = new Parameter(tensor(initial, { shape: [rows, columns] }));
  let w = initial;
  let velocity = initial.map(() => 0);
  for (let step = 0; step < 6; step++) {
    const g = initial.map((_, i) => Math.fround(Math.sin(3 * i + step)));
    optimizer.step([parameter], [tensor(g, { shape: [rows, columns] })]);
    velocity = velocity.map((v, i) => momentum * v + g[i]!);
    const direction = nesterov ? velocity.map((v, i) => g[i]! + momentum * v) : velocity;
    const o = polynomialOf(direction, rows, columns, steps);
    const scale = learningRate * Math.sqrt(Math.max(1, columns / rows));
    w = w.map((value, i) => value * (1 - learningRate * weightDecay) - scale * o[i]!);
    parameter.tensor.dataSync().forEach((value, i) => expect(Math.abs(value - w[i]!)).toBeLessThan(1e-10));
  }
});

/** X = 3.4445 X - 4.775 (X Xᵀ) X + 2.0315 (X Xᵀ)² X, repeated, of the matrix divided by its norm. */
function polynomialOf(matrix: readonly number[], rows: number, columns: number, steps: number): number[] {
  const product = (a: readonly number[], b: readonly number[], m: number, k: number, n: number): number[] =>
    Array.from({ length: m * n }, (_, at) => {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += a[Math.floor(at / n) * k + i]! * b[i * n + (at % n)]!;
      return sum;
    });
  const length = norm(matrix) + 1e-7;
  let x = matrix.map((value) => value / length);
  for (let step = 0; step < steps; step++) {
    const transposed = Array.from({ length: rows * columns }, (_, at) => x[(at % rows) * columns + Math.floor(at / rows)]!);
    const gram = product(x, transposed, rows, columns, rows);
    const once = product(gram, x, rows, rows, columns);
    const twice = product(gram, once, rows, rows, columns);
    x = x.map((value, i) => 3.4445 * value - 4.775 * once[i]! + 2.0315 * twice[i]!);
  }
  return x;
}
