import type { KernelSignature } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import { expect, test } from 'vitest';
import { passesOn } from './prepare.ts';

const limits = { maxOutputs: 4, maxInputs: 8 };
const precision = { output: 'float32', accumulation: 'float32' } as const;

const product = (...[rows, inner, columns]: [number, number, number]): KernelSignature<'matmul'> => ({
  kernel: 'matmul',
  inputs: { a: specOf('float32', [1, rows, inner]), b: specOf('float32', [1, inner, columns]) },
  attrs: { transposeA: false, transposeB: false, precision },
});

const keys = (call: KernelSignature, device: Parameters<typeof passesOn>[0] = limits): string[] =>
  passesOn(device)(call).map(({ key }) => key.trim());

test('a large product is in blocks, or in tiles where workgroups have memory; a small one is a word at a time', () => {
  expect(keys(product(64, 32, 16))).toEqual(['product', 'joined texel']);
  expect(keys(product(64, 32, 16), { ...limits, workgroups: true })).toEqual(['product in tiles', 'joined texel']);
  expect(keys(product(3, 5, 7))).toEqual(['matmul']);
});

test('rows and columns that are no multiples of four are padded first', () => {
  expect(keys(product(30, 33, 17))).toEqual(['padded matrices', 'padded matrices', 'product', 'joined word']);
});

test('a kernel that may write over its inputs has the passes of both ways', () => {
  const passes = passesOn(limits)({
    kernel: 'conv2d',
    inputs: {
      x: specOf('float32', [1, 4, 4, 2]),
      filter: specOf('float32', [3, 3, 2, 2]),
      residual: specOf('float32', [1, 2, 2, 2]),
    },
    attrs: { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1, activation: 'linear', precision },
  });
  const shares = passes.map(({ outputs, inputs }) => inputs.some(({ storage }) => storage === outputs[0]!.storage));
  expect(shares).toEqual([false, true]);
});

test('an empty call and a kernel that is lowered need nothing', () => {
  expect(keys(product(0, 32, 16))).toEqual([]);
  expect(keys({ kernel: 'sort', inputs: { x: specOf('float32', [4]) }, attrs: { descending: false } })).toEqual([]);
});
