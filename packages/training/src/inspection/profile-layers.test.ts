// The table of kernel calls by layer: every call is in it, in the row of the layer that made it.

import type { Tensor } from '@sinapse/core';
import { SinapseError, Context, mean, parametersOf, profile, randomNormal, use, valueAndGrad } from '@sinapse/core';
import { batchNorm, conv2d, dense, dropout, flatten, residual, sequential } from '@sinapse/layers';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { formatLayerProfile, profileLayers } from './index.ts';

beforeAll(() => void use(poisoned()));

function network() {
  const conv = () => conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
  const model = sequential([
    ['first', conv()],
    ['block', residual([['inner', conv()], ['norm', batchNorm({ activation: 'relu' })], ['outer', dropout({ rate: 0.5 })]])],
    flatten(),
    ['classifier', dense({ units: 3 })],
  ]); // prettier-ignore
  model.build([4, 4, 2], 1);
  return model;
}
const image = () => randomNormal([2, 4, 4, 2], { seed: 1 });

test('every call stands in the row of its layer', async () => {
  const [model, twin, x] = [network(), network(), image()]; // a second call of one model reuses what its normalisation has kept
  const { result, rows } = await profileLayers((context) => model.call(x, context));
  expect(result.shape).toEqual([2, 3]);
  const { entries } = profile(() => twin.call(x, new Context()));
  const totals = (list: readonly { kernel: string; calls: number; macs: number; bytes: number }[]) => {
    const sums: Record<string, number[]> = {};
    for (const { kernel, calls, macs, bytes } of list) sums[kernel] = [calls, macs, bytes].map((value, i) => value + (sums[kernel]?.[i] ?? 0));
    return sums;
  };
  expect(totals(rows)).toEqual(totals(entries));
  const at = (layer: string) => rows.filter((row) => row.layer === layer);
  const macs = (layer: string) => at(layer).reduce((sum, row) => sum + row.macs, 0);
  expect([macs('first'), macs('block/inner'), macs('classifier')]).toEqual([2 * 16 * 9 * 2 * 2, 2 * 16 * 9 * 2 * 2, 2 * 32 * 3]);
  expect(at('block').map(({ kernel }) => kernel)).not.toEqual([]); // the sum is the block's own, after its parts have run
  expect(at('')).toEqual([]);
  expect(new Set(rows.map(({ layer }) => layer))).toEqual(new Set(['first', 'block/inner', 'block/norm', 'block', 'classifier'])); // flatten and dropout call no kernel
  expect(rows.map(({ milliseconds }) => milliseconds)).toEqual(rows.map(({ milliseconds }) => milliseconds).sort((a, b) => b - a));
}); // prettier-ignore

test('lowered calls say why, and a step has rows outside of all layers', async () => {
  const [model, x] = [network(), image()];
  const cells = parametersOf(model).map(({ cell }) => cell);
  const step = (context: Context) => valueAndGrad(() => mean(model.call(x, context).square()), cells);
  const { rows } = await profileLayers(step, { training: true, seed: 1 });
  expect(rows.some(({ layer }) => layer === 'block/outer')).toBe(true); // dropout drops in training
  const kernels = (layer: string, backward: boolean) => rows.filter((row) => row.layer === layer && row.backward === backward).map(({ kernel }) => kernel); // prettier-ignore
  for (const layer of ['first', 'block/inner']) {
    expect(kernels(layer, false)).toContain('conv2d');
    expect(kernels(layer, true)).toContain('conv2dFilterGrad');
  }
  expect(kernels('block/inner', true)).toContain('conv2dInputGrad');
  expect(kernels('first', true)).not.toContain('conv2dInputGrad'); // nobody asks for the gradient of the image
  expect([kernels('', false), kernels('', true)].map((list) => list.length > 0)).toEqual([true, true]); // the loss
  for (const { how, reason } of rows) expect(reason !== undefined).toBe(how === 'lowered');

  const text = formatLayerProfile({ rows });
  const lines = text.split('\n');
  expect(lines).toHaveLength(rows.length + 1);
  expect(lines[0]).toMatch(/^layer +kernel +calls +ms +kB +MACs$/);
  const lowered = rows.findIndex(({ how }) => how === 'lowered');
  expect(lines[lowered + 1]).toContain(`lowered: ${rows[lowered]!.reason}`);
  expect(formatLayerProfile({ rows }, 2).split('\n')).toHaveLength(3);
});

test('a layer that throws does not take the calls of others', async () => {
  const model = network();
  const broken = (context: Context): Tensor => {
    try {
      model.call(randomNormal([2, 4, 4, 1], { seed: 1 }), context);
    } catch {
      // The first convolution refuses the image.
    }
    const y = model.call(image(), context);
    return y.mul(y);
  };
  const { rows } = await profileLayers(broken);
  expect(new Set(rows.map(({ layer }) => layer))).toEqual(new Set(['first', 'block/inner', 'block/norm', 'block', 'classifier', '']));
  expect(rows.filter(({ layer }) => layer === '').map(({ kernel, calls }) => [kernel, calls])).toEqual([['binary', 1]]);
});

test.each<[string, () => unknown, string]>([
  ['a model', () => profileLayers(network() as never), 'profileLayers: expected a function of the context, e.g. (context) => model.call(x, context), got an object'],
  ['a promise', () => profileLayers(() => Promise.resolve(1)), 'profileLayers: the function must be synchronous, it returned a promise'],
  ['no profile', () => formatLayerProfile([] as never), 'formatLayerProfile: expected what profileLayers gives, got []'],
])('%s', async (_, mistake, message) => {
  const error = await (async () => mistake())().then(() => expect.unreachable(), (reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(SinapseError);
  expect(error.message).toContain(message);
}); // prettier-ignore
