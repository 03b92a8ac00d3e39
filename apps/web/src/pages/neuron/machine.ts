// One neuron, by the package's ops. It runs in the worker and knows no page.

import type { Tensor } from '@sinapse/core';
import { add, hostNormal, matmul, mul, randomKey, scope, sigmoid, step, sub, tensor } from '@sinapse/core';
import type { ActivationName, Example, Neuron } from './neuron.ts';
import { RANGE } from './neuron.ts';

const activations: Readonly<Record<ActivationName, (sum: Tensor) => Tensor>> = { step, linear: (sum) => sum, sigmoid };

/** s = x w + b and y = f(s), for inputs `[count, 2]`. */
function respond({ weights, bias, activation }: Neuron, x: Tensor): { sum: Tensor; output: Tensor } {
  const sum = add(matmul(x, tensor(weights, { shape: [2, 1] })), bias);
  return { sum, output: activations[activation](sum) };
}

/** What a neuron says of some points, and of the whole plane. */
export interface Shown {
  readonly sums: Float32Array;
  readonly outputs: Float32Array;
  /** Its output all over the plane, within [0, 1]; `[size, size]`, from the top left. */
  readonly regions: { readonly size: number; readonly probabilities: Float32Array };
}

/** Pixels of a side of the picture of the plane. */
const SIZE = 48;

const [LEAST, MOST] = RANGE;
const at = (pixel: number): number => LEAST + ((pixel + 0.5) / SIZE) * (MOST - LEAST);
const grid = Array.from({ length: SIZE * SIZE }, (_, i) => [at(i % SIZE), at(SIZE - 1 - Math.floor(i / SIZE))]);

/** Shows points and the plane to a neuron. */
export async function show(neuron: Neuron, examples: readonly Example[]): Promise<Shown> {
  const { sums, outputs } = scope(() => {
    const { sum, output } = respond(neuron, tensor([...examples.map(({ x }) => [...x]), ...grid]));
    return { sums: sum.data(), outputs: output.data() };
  });
  const count = examples.length;
  const [all, answers] = [await sums, Float32Array.from(await outputs)];
  const probabilities = answers.slice(count).map((output) => Math.min(Math.max(output, 0), 1));
  return { sums: Float32Array.from(all).slice(0, count), outputs: answers.slice(0, count), regions: { size: SIZE, probabilities } };
}

/** One step of learning. */
export interface Lesson {
  readonly sum: number;
  readonly output: number;
  /** t − y */
  readonly error: number;
  readonly neuron: Neuron;
}

/**
 * Teaches a neuron one example: w ← w + η (t − y) x, b ← b + η (t − y). With the step this is Rosenblatt's rule (1958); for a linear neuron it is
 * the step down the gradient of (t − y)² / 2 (Widrow and Hoff 1960), for a sigmoid that of its cross-entropy.
 * @param rate η
 */
export async function teach(neuron: Neuron, { x, target }: Example, rate: number): Promise<Lesson> {
  const reading = scope(() => {
    const input = tensor([[...x]]);
    const { sum, output } = respond(neuron, input);
    const error = sub(target, output);
    const weights = add(tensor([[...neuron.weights]]), mul(mul(error, rate), input));
    const bias = add(mul(error, rate), neuron.bias);
    return [sum, output, error, weights, bias].map((value) => value.data());
  });
  const [[sum], [output], [error], weights, [bias]] = (await Promise.all(reading)).map((data) => Array.from(data)) as [
    [number],
    [number],
    [number],
    [number, number],
    [number],
  ];
  return { sum, output, error, neuron: { ...neuron, weights, bias } };
}

/** The middles of two clouds that a line can separate. */
const MIDDLES = [
  [0.1, 0.2],
  [0.9, 0.7],
] as const;

/** Points of two clouds. */
export function clouds(seed: number, count = 40): Example[] {
  const noise = hostNormal(randomKey(seed).fold('clouds'), 2 * count, 0, 0.17);
  return Array.from({ length: count }, (_, i) => {
    const target = i % 2 === 0 ? 0 : 1;
    const [x, y] = MIDDLES[target];
    return { x: [x + noise[2 * i]!, y + noise[2 * i + 1]!], target };
  });
}
