import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { valueAndGrad } from '../autodiff/gradient.ts';
import { tensor } from '../tensor/creation.ts';
import { memory } from '../tensor/memory.ts';
import { sgdStep } from '../ops/optimizer-steps.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Derived } from './derived.ts';
import { Parameter, State } from './parameter.ts';

beforeAll(() => void use(fusedReference({ poison: true })));

/** weight · factor, counted whenever it is computed. */
class Product {
  readonly weight = scope(() => new Parameter(tensor([1, 2])));
  readonly factor = scope(() => new State(tensor([10, 10])));
  readonly derived = new Derived<{ y: Tensor }>();
  computed = 0;

  value(): Tensor {
    const { weight, factor } = this;
    return this.derived.of([weight, factor], () => {
      this.computed++;
      return { y: weight.value.mul(factor.value) };
    }).y;
  }

  read(): number[] {
    return scope(() => [...this.value().dataSync()]);
  }
}

describe('what is derived from cells', () => {
  test('is computed once, stays the same storage, and costs no memory after the first time', () => {
    const product = new Product();
    const storage = scope(() => product.value().storage);
    const before = memory();
    for (let i = 0; i < 3; i++) scope(() => expect(product.value().storage).toBe(storage));
    expect(product.read()).toEqual([10, 20]);
    expect(product.computed).toBe(1);
    expect(memory()).toEqual(before);
  });

  test('follows an assignment to any of the cells', () => {
    const product = new Product();
    expect(product.read()).toEqual([10, 20]);
    scope(() => product.factor.assign(tensor([3, 3])));
    expect(product.read()).toEqual([3, 6]);
    scope(() => product.weight.assign(tensor([5, 5])));
    expect(product.read()).toEqual([15, 15]);
    expect(product.computed).toBe(3);
  });

  test('follows a cell that comes and goes', () => {
    const { weight, factor, derived } = new Product();
    const sumWith = (optional: State | undefined) =>
      scope(() => [
        ...derived
          .of([weight, optional], () => ({ y: optional === undefined ? weight.value.alias() : weight.value.add(optional.value) }))
          .y.dataSync(),
      ]);
    expect(sumWith(undefined)).toEqual([1, 2]);
    expect(sumWith(factor)).toEqual([11, 12]);
    expect(sumWith(undefined)).toEqual([1, 2]);
  });

  test('follows an optimizer that steps in place', () => {
    const product = new Product();
    expect(product.read()).toEqual([10, 20]);
    const { storage } = product.weight.tensor;
    scope(() => {
      const scalars = { learningRate: 1, weightDecay: 0, momentum: 0 };
      const { param } = sgdStep({ param: [product.weight.tensor], grad: [tensor([1, 1])] }, { nesterov: false }, scalars);
      product.weight.assign(param[0]!);
    });
    expect(product.weight.tensor.storage).toBe(storage); // no kept tensor refers to it
    expect(product.read()).toEqual([0, 10]);
  });

  test('is computed on the spot for a gradient by a cell, and then as it was', () => {
    const product = new Product();
    expect(product.read()).toEqual([10, 20]);
    const before = memory();
    const { gradients } = valueAndGrad(() => product.value().sum(), [product.weight]);
    expect([...gradients[0]!.dataSync()]).toEqual([10, 10]);
    gradients[0]!.dispose();
    expect(product.computed).toBe(2);
    expect(product.read()).toEqual([10, 20]);
    expect(product.computed).toBe(2);
    expect(memory().backend.liveStorages).toBe(before.backend.liveStorages + 1); // the value of the loss, which the garbage collector will release
  });

  test('is a constant to other gradients', () => {
    const product = new Product();
    const gradient = scope(() => {
      const x = tensor([1, 1]);
      return [...valueAndGrad((leaf) => leaf.mul(product.value()).sum(), [x]).gradients[0]!.dataSync()];
    });
    expect(gradient).toEqual([10, 20]);
    expect(product.read()).toEqual([10, 20]);
    expect(product.computed).toBe(1);
  });

  test('keeps nothing when it cannot be computed, nor after release', () => {
    const before = memory().tensors;
    const product = new Product();
    expect(() =>
      product.derived.of([product.weight], () => ({ y: product.weight.value.matmul(product.factor.value.reshape([1, 2])) })),
    ).toThrow('matmul: inner lengths differ');
    expect(memory().tensors).toBe(before + 2);
    product.read();
    product.derived.release();
    expect(memory().tensors).toBe(before + 2);
    product.weight.dispose();
    expect(() => product.value()).toThrow('was disposed of');
  });
});
