import { Context, tensor, use, zeros } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, expect, test } from 'vitest';
import { avgPool2d } from './avg-pool2d.ts';
import { flatten } from './flatten.ts';
import { globalAvgPool2d } from './global-avg-pool2d.ts';
import { maxPool2d } from './max-pool2d.ts';

beforeAll(() => void use(reference()));

const context = new Context();
const image = () => tensor([1, 3, 2, 1, 2, 9, 1, 1, 1, 3, 2, 3, 5, 6, 1, 2]).reshape([1, 4, 4, 1]);

test("max pooling of the lecture's image", () => {
  const layer = maxPool2d();
  expect(layer.build([4, 4, 1])).toEqual([2, 2, 1]);
  expect([...layer.call(image(), context).dataSync()]).toEqual([9, 2, 6, 3]);
});

test('overlapping max pooling, as in AlexNet: window 3, strides 2', () => {
  expect(maxPool2d({ window: 3, strides: 2 }).build([55, 55, 96])).toEqual([27, 27, 96]);
  expect(maxPool2d({ window: 2, padding: 'same' }).build([5, 5, 1])).toEqual([3, 3, 1]);
});

test('average pooling', () => {
  const layer = avgPool2d({ window: 2 });
  expect(layer.build([4, 4, 1])).toEqual([2, 2, 1]);
  expect([...layer.call(image(), context).dataSync()]).toEqual([3.75, 1.25, 3.75, 2]);
  const padded = tensor([4]).reshape([1, 1, 1, 1]);
  expect([
    ...avgPool2d({
      window: 2,
      strides: 1,
      padding: [
        [1, 0],
        [1, 0],
      ],
    })
      .call(padded, context)
      .dataSync(),
  ]).toEqual([4]);
  expect([
    ...avgPool2d({
      window: 2,
      strides: 1,
      padding: [
        [1, 0],
        [1, 0],
      ],
      includePadding: true,
    })
      .call(padded, context)
      .dataSync(),
  ]).toEqual([1]);
});

test('global average pooling: the mean of each channel', () => {
  const layer = globalAvgPool2d();
  expect(layer.build([7, 5, 3])).toEqual([3]);
  expect([...layer.call(tensor([1, 10, 2, 20, 3, 30, 4, 40]).reshape([1, 2, 2, 2]), context).dataSync()]).toEqual([2.5, 25]);
  expect(() => layer.build([7])).toThrow('globalAvgPool2d: input must be [batch, height, width, channels], got [1,7]');
});

test('flatten keeps the batch', () => {
  expect(flatten().build([5, 5, 16])).toEqual([400]);
  expect(flatten().call(zeros([3, 2, 2]), context).shape).toEqual([3, 4]);
  expect(flatten().build([])).toEqual([1]);
});

test('refuse options and shapes that cannot be', () => {
  expect(() => maxPool2d({ window: 0 })).toThrow('maxPool2d: window: expected an integer >= 1 or [height, width], got 0');
  expect(() => avgPool2d({ window: 2, strides: [1, 0.5] })).toThrow('avgPool2d: strides: expected');
  expect(() => avgPool2d({ padding: 'vaild' as never })).toThrow(`avgPool2d: padding: expected 'valid', 'same'`);
  expect(() => maxPool2d({ padding: 'vaild' as never })).toThrow('did you mean valid?');
  expect(() => maxPool2d({ window: 9 }).build([4, 4, 1])).toThrow('maxPool2d: a window of 9 by 9 does not fit');
  expect(() => flatten().call(zeros([]), context)).toThrow('flatten: input must have a batch axis, got a scalar');
});
