import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { ones, tensor, zeros } from '../tensor/creation.ts';
import { DTypeError, SinapseError } from '../contract/errors.ts';
import { memory } from '../tensor/memory.ts';
import { Parameter } from '../model/parameter.ts';
import { mul } from '../ops/arithmetic.ts';
import { conv2d } from '../ops/conv2d.ts';
import { linear } from '../ops/linear.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { customGradient, grad, inference, valueAndGrad } from './gradient.ts';
import { stopGradient } from './stop.ts';

beforeAll(() => void use(reference({ precision: 'float64' })));

const values = (x: Tensor): number[] => [...x.dataSync()];

describe('grad', () => {
  test('of x³ is 3x²', () => {
    expect(values(grad((x) => x.pow(3).sum())(tensor([1, 2, 3])))).toEqual([3, 12, 27]);
  });

  test('nests: the third derivative of x⁴ is 24x', () => {
    const f = (x: Tensor): Tensor => x.pow(4).sum();
    const third = grad((x) => grad((y) => grad(f)(y).sum())(x).sum());
    expect(values(third(tensor([1, 2])))).toEqual([24, 48]);
  });

  test('of a gradient that reads the output: tanh″ = -2 tanh (1 - tanh²)', () => {
    const second = grad((x) => grad((y) => y.tanh().sum())(x).sum());
    const t = Math.tanh(0.75);
    expect(values(second(tensor([0.75])))[0]).toBeCloseTo(-2 * t * (1 - t * t), 12);
  });

  test('inner variables are not confused with outer ones: d/dx x (d/dy (x + y)) = 1', () => {
    const f = (x: Tensor): Tensor => mul(x, grad((y) => x.add(y))(ones([])));
    expect(values(grad(f)(tensor(5)))).toEqual([1]);
  });

  test('an inner gradient of a function that uses the outer variable', () => {
    // g(x) = d/dy (x² y³) at y = x is 3x⁴, so g'(x) = 12x³.
    const g = (x: Tensor): Tensor => grad((y) => x.square().mul(y.pow(3)))(x);
    expect(values(grad(g)(tensor(2)))).toEqual([96]);
  });

  test('the same tensor used twice adds up', () => {
    expect(values(grad((x) => x.mul(x).add(x).sum())(tensor([3])))).toEqual([7]);
  });

  test('other results may be trees; they outlive the tape', () => {
    const { value, gradients } = valueAndGrad((x) => [x.square().sum(), { twice: x.mul(2), more: [x.neg()] }] as const, [tensor([3])]);
    expect([value[1].twice, value[1].more[0], gradients[0]!].map(values)).toEqual([[6], [-3], [6]]);
    expect([value[1].twice.node, value[1].more[0].node]).toEqual([undefined, undefined]);
  });

  test('one tensor in two entries has a gradient for each', () => {
    const x = tensor([3]);
    const { gradients } = valueAndGrad((a, b) => a.mul(2).add(b.mul(b)).sum(), [x, x]);
    expect(gradients.map(values)).toEqual([[2], [6]]);
  });

  test('one parameter in two entries is refused, and may be given once afterwards', () => {
    const [p, q] = [new Parameter(tensor([3])), new Parameter(tensor([5]))];
    const f = (): Tensor => p.value.mul(q.value).sum();
    expect(() => valueAndGrad(f, [p, q, p])).toThrow(
      new SinapseError('valueAndGrad: entries 0 and 2 are the same parameter; name each once'),
    );
    expect(valueAndGrad(f, [q, p]).gradients.map(values)).toEqual([[3], [5]]);
  });

  test('what is no function, no list or no tensor is refused', () => {
    const f = (): Tensor => ones([]);
    const odd = (value: unknown): never => value as never;
    expect(() => valueAndGrad(odd(undefined), [])).toThrow(new SinapseError('valueAndGrad: takes a function, got undefined'));
    expect(() => valueAndGrad(f, odd(new Parameter(ones([1]))))).toThrow('valueAndGrad: takes a list of the tensors and parameters');
    expect(() => valueAndGrad(f, [ones([1]), odd(3)])).toThrow('valueAndGrad: entry 1 is no tensor and no parameter, but 3');
    expect(() => grad(f)(odd(undefined))).toThrow('grad: takes tensors, got undefined');
  });

  test('what does not depend on the argument has gradient zero', () => {
    const constant = tensor([1, 2]);
    expect(values(grad(() => constant.sum())(tensor([1, 2, 3])))).toEqual([0, 0, 0]);
  });

  test('a function without a scalar result is refused, and one that returns a promise', () => {
    expect(() => grad((x) => x)(tensor([1, 2]))).toThrow(
      'grad: the function must return a scalar, got [2]; reduce it with sum() or mean()',
    );
    expect(() => grad((x) => x.cast('int32').sum())(tensor([1]))).toThrow('grad: the function must return a float scalar, got int32');
    expect(() => grad((async () => tensor(1)) as never)(tensor([1]))).toThrow(
      'grad: the function returned a promise; it must be synchronous',
    );
  });
});

