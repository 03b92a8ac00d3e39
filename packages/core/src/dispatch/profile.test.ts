import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeAll, describe, expect, test } from 'vitest';
import { use, withBackend } from './active-backend.ts';
import type { Backend } from '../contract/backend.ts';
import { tensor } from '../tensor/creation.ts';
import { profile } from './interceptors.ts';
import { valueAndGrad } from '../autodiff/gradient.ts';
import { mul } from '../ops/arithmetic.ts';
import { softmax } from '../ops/softmax.ts';
import { sum } from '../ops/sum.ts';
import { exp } from '../ops/unary.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

beforeAll(() => void use(fusedReference()));

/** The reference backend with some members changed. */
function altered(changes: (right: Backend) => Partial<Backend>): Backend {
  const right = fusedReference();
  return Object.assign(Object.create(right) as Backend, changes(right));
}

describe('profile says what it timed', () => {
  const calls = (): Tensor => scope(() => softmax(tensor([1, 2]).exp()));

  test('kernels, where they have run when they return', () => {
    const { entries } = profile(calls);
    expect(entries.map(({ timed }) => timed)).toEqual(['kernels', 'kernels']);
  });

  test('issuing, where they run later and there is no timer', () => {
    const late = altered(({ info }) => ({ info: { ...info, reading: 'waits' } }));
    expect(withBackend(late, () => profile(calls)).entries.map(({ timed }) => timed)).toEqual(['issuing', 'issuing']);
  });

  test('the device, where it has a timer: each kernel once, a lowering as the sum of its kernels', async () => {
    let nested = 0;
    const time = (issue: () => void): Promise<number> => {
      expect(nested++).toBe(0);
      try {
        issue();
      } finally {
        nested--;
      }
      return Promise.resolve(3);
    };
    const device = altered(({ kernels: { softmax: _, ...kernels } }) => ({ kernels, time }));
    const inner = withBackend(device, () => profile(() => profile(calls)));
    for (const { entries, complete } of [inner, inner.result]) {
      await complete;
      const times = Object.fromEntries(entries.map(({ kernel, how, timed, milliseconds }) => [kernel, `${how} ${timed} ${milliseconds}`]));
      // exp; then the lowering: maximum, difference, exp, sum, quotient
      expect(times).toMatchObject({
        softmax: 'lowered device 15',
        unary: 'native device 6',
        reduce: 'native device 6',
        binary: 'native device 6',
      });
    }
  });

  test('a device that is lost before it could say is told by `complete` alone', async () => {
    const device = altered(() => ({ time: (issue) => (issue(), Promise.reject(new Error('gone'))) }));
    const { complete } = withBackend(device, () => profile(calls));
    await expect(complete).rejects.toThrow('gone');
  });

  test('groups are added up apart', () => {
    let group = 'a';
    const { entries } = profile(
      () => {
        scope(() => tensor([1, 2]).exp());
        group = 'b';
        scope(() => tensor([1, 2]).exp().exp());
      },
      { groupBy: () => group },
    );
    expect(entries.map(({ kernel, calls, group: of }) => [kernel, calls, of])).toEqual([
      ['unary', 1, 'a'],
      ['unary', 2, 'b'],
    ]);
    expect(profile(() => scope(() => tensor([1]).exp())).entries[0]).not.toHaveProperty('group');
  });

  test('the calls of a gradient belong to the groups of those whose gradient they are', () => {
    let group = '';
    const inGroup = <R>(name: string, callback: () => R): R => {
      group = name;
      const result = callback();
      group = 'outside';
      return result;
    };
    const f = (x: Tensor) => {
      const y = inGroup('a', () => exp(x));
      return sum(inGroup('b', () => mul(y, y)));
    };
    const { entries } = profile(() => valueAndGrad((x) => f(x), [tensor([1, 2])]), { groupBy: () => group });
    const of = (name: string, backward: boolean) => entries.filter((entry) => entry.group === name && entry.backward === backward).map(({ kernel }) => kernel); // prettier-ignore
    expect([of('a', false), of('b', false)]).toEqual([['unary'], ['binary']]);
    expect(of('a', true)).toEqual(['binary']); // the gradient of exp: a product
    expect(of('b', true)).toContain('binary');
    expect(of('outside', true)).not.toContain('unary'); // the gradient of the sum
  });
});
