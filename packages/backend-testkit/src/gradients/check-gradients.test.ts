import { conv2d, customGradient, floor, grad, Parameter, randomNormal, relu, stopGradient, sum, tensor, withBackend } from '@sinapse/core';
import type { Tensor } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { expect, test } from 'vitest';
import { checkGradients } from './check-gradients.ts';

const float64 = reference({ precision: 'float64' });
const float32 = reference();
const normal = (shape: number[], seed: number, backend = float64): Tensor => withBackend(backend, () => randomNormal(shape, { seed }));

/** x², with a gradient that is wrong at index 1 of x. */
const wrongSquare = customGradient((x) => ({
  value: x.square(),
  gradient: (dy) => [dy.mul(x).mul(tensor([2, 2.001, 2]))],
}));

test('passes what is right, first and second derivatives', async () => {
  const f = (x: Tensor, filter: Tensor): Tensor => conv2d(x, filter, { activation: 'tanh' });
  const { compared, worst } = await checkGradients(f, [normal([1, 4, 4, 2], 1), normal([2, 2, 2, 3], 2)], {
    second: true,
  });
  expect(compared).toBe(32 + 24 + 1 + 32 + 24);
  expect(worst).toBeLessThan(1e-8);
});

test('names the input, the element, the gradient and the difference', async () => {
  const x = withBackend(float64, () => tensor([0.5, -1, 2]));
  await expect(checkGradients((y) => wrongSquare(y), [x], { names: ['x'] })).rejects.toThrow(
    /^checkGradients: the gradient of x \[3\] at \[1\] is -?2\.\d+, differences say -?2\.\d+ \(off by/,
  );
});

test('finds a gradient that is only wrong when it is differentiated again', async () => {
  const constantSlope = customGradient((x) => ({ value: x.square(), gradient: (dy) => [dy.mul(stopGradient(x).mul(2))] }));
  const x = withBackend(float64, () => tensor([0.5, -1, 2]));
  await checkGradients((y) => constantSlope(y), [x]);
  await expect(checkGradients((y) => constantSlope(y), [x], { second: true })).rejects.toThrow('second derivative of input 0');
});

test('shows gross mistakes in float32 too', async () => {
  const x = withBackend(float32, () => tensor([0.5, -1.3, 2.4]));
  await checkGradients((y) => y.square(), [x]);
  await expect(checkGradients((y) => floor(y).add(y.exp()).mul(relu(y)), [x])).resolves.toBeDefined();
  await expect(
    checkGradients(
      customGradient((y) => ({ value: y.square(), gradient: (dy) => [dy] })),
      [x],
    ),
  ).rejects.toThrow('differences say');
});

test('checks parameters, and leaves them as they were', async () => {
  const weight = withBackend(float64, () => new Parameter(tensor([[1, 2], [3, 4]]))); // prettier-ignore
  const before = await weight.value.data();
  const layer = (x: Tensor): Tensor => x.matmul(weight.value).tanh();
  await checkGradients((x) => layer(x), [normal([3, 2], 3), weight], { second: true });
  expect(await weight.value.data()).toEqual(before);
});

test('checks a random part of large inputs', async () => {
  const { compared } = await checkGradients((x) => x.square(), [normal([40, 50], 4)], { elements: 20 });
  expect(compared).toBe(21);
});

test('an input that is not a float, and no input', async () => {
  const labels = withBackend(float64, () => tensor([1, 2], { dtype: 'int32' }));
  await expect(checkGradients((x) => x.cast('float32'), [labels], { names: ['labels'] })).rejects.toThrow(
    'labels is int32; only floats have gradients',
  );
  await expect(checkGradients(() => normal([1], 1), [])).rejects.toThrow('there is no input');
});

test('a function that hands an input through', async () => {
  const x = normal([3], 5);
  await checkGradients((y) => y, [x], { second: true });
  expect(x.disposed).toBe(false);
  expect(await grad((y: Tensor) => sum(y))(x).data()).toEqual(Float64Array.of(1, 1, 1));
});
