import { double } from '@sinapse/backend-testkit';
import { inference, memory, tensor, use } from '@sinapse/core';
import type { Model, Tensor } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOf, Stateful } from '../test/tiny.ts';
import { classify, evaluate, predict } from './index.ts';

beforeAll(() => void use(poisoned()));

const identity: Model = { call: (x) => x };

describe.each([
  ['synchronously', poisoned],
  ['asynchronously', double],
])('on a backend that reads %s', (_, backend) => {
  test('predict gives the output as it is', async () => {
    use(backend());
    const x = tensor([[1, 2], [3, 4]]); // prettier-ignore
    expect(await predict({ call: (input) => input.mul(2) }, x)).toEqual({ data: Float32Array.of(2, 4, 6, 8), shape: [2, 2] });
    expect(await predict(identity, x)).toEqual({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
    expect(await x.array()).toEqual([[1, 2], [3, 4]]); // prettier-ignore
    use(poisoned());
  });
});

test('rows of numbers and typed arrays are taken as train takes them', async () => {
  const rows = [[1, 2], [3, 4]]; // prettier-ignore
  expect(await predict(identity, rows)).toEqual(await predict(identity, tensor(rows)));
  expect(await predict(identity, [Float64Array.of(1, 2), [true, 4]])).toEqual({ data: Float32Array.of(1, 2, 1, 4), shape: [2, 2] });
  expect(await predict(identity, [5, 6])).toEqual({ data: Float32Array.of(5, 6), shape: [2, 1] });
  expect(await predict(identity, Int32Array.of(5, 6))).toEqual({ data: Int32Array.of(5, 6), shape: [2, 1] });
  const sum: Model<{ a: Tensor; b: Tensor }> = { call: ({ a, b }) => a.add(b) };
  expect(await predict(sum, { a: rows, b: tensor([[1, 1], [1, 1]]) })).toEqual({ data: Float32Array.of(2, 3, 4, 5), shape: [2, 2] }); // prettier-ignore
  const list: Model<readonly [Tensor, Tensor]> = { call: ([a, b]) => a.add(b) };
  expect((await predict(list, [tensor([[1]]), tensor([[2]])])).data).toEqual(Float32Array.of(3));
  expect((await classify(identity, rows, { top: 1 })).map(([best]) => best!.class)).toEqual([1, 1]);
});

test('a model with state and dropout is called as it is outside training, and stays what it is', async () => {
  const model = new Stateful(2, 2);
  const x = tensor([[1, 2]]);
  const bits = bitsOf(model);
  const { data } = await predict(model, x);
  const { tensors } = memory();
  expect((await predict(model, x)).data).toEqual(data);
  await classify(model, x);
  expect(memory().tensors).toBe(tensors);
  expect(inference(() => bitsOf(model))).toEqual(bits);
});

test('NaN and infinities are predicted and measured as they are, but no class is the most probable among them', async () => {
  const scores = [1, NaN, -Infinity, 2];
  const x = tensor(Float32Array.from(scores), { shape: [2, 2] });
  expect((await predict(identity, x)).data).toEqual(Float32Array.from(scores));
  await expect(classify(identity, x)).rejects.toThrow(
    "classify: the model's scores of input 0 are not numbers (NaN); its weights are damaged, or its training diverged",
  );
  expect(await classify(identity, tensor([[-Infinity, 2]]), { top: 1 })).toEqual([[{ class: 1, probability: 1 }]]);
  const batch = { x: { data: Float32Array.from(scores), shape: [2, 2] }, y: { data: Int32Array.of(0, 1), shape: [2] } };
  const data = {
    async *iterate() {
      yield batch;
    },
  };
  expect((await evaluate(identity, data, { loss: (y) => y.mean() })).loss).toBeNaN();
});

describe('classify', () => {
  const x = () => tensor([[Math.log(1), Math.log(5), Math.log(4)], [0, 0, Math.log(2)]]); // prettier-ignore

  test('gives the most probable classes, best first, of equal ones the lower first', async () => {
    const [first, second] = await classify(identity, x(), { top: 2, labels: ['ant', 'bee', 'cat'] });
    expect(first).toEqual([
      { class: 1, probability: expect.closeTo(0.5, 6), label: 'bee' },
      { class: 2, probability: expect.closeTo(0.4, 6), label: 'cat' },
    ]);
    expect(second!.map(({ class: number }) => number)).toEqual([2, 0]);
  });

  test('gives no more classes than there are, 5 unless asked', async () => {
    expect((await classify(identity, x()))[0]).toHaveLength(3);
    expect((await classify(identity, tensor([[1, 2, 3, 4, 5, 6]])))[0]).toHaveLength(5);
  });

  test('takes probabilities as they are', async () => {
    expect(await classify(identity, tensor([[0.25, 0.75]]), { output: 'probabilities', top: 1 })).toEqual([
      [{ class: 1, probability: 0.75 }],
    ]);
  });

  test.each([
    ['an output that has no classes', tensor, [[[1, 2]]], {}, "classify: the model's output must be [batch, classes], got [1,1,2]"],
    ['labels of another number', tensor, [[1, 2]], { labels: ['a'] }, 'classify: 1 labels for 2 classes'],
    ['the top 0', tensor, [[1, 2]], { top: 0 }, 'classify: top: expected an integer >= 1, got 0'],
  ])('refuses %s', async (_, make, values, options, message) => {
    const input = make(values);
    const { tensors } = memory();
    await expect(classify(identity, input, options)).rejects.toThrow(message);
    expect(memory().tensors).toBe(tensors);
  });
});