describe('valueAndGrad', () => {
  test('of parameters, read in the function as usual', () => {
    const w = new Parameter(tensor([2, 3]));
    const b = new Parameter(tensor([1, 1]));
    const x = tensor([10, 20]);
    const { value, gradients } = valueAndGrad(() => x.mul(w.value).add(b.value).sum(), [w, b]);
    expect(values(value)).toEqual([82]);
    expect(gradients.map(values)).toEqual([
      [10, 20],
      [1, 1],
    ]);
    expect(values(w.value)).toEqual([2, 3]);
  });

  test('carries other results along', () => {
    const { value, gradients } = valueAndGrad(
      (x) => {
        const squares = x.square();
        return [squares.sum(), squares];
      },
      [tensor([1, 2])],
    );
    expect(value.map(values)).toEqual([[5], [1, 4]]);
    expect(values(gradients[0]!)).toEqual([2, 4]);
  });

  test('leaves nothing behind but its results, also when the function throws', () => {
    const x = tensor([1, 2, 3]);
    const before = memory().tensors;
    const { value, gradients } = valueAndGrad((y) => y.exp().mul(y).tanh().sum(), [x]);
    expect(memory().tensors).toBe(before + 2);
    value.dispose();
    gradients[0]!.dispose();
    expect(() =>
      valueAndGrad(
        (y) => {
          y.exp().mul(y);
          throw new Error('in the middle');
        },
        [x],
      ),
    ).toThrow('in the middle');
    expect(memory().tensors).toBe(before);
  });

  test('keeps what the way back needs, though the function has released it', () => {
    const f = (x: Tensor): Tensor => {
      const y = scope(() => x.exp().mul(x));
      const z = y.tanh();
      y.dispose();
      return z.sum();
    };
    const x = 0.75; // exact in float32
    const inner = Math.exp(x) * x;
    expect(values(grad(f)(tensor([x])))[0]).toBeCloseTo((1 - Math.tanh(inner) ** 2) * (Math.exp(x) * x + Math.exp(x)), 12);
  });

  test('of what an op was given and gave, only what a gradient being taken reads is kept', () => {
    const [x, weight, bias] = [zeros([2, 3]), zeros([3, 4]), zeros([4])];
    const [image, filter] = [zeros([1, 3, 3, 1]), zeros([2, 2, 1, 1])];
    const kept = (op: (z: Tensor) => Tensor, wrt: Tensor): number => {
      let count = 0;
      valueAndGrad(
        (z) => {
          const before = memory().tensors;
          const y = op(z);
          count = memory().tensors - before - 1;
          return y.sum();
        },
        [wrt],
      );
      return count;
    };
    expect(kept((z) => linear(z, weight, bias), x)).toBe(1); // the weight
    expect(kept((z) => linear(x, z, bias), weight)).toBe(1); // x
    expect(kept((z) => linear(x, weight, z), bias)).toBe(0);
    expect(kept((z) => linear(z, weight, bias, { activation: 'relu' }), x)).toBe(2); // and the output
    expect(kept((z) => conv2d(z, filter), image)).toBe(1);
    expect(kept((z) => conv2d(image, z, { activation: 'tanh' }), filter)).toBe(2);
    expect(kept((z) => z.mul(2), x)).toBe(0);
    expect(kept((z) => z.mul(x), x)).toBe(1);
    expect(kept((z) => z.mul(z), x)).toBe(2); // both operands, even if they are one tensor
  });

  test('a parameter changed after the gradient was taken leaves the gradient as it was', () => {
    const w = new Parameter(tensor([2]));
    const { gradients } = valueAndGrad(() => w.value.square().sum(), [w]);
    w.assign(zeros([1]));
    expect(values(gradients[0]!)).toEqual([4]);
  });
});

