// A message names the function that was called, not the kernel behind it.

import { reference } from '@sinapse/backend-reference';
import { describe, expect, test } from 'vitest';
import * as core from '../index.ts';
import type { Tensor } from '../index.ts';

const { tensor, zeros } = core;

const one: Record<string, (x: Tensor) => unknown> = {
  abs: (x) => core.abs(x),
  exp: (x) => x.exp(),
  add: (x) => x.add(1),
  sub: (x) => core.sub(1, x),
  maximum: (x) => core.maximum(x, 0),
  greater: (x) => core.greater(x, 0),
  relu: (x) => x.relu(),
  leakyRelu: (x) => core.leakyRelu(x),
  sum: (x) => x.sum(),
  max: (x) => x.max({ axis: 0 }),
  prod: (x) => core.prod(x),
  argMax: (x) => x.argMax({ axis: 0 }),
  cast: (x) => x.cast('int32'),
  reshape: (x) => x.reshape([2, 1]),
  slice: (x) => x.slice([0]),
  transpose: (x) => core.transpose(x, [0]),
  softmax: (x) => x.softmax(),
};

const two: Record<string, (a: Tensor, b: Tensor) => unknown> = {
  add: (a, b) => a.add(b),
  pow: (a, b) => a.pow(b),
  minimum: (a, b) => core.minimum(a, b),
  equal: (a, b) => core.equal(a, b),
  where: (a, b) => core.where(core.greater(a, 0), a, b),
  logicalAnd: (a, b) =>
    core.logicalAnd(
      a.cast('bool'),
      core.withBackend(b.backend, () => b.cast('bool')),
    ),
  matmul: (a, b) => a.reshape([1, 2]).matmul(b.reshape([2, 1])),
  concat: (a, b) => core.concat([a, b], 0),
};

describe('a tensor that was disposed of', () => {
  core.use(reference());
  test.each(Object.entries(one))('%s', (name, call) => {
    const x = tensor([1, 2]);
    x.dispose();
    expect(() => call(x)).toThrow(`${name}: the float32 tensor [2] was disposed of`);
  });

  test('logicalNot', () => {
    const x = zeros([2], 'bool');
    x.dispose();
    expect(() => core.logicalNot(x)).toThrow('logicalNot: the bool tensor [2] was disposed of');
  });
});

describe('tensors on two backends', () => {
  test.each(Object.entries(two))('%s', (name, call) => {
    core.use(reference());
    const a = tensor([1, 2]);
    const b = core.withBackend(core.meta(), () => zeros([2]));
    expect(() => call(a, b)).toThrow(`${name}: tensors lie on two backends, reference and meta; move one with await x.to(backend)`);
  });
});

test('dtypes that do not fit', () => {
  core.use(reference());
  expect(() => core.maximum(zeros([1], 'bool'), zeros([1], 'bool'))).toThrow('maximum: bool has no arithmetic');
  expect(() => core.logicalAnd(zeros([1]), zeros([1]))).toThrow('logicalAnd: takes bool tensors, got float32');
  expect(() => core.logicalNot(zeros([1]))).toThrow('logicalNot: takes bool, got float32');
});
