import { modelEntry } from '@sinapse/zoo';
import { expect, test } from 'vitest';
import { weightsOf } from '../problem/numbers.ts';
import type { Network } from './network.ts';
import { slid, survey } from './network.ts';
import * as classic from './classic.ts';
import { lenet5, mlp, resnet20, resnet50 } from './networks.ts';

/** The numbers of trained parameters, and of multiply-accumulate operations for one example. */
function counts(network: Network): { parameters: number; macs: number } {
  const { weights, flops } = survey(network);
  const trained = weights.filter(({ role }) => role !== 'mean' && role !== 'variance');
  return { parameters: trained.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0), macs: flops / 2 };
}

test('the networks have the sizes that are published', () => {
  expect(counts(mlp)).toEqual({ parameters: 101_770, macs: 784 * 128 + 128 * 10 });
  expect(counts(lenet5).parameters).toBe(61_706);
  // He et al. 2016: "0.27M"; 40.6 million operations without the shortcuts, which have no parameters.
  expect(counts(resnet20)).toEqual({ parameters: 269_722, macs: 40_551_040 });
  // torchvision's resnet50: 25,557,032 parameters, 4.09 GMACs.
  expect(counts(resnet50)).toEqual({ parameters: 25_557_032, macs: 4_089_184_256 });
});

test.each(Object.values(classic).map((network) => [network.name, network] as const))(
  '%s has the sizes that the zoo publishes',
  (name, network) => {
    const { parameters, multiplyAdds } = modelEntry(name).figures;
    expect(counts(network)).toEqual({ parameters, macs: multiplyAdds });
    expect(survey(network).output).toEqual([1000]);
  },
);

test('branches of different sizes are refused', () => {
  const steps = [{ op: 'concat', branches: [[], [{ op: 'avgPool', window: 2, stride: 2 }]] }] as const;
  expect(() => survey({ name: 'net', input: [4, 4, 2], steps })).toThrow('net: branches of [4,4,2] and [2,2,2] do not stand side by side');
});

test('weights are the same each time, of the variance that He et al. 2015 derive, and differ from array to array', () => {
  const [first, second] = [weightsOf(lenet5), weightsOf(lenet5)];
  expect(first).toEqual(second);
  const kernel = first.get('dense1/kernel')!.data as Float32Array;
  const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
  expect(variance).toBeGreaterThan((0.97 * 2) / 400); // an estimate from 48,000 values has a deviation of 0.4%
  expect(variance).toBeLessThan((1.03 * 2) / 400);
  expect(first.get('dense1/bias')!.data[0]).not.toBe(first.get('dense2/bias')!.data[0]);
});

test('a residual of two shapes is refused', () => {
  const steps = [{ op: 'residual', body: [{ op: 'globalAvgPool' }], shortcut: [] }] as const;
  expect(() => survey({ name: 'net', input: [4, 4, 2], steps })).toThrow('net: a residual adds [2] and [4,4,2]');
});

test('windows slide', () => {
  expect([slid(224, 7, 2, 3), slid(112, 3, 2, 1), slid(5, 5, 1, 0)]).toEqual([112, 56, 1]);
});
