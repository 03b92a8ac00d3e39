// In WebAssembly without threads, an array over the memory becomes empty each time the memory grows; a new array has the same contents.

import { expect, it } from 'vitest';
import type { View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import { ARGUMENT_LIMIT } from '../engine/engine.ts';
import { Memory } from '../engine/memory.ts';
import { createKernels } from './kernels.ts';

/** An engine whose memory grows with every allocation and in every kernel. It records kernels with their arguments. */
function growing() {
  const calls: { readonly name: string; readonly args: readonly number[] }[] = [];
  let args = new Float64Array(ARGUMENT_LIMIT);
  let next = 64;
  const grow = (): void => void (args = structuredClone(args, { transfer: [args.buffer] }));
  const engine: Engine = {
    name: 'none',
    threads: 1,
    get arguments() {
      return args;
    },
    giveBack: () => 0,
    kernel: (name) => () => {
      calls.push({ name, args: [...args] });
      grow();
    },
    allocate: (bytes) => {
      grow();
      return (next += bytes) - bytes;
    },
    free: () => undefined,
    write: () => undefined,
    read: () => undefined,
    workspaceBytes: () => 0,
    close: () => undefined,
  };
  const memory = new Memory(engine, true);
  const make = (shape: readonly number[]): View => ({
    ...specOf('float32', shape),
    storage: memory.allocate(specOf('float32', shape)),
    offset: 0,
  });
  return { calls, kernels: createKernels(engine, memory), make };
}

const addressOf = ({ storage }: View): number => (storage as unknown as { readonly address: number }).address;

it('convolution writes them when there is room for the filter made ready, and again when that is made', () => {
  const { calls, kernels, make } = growing();
  const [x, filter, y] = [make([1, 5, 6, 3]), make([2, 2, 3, 4]), make([1, 4, 5, 4])];
  const geometry = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const;
  const precision = { output: 'float32', accumulation: 'float32' } as const;
  kernels.conv2d!({ in: { x, filter }, out: { y }, attrs: { ...geometry, activation: 'relu', precision }, scalars: { alpha: 0 } });
  kernels.conv2dInputGrad!({ in: { dy: y, filter }, out: { dx: x }, attrs: { ...geometry, inputShape: x.shape, precision }, scalars: {} });
  expect(calls.map(({ name }) => name)).toEqual(['conv2d_pack', 'conv2d', 'conv2d_input_pack', 'conv2d_input_gradient']);
  for (const { args } of calls) expect(args.slice(0, 16)).toEqual([1, 5, 6, 3, 2, 2, 4, 5, 4, 1, 1, 0, 0, 1, 1, 1]);
  expect(calls.map(({ args }) => args[16])).toEqual([filter, x, filter, y].map(addressOf));
  expect(calls[1].args[17]).toBe(calls[0].args[17]);
  expect(calls[1].args.slice(18, 24)).toEqual([0, 0, 0, addressOf(y), 1, 0]);
  expect(calls[3].args.slice(17, 20)).toEqual([calls[2].args[17], 0, addressOf(x)]);
});

it('an optimizer writes them for every run, where a step takes several', () => {
  const { calls, kernels, make } = growing();
  const param = Array.from({ length: 700 }, () => make([1]));
  const grad = param.map(() => make([1]));
  const scalars = { learningRate: 0.5, momentum: 0.9, weightDecay: 0 };
  kernels.sgdStep!({ in: { param, grad }, out: { param, velocity: [] }, attrs: { nesterov: false }, scalars });
  expect(calls.length).toBe(2);
  const seen = calls.flatMap(({ args }) => Array.from({ length: args[0] }, (_, i) => args.slice(7 + 6 * i, 10 + 6 * i)));
  expect(seen).toEqual(param.map((each, i) => [1, addressOf(each), addressOf(grad[i])]));
  for (const { args } of calls) expect(args.slice(1, 7)).toEqual([0, 0, 0.5, 0.9, 0, 0]);
});
