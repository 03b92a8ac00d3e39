import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { valueAndGrad } from '../autodiff/gradient.ts';
import { ones, tensor, zeros } from '../tensor/creation.ts';
import { profile } from '../dispatch/interceptors.ts';
import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';

beforeEach(() => void use(fusedReference()));

describe('batchNorm', () => {
  test('refuses what does not fit', () => {
    const x = zeros([2, 3, 3, 4]);
    const [scale, offset] = [ones([4]), zeros([4])];
    expect(() => batchNorm(x, ones([3]), offset)).toThrow(
      'batchNorm: scale must be [4], one for each channel of the input [2,3,3,4]; got [3]',
    );
    expect(() => batchNorm(x, scale, zeros([1, 4]))).toThrow('batchNorm: offset must be [4]');
    expect(() => batchNorm(x, scale, offset, { residual: zeros([2, 3, 3, 1]) })).toThrow(
      'batchNorm: residual must be [2,3,3,4], the shape of the result; got [2,3,3,1]',
    );
    expect(() => batchNorm(zeros([]), scale, offset)).toThrow('batchNorm: input must be [batch, …, channels], got a scalar');
    expect(() => batchNorm(x.cast('int32'), scale, offset)).toThrow('batchNorm: takes float32, got int32');
    for (const epsilon of [0, -1, NaN, Infinity])
      expect(() => batchNorm(x, scale, offset, { epsilon })).toThrow('batchNorm: epsilon: expected a finite number > 0');
  });

  test('is one kernel forward and one backward, with activation and residual', () => {
    const [x, residual] = [tensor([[1, 2], [3, -4], [5, 9]]), ones([3, 2])]; // prettier-ignore
    const { entries } = profile(() =>
      valueAndGrad(
        (...[input, scale, offset, added]) => batchNorm(input!, scale!, offset!, { residual: added!, activation: 'relu' }).y.sum(),
        [x, ones([2]), zeros([2]), residual],
      ),
    );
    expect(
      entries.filter(({ kernel }) => !['fill', 'reduce', 'broadcastTo'].includes(kernel)).map(({ kernel, calls }) => [kernel, calls]),
    ).toEqual(
      [['batchNorm', 1], ['batchNormGrad', 1]], // prettier-ignore
    );
  });
});

describe('the residual of conv2d', () => {
  const [x, filter] = [() => ones([1, 4, 4, 2]), () => ones([3, 3, 2, 3])];

  test('has the shape of the result', () => {
    expect(() => conv2d(x(), filter(), { residual: zeros([1, 4, 4, 3]) })).toThrow(
      'conv2d: residual must be [1,2,2,3], the shape of the result; got [1,4,4,3]',
    );
  });

  test('where a backend refuses it, it is added to what the kernel gives', () => {
    const right = fusedReference();
    const refusing = Object.assign(Object.create(right) as typeof right, {
      accepts: (kernel: string, inputs: object) => (kernel === 'conv2d' && 'residual' in inputs ? 'no residual here' : true),
    });
    use(refusing);
    const { result, entries } = profile(() => conv2d(x(), filter(), { residual: ones([1, 2, 2, 3]), activation: 'relu' }));
    expect([...result.dataSync()]).toEqual(Array(12).fill(19));
    expect(entries.filter(({ kernel }) => kernel === 'conv2d').map(({ how, reason }) => [how, reason])).toEqual([
      ['lowered', 'no residual here'],
      ['native', undefined],
    ]);
    expect(entries.some(({ kernel }) => kernel === 'matmul')).toBe(false);
  });
});
