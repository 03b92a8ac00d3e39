import { reference } from '@sinapse/backend-reference';
import { beforeAll, expect, test } from 'vitest';
import { valueAndGrad } from '../autodiff/gradient.ts';
import { use } from '../dispatch/active-backend.ts';
import { minimum } from '../ops/arithmetic.ts';
import { tensor } from '../tensor/creation.ts';
import { memory } from '../tensor/memory.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Context } from './context.ts';
import { Parameter } from './parameter.ts';
import { constrain, penaltyOf } from './penalty.ts';

beforeAll(() => void use(reference({ poison: true })));

const parameter = (...values: number[]): Parameter => scope(() => new Parameter(tensor(values)));

test('penalties of parameters and of the context add up, with their gradients, and leave nothing behind', () => {
  const [a, b, c] = [parameter(1, -2), parameter(3), parameter(5)];
  a.penalty = (w) => w.square().sum();
  b.penalty = (w) => w.abs().sum().mul(10);
  const run = (): void =>
    scope(() => {
      const context = new Context({ training: true });
      const call = (): Tensor => {
        scope(() => context.child('layer').penalise(c.value.mul(7).sum()));
        return penaltyOf([a, b, c], context)!;
      };
      const { value, gradients } = valueAndGrad(call, [a, b, c]);
      expect(value.dataSync()[0]).toBe(5 + 30 + 35);
      expect(gradients.map((each) => [...each.dataSync()])).toEqual([[2, -4], [10], [7]]);
      expect(penaltyOf([c], context)).toBeUndefined();
    });
  run();
  const before = memory();
  run();
  expect(memory()).toEqual(before);
});

test('a context that does not train takes no penalties, and one that is discarded drops them', () => {
  const before = memory();
  scope(() => {
    const context = new Context();
    context.penalise(tensor(1));
    expect(penaltyOf([], context)).toBeUndefined();
    const training = new Context({ training: true });
    training.penalise(tensor(1));
    training.discard();
    expect(penaltyOf([], training)).toBeUndefined();
    expect(() => training.penalise(tensor([1, 2]))).toThrow('context: a penalty must be a scalar, got [2]');
  });
  expect(memory()).toEqual(before);
});

test('constraints change the values, unless the step is skipped', () => {
  const [a, b] = [parameter(1, 9), parameter(9)];
  a.constraint = (w) => minimum(w, 2);
  const skip = (value: boolean): Tensor => tensor(value, { dtype: 'bool' });
  scope(() => constrain([a, b], skip(true)));
  expect([...a.value.dataSync()]).toEqual([1, 9]);
  scope(() => constrain([a, b], skip(false)));
  expect([...a.value.dataSync()]).toEqual([1, 2]);
  a.assign(tensor([3, 0]));
  constrain([a, b]);
  expect([...a.value.dataSync()]).toEqual([2, 0]);
  expect([...b.value.dataSync()]).toEqual([9]);
});
