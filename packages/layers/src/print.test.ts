import { reference } from '@sinapse/backend-reference';
import { use } from '@sinapse/core';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import * as layers from './index.ts';
import { maxPool2d } from './max-pool2d.ts';
import { residual } from './residual.ts';
import { sequential } from './sequential.ts';

use(reference());

test('a layer is the call that makes it, and its parameters', () => {
  const layer = dense({ units: 3, activation: 'relu' });
  expect(inspect(layer)).toBe("dense({ units: 3, activation: 'relu', useBias: true }), not built");
  layer.build([2]);
  layer.kernel!.trainable = false;
  expect(inspect(layer)).toBe(
    [
      "dense({ units: 3, activation: 'relu', useBias: true }), 9 parameters",
      '  kernel: Parameter float32 [2,3] frozen',
      '  bias: Parameter float32 [3] trainable [0, 0, 0]',
    ].join('\n'),
  );
  expect(inspect({ head: layer })).toBe("{\n  head: dense({ units: 3, activation: 'relu', useBias: true }), 9 parameters\n}");
});

test('a model lists its layers', () => {
  const model = sequential([['conv', conv2d({ filters: 6, kernelSize: 5 })], maxPool2d(), flatten(), dense({ units: 10 })]);
  model.build([28, 28, 1]);
  expect(inspect(model)).toBe(
    [
      'sequential of 4 layers, 8806 parameters',
      "  conv: conv2d({ filters: 6, kernelSize: [5, 5], strides: 1, padding: 'valid', …, 156 parameters",
      "  maxPool2d1: maxPool2d({ window: 2, strides: 2, padding: 'valid' }), 0 parameters",
      '  flatten1: flatten(), 0 parameters',
      "  dense1: dense({ units: 10, activation: 'linear', useBias: true }), 8650 parameters",
    ].join('\n'),
  );
  expect(inspect({ model })).toBe('{ model: sequential of 4 layers, 8806 parameters }');
  expect(inspect(residual([flatten()]))).toBe('residual of 1 layer, 0 parameters\n  flatten1: flatten(), 0 parameters');
});

test('a deep model shows its first and last layers', () => {
  const model = sequential(Array.from({ length: 100 }, () => flatten()));
  const lines = inspect(model).split('\n');
  expect(lines).toHaveLength(18);
  expect([lines[0], lines[1], lines[9], lines.at(-1)]).toEqual([
    'sequential of 100 layers, 0 parameters',
    '  flatten1: flatten(), 0 parameters',
    '  … 84 more',
    '  flatten100: flatten(), 0 parameters',
  ]);
});

test('an activation of the caller’s is named as a function', () => {
  const layer = dense({ units: 1, activation: (x) => x });
  expect(inspect(layer)).toBe('dense({ units: 1, activation: a function, useBias: true }), not built');
});

test('every layer shows itself', () => {
  const made = [
    layers.activation('relu'),
    layers.avgPool2d(),
    layers.batchNorm(),
    layers.convNorm({ filters: 1, kernelSize: 1 }),
    layers.dropout({ rate: 0.5 }),
    layers.globalAvgPool2d(),
    layers.identityShortcut({ filters: 1 }),
    layers.branches([[layers.flatten()], []]),
    layers.denseConnection([layers.flatten()]),
    layers.add(),
    layers.average(),
    layers.concatenate(),
    layers.maximum(),
    layers.multiply(),
  ];
  for (const layer of made)
    expect(inspect(layer).split('\n')[0]).toMatch(new RegExp(`^${layer.type}(\\(| of \\d+ layers?,).*(parameters|not built)$`));
  expect(inspect({ last: made[5] })).toBe('{ last: globalAvgPool2d(), 0 parameters }');
});