describe('stopping and replacing gradients', () => {
  test('stopGradient makes a constant', () => {
    expect(values(grad((x) => x.mul(stopGradient(x)).sum())(tensor([3])))).toEqual([3]);
  });

  test('inference records nothing', () => {
    expect(
      values(
        grad((x) =>
          inference(() => x.mul(x))
            .add(x)
            .sum(),
        )(tensor([3])),
      ),
    ).toEqual([1]);
  });

  test('a custom gradient replaces the derived one, and is differentiated itself', () => {
    const reversed = customGradient((x) => ({ value: x.square(), gradient: (dy) => [dy.mul(x).mul(-2)] }));
    expect(values(grad((x) => reversed(x).sum())(tensor([3])))).toEqual([-6]);
    expect(values(grad((x) => grad((y) => reversed(y).sum())(x).sum())(tensor([3])))).toEqual([-2]);
    expect(values(reversed(tensor([3])))).toEqual([9]);
  });

  test('a custom gradient of several values gets a gradient for each, and none for what nothing depends on', () => {
    const given: boolean[][] = [];
    const both = customGradient((a, b) => ({
      values: [a.mul(b), a.add(b), b],
      gradient: ([dProduct, dSum, dLast]) => {
        given.push([dProduct, dSum, dLast].map((d) => d !== undefined));
        const [ofA, ofB] = [dProduct && dProduct.mul(b).mul(10), dProduct && dProduct.mul(a).mul(10)];
        return [dSum && ofA ? ofA.add(dSum) : (ofA ?? dSum), dLast && ofB ? ofB.add(dLast) : (ofB ?? dLast)];
      },
    }));
    const [x, y] = [tensor([2, 3]), tensor([5, 7])];
    const all = valueAndGrad(
      (a, b) => {
        const [product, sum, last] = both(a, b);
        return product.add(sum).add(last.mul(last)).sum();
      },
      [x, y],
    );
    expect(all.gradients.map(values)).toEqual([
      [51, 71],
      [30, 44],
    ]);
    const one = valueAndGrad((a, b) => both(a, b)[0].sum(), [x, y]);
    expect(one.gradients.map(values)).toEqual([
      [50, 70],
      [20, 30],
    ]);
    expect(given).toEqual([
      [true, true, true],
      [true, false, false],
    ]);
    // d²/da db of the sum of a b; each of the two gradients brings the factor 10.
    expect(values(grad((b) => grad((a) => both(a, b)[0].sum())(x).sum())(y))).toEqual([10, 10]);
    expect(both(x, y).map(values)).toEqual([[10, 21], [7, 10], [5, 7]]); // prettier-ignore
  });

  test('a custom gradient of the wrong shape or count is refused', () => {
    const wrongShape = customGradient((x) => ({ value: x.sum(), gradient: (dy) => [dy] }));
    expect(() => grad((x) => wrongShape(x))(tensor([1, 2]))).toThrow('customGradient: the gradient of an input of shape [2] has shape []');
    const wrongType = customGradient((x) => ({ value: x.sum(), gradient: () => [zeros([2], 'int32')] }));
    expect(() => grad((x) => wrongType(x))(tensor([1, 2]))).toThrow(
      new DTypeError('customGradient: the gradient of a float32 input is int32; cast it'),
    );
    const wrongCount = customGradient((x) => ({ value: x.sum(), gradient: () => [] }));
    expect(() => grad((x) => wrongCount(x))(tensor([1, 2]))).toThrow('customGradient: 1 arguments, but 0 gradients');
  });
});
