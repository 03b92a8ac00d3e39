// Regression tests: each is the smallest case that shows a fault which was found in review.

import { fusedReference } from '@sinapse/backend-reference/fused';
import { beforeEach, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { customGradient, grad, inference, valueAndGrad } from '../autodiff/gradient.ts';
import { tensor, zeros } from '../tensor/creation.ts';
import { checkNumerics } from '../dispatch/interceptors.ts';
import { memory } from '../tensor/memory.ts';
import { meta } from '../dispatch/meta.ts';
import { Context } from '../model/context.ts';
import { Parameter, State } from '../model/parameter.ts';
import { conv2d } from './conv2d.ts';
import { sgdStep } from './optimizer-steps.ts';
import { pow } from './power.ts';
import { setUnscopedLimit } from '../tensor/handle.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { cpu } from '@sinapse/backend-cpu';

beforeEach(() => void use(fusedReference()));

const values = (x: Tensor): number[] => [...x.dataSync()];
const plain = { learningRate: 0.1, weightDecay: 0 };

describe('the life of tensors', () => {
  test('a disposed tensor cannot be kept', () => {
    const x = tensor([1]);
    x.dispose();
    expect(() => x.keep()).toThrow('keep: the float32 tensor [1] was disposed of');
  });

  test('views count once against the limit on unscoped bytes', () => {
    const before = memory().unscopedBytes;
    const x = zeros([1000]);
    const views = Array.from({ length: 10 }, (_, i) => x.slice([{ begin: i }]));
    expect(memory().unscopedBytes - before).toBe(4000);
    for (const view of [x, ...views]) view.dispose();
    expect(memory().unscopedBytes).toBe(before);
    setUnscopedLimit(2 ** 31);
  });

  test('a cyclic result is returned, and a set', () => {
    interface Ring {
      self?: Ring;
      x: Tensor;
    }
    const ring = scope(() => {
      const made: Ring = { x: tensor([1]) };
      made.self = made;
      return made;
    });
    expect(ring.x.disposed).toBe(false);
    expect([...scope(() => new Set([tensor([1])]))][0]!.disposed).toBe(false);
  });

  test('the caller’s shape array is not the tensor’s', () => {
    const shape = [2, 3];
    const x = zeros(shape);
    const y = x.reshape(shape);
    shape[0] = 7;
    expect([x.shape, y.shape]).toEqual([
      [2, 3],
      [2, 3],
    ]);
  });
});

describe('gradients', () => {
  test('an inner gradient under inference leaves the outer graph whole', () => {
    const f = (x: Tensor): Tensor => {
      const y = x.mul(3);
      inference(() => valueAndGrad((a) => [a.mul(a), y], [tensor(2)]));
      return y.mul(y);
    };
    expect(values(grad(f)(tensor(1)))).toEqual([18]);
  });

  test('a custom gradient may return a tensor of the caller’s, and read what it made in an inner scope', () => {
    const three = tensor(3).keep();
    const triple = customGradient((x) => ({ value: x.mul(3), gradient: () => [three] }));
    expect(values(grad((x) => triple(x.mul(2)))(tensor(1)))).toEqual([6]);
    expect(three.disposed).toBe(false);

    const identity = customGradient((x) => {
      const e = x.exp();
      return { value: e.log(), gradient: (dy) => [dy.mul(e)] };
    });
    expect(values(grad((x) => scope(() => identity(x)))(tensor(0)))).toEqual([1]);
  });

  test('a custom gradient that throws leaves nothing behind', () => {
    const x = tensor(1);
    const before = memory().tensors;
    const broken = customGradient(() => {
      throw new Error('broken');
    });
    expect(() => grad((y) => broken(y))(x)).toThrow('broken');
    expect(memory().tensors).toBe(before);
  });

  test('a parameter’s value can be disposed of inside grad as outside', () => {
    const p = new Parameter(tensor(3));
    const { gradients } = valueAndGrad(() => {
      const a = p.value;
      const r = a.mul(a);
      a.dispose();
      return r.mul(p.value);
    }, [p]);
    expect(values(gradients[0]!)).toEqual([27]);
  });

  test('the second derivative of a power with exponent 0 at 0', () => {
    const second = grad((x) => grad((y) => pow(y, tensor([0, 2])).sum())(x).sum());
    expect(values(second(tensor([0, 3])))).toEqual([0, 2]);
  });
});

describe('kernels that write in place', () => {
  test('one tensor in two slots is not donated', () => {
    const z = zeros([1]);
    const { param } = sgdStep(
      { param: [tensor([1]), tensor([1])], grad: [tensor([1]), tensor([1])], velocity: [z, z] },
      { nesterov: false },
      { ...plain, momentum: 0.9 },
    );
    expect(param.map((p) => values(p)[0])).toEqual([Math.fround(0.9), Math.fround(0.9)]);
  });

  test('the scale of the gradients is a scalar of their dtype', () => {
    const step = (gradientScale: Tensor): Tensor => {
      const inputs = { param: [tensor([1, 2])], grad: [tensor([3, 4])], gradientScale };
      return sgdStep(inputs, { nesterov: false }, { ...plain, momentum: 0 }).param[0]!;
    };
    expect(values(step(tensor(0.5)))).toEqual([1 - 0.15, 2 - 0.2].map(Math.fround));
    expect(() => step(tensor([0.5]))).toThrow('sgdStep: gradientScale must be a float32 scalar, got float32 [1]');
    expect(() => step(tensor(1, { dtype: 'int32' }))).toThrow('sgdStep: gradientScale must be a float32 scalar, got int32 []');
  });

  test('checkNumerics sees what they make of good inputs', () => {
    const step = (): unknown =>
      sgdStep({ param: [tensor([1])], grad: [tensor([Infinity])] }, { nesterov: false }, { ...plain, learningRate: 0, momentum: 0 });
    expect(() => checkNumerics(step)).toThrow('sgdStep: NaN from inputs that have none');
  });
});

describe('state', () => {
  test('is checked when it is noted, so that a commit is whole or not at all', () => {
    const [a, b] = [new State(tensor(0)), new State(zeros([2]))];
    const context = new Context({ training: true });
    context.update(a, tensor(5));
    expect(() => context.update(b, tensor(3))).toThrow('assign: a value of shape [] does not fit [2]');
    context.commit();
    expect(values(a.value)).toEqual([5]);
  });

  test('stays on its backend', async () => {
    const other = await tensor([1]).to(meta());
    expect(() => new Parameter(tensor([1])).assign(other)).toThrow('assign: a value on meta does not fit a cell on reference');
  });
});

describe('wrong arguments are one clear line', () => {
  test.each<[string, () => unknown, string]>([
    [
      'an array for a tensor',
      () => tensor([1]).add([1] as never),
      'add: takes tensors and numbers, got an array; make it a tensor with tensor([…])',
    ],
    ['text for a tensor', () => tensor([1]).mul('3' as never), 'mul: takes tensors and numbers, got "3"'],
    [
      'a fraction for an int32',
      () => tensor([1], { dtype: 'int32' }).add(1.5),
      'add: 1.5 is not a value of int32; cast the tensor to float32 first',
    ],
    ['a value beyond int32', () => tensor([2 ** 40], { dtype: 'int32' }), 'tensor: 1099511627776 is not a value of int32'],
    ['an unknown dtype', () => tensor([1], { dtype: 'float33' as never }), 'got "float33"; did you mean float32?'],
    ['the mean of integers', () => tensor([1, 2], { dtype: 'int32' }).mean(), 'mean: takes float32, got int32; cast it'],
    ['a fractional axis', () => zeros([2, 3]).transpose([0.5, 1]), 'transpose: [0.5,1] is not an order of the 2 axes'],
    ['a fractional index', () => zeros([4]).slice([{ end: 2.5 }]), 'slice: end: expected an integer, got 2.5'],
    ['two open lengths', () => zeros([4]).reshape([-1, -1]), 'reshape: [-1,-1] leaves two lengths open; one can be -1'],
    ['lengths that do not fit', () => zeros([2, 3, 4]).matmul(zeros([3, 2])), 'matmul: inner lengths differ: [2,3,4] and [3,2]'],
    [
      'an empty filter',
      () => conv2d(zeros([1, 2, 2, 1]), zeros([0, 1, 1, 1])),
      'conv2d: height and width of the filter must be integers from 1 to 1048576',
    ],
    ['a promise of a backend', () => use(cpu() as never), 'use: got a promise of a backend; write use(await cpu())'],
    ['no backend', () => use(undefined as never), 'use: takes a backend, got undefined; write use(await cpu())'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  test('a tensor of many axes prints', () => {
    expect(String(zeros([5, 5, 5, 5, 5, 5, 5, 5]))).toContain('float32 [5,5,5,5,5,5,5,5]');
    expect(String(zeros([2, 2, 2, 2, 2, 2, 2, 2, 2]))).toBe('float32 [2,2,2,2,2,2,2,2,2] (512 values: 0, 0, 0, …)');
  });
});
