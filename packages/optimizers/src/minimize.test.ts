import { reference } from '@sinapse/backend-reference';
import { Parameter, memory, sub, tensor, use } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import type { LinePoint } from './line-search.ts';
import { strongWolfe } from './line-search.ts';
import { lbfgs, minimize } from './index.ts';

beforeAll(() => void use(reference()));

test('finds the minimum of Rosenbrock at (1, 1)', async () => {
  const [x, y] = [new Parameter(tensor([-1.2])), new Parameter(tensor([1]))];
  const rosenbrock = () => sub(1, x.value).square().add(y.value.sub(x.value.square()).square().mul(100)).sum();
  const { tensors } = memory();
  const { value, iterations } = await minimize(rosenbrock, [x, y], lbfgs());
  expect(memory().tensors).toBe(tensors);
  // Along the valley the value grows as 0.2 times the square of the distance: 1e-8 is 2e-4 away.
  expect(value).toBeLessThan(1e-8);
  expect(x.tensor.dataSync()[0]).toBeCloseTo(1, 3);
  expect(y.tensor.dataSync()[0]).toBeCloseTo(1, 3);
  expect(iterations).toBeLessThan(60);
});

test('fits a straight line to the least squares', async () => {
  const [x, y] = [tensor([0, 1, 2, 3]), tensor([1, 2, 2, 4])];
  const [slope, offset] = [new Parameter(tensor([0])), new Parameter(tensor([0]))];
  const { stopped } = await minimize(() => x.mul(slope.value).add(offset.value).sub(y).square().sum(), [slope, offset], lbfgs());
  expect(stopped).not.toBe('iterations');
  // By the normal equations: slope 0.9, offset 0.9.
  expect(slope.tensor.dataSync()[0]).toBeCloseTo(0.9, 4);
  expect(offset.tensor.dataSync()[0]).toBeCloseTo(0.9, 4);
});

test.each<[string, (a: number) => [number, number], number]>([
  ['a parabola, first step too short', (a) => [(a - 8) ** 2, 2 * (a - 8)], 0.01],
  ['a parabola, first step too long', (a) => [(a - 0.01) ** 2, 2 * (a - 0.01)], 1],
  ['a wall of infinite values', (a) => (a > 0.5 ? [Infinity, NaN] : [-a + a ** 2 / 0.4, -1 + a / 0.2]), 4],
  ['a quartic', (a) => [(a - 1) ** 4 - a, 4 * (a - 1) ** 3 - 1], 1],
])('the line search meets the strong Wolfe conditions: %s', async (_, f, first) => {
  const at = (alpha: number): Promise<LinePoint> => Promise.resolve({ alpha, value: f(alpha)[0], slope: f(alpha)[1] });
  const start = await at(0);
  const found = (await strongWolfe(at, start, first))!;
  expect(found.value).toBeLessThanOrEqual(start.value + 1e-4 * found.alpha * start.slope);
  expect(Math.abs(found.slope)).toBeLessThanOrEqual(0.9 * Math.abs(start.slope));
});

test('the line search says when nothing is lower', async () => {
  const flat = (alpha: number) => Promise.resolve({ alpha, value: alpha === 0 ? 1 : 1.1, slope: -1 });
  expect(await strongWolfe(flat, await flat(0), 1)).toBeUndefined();
});

test('refuses what cannot be, and leaves the parameters alone', async () => {
  const parameter = new Parameter(tensor([2]));
  const square = () => parameter.value.square().sum();
  await expect(minimize(undefined as never, [parameter], lbfgs())).rejects.toThrow(
    'minimize: f: expected a function that returns the loss',
  );
  await expect(minimize(square, [], lbfgs())).rejects.toThrow('minimize: parameters: expected a list of one parameter or more');
  await expect(minimize(square, [parameter], undefined as never)).rejects.toThrow('minimize: method: expected a method, e.g. lbfgs()');
  await expect(minimize(() => parameter.value.log().mul(NaN).sum(), [parameter], lbfgs())).rejects.toThrow('the start is not finite');
  const broken = (): Tensor => { throw new Error('broken'); }; // prettier-ignore
  await expect(minimize(broken, [parameter], lbfgs())).rejects.toThrow('broken');
  expect([...parameter.tensor.dataSync()]).toEqual([2]);
  expect(() => lbfgs({ history: 0 })).toThrow('lbfgs: history: expected an integer >= 1, got 0');
});
