// Formulas as programs: the number of kernels that run, results equal to those of their ops, and refusals.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  add, biasActivation, cast, cell, customGradient, derived, div, dropout, erfc, exp, full, fused, fusedUpdate, gelu, greater, leakyRelu, matmul, memory, mul, neg, ones, profile, record, relu, scope, softplus, sqrt, square, stopGradient, sub, sum, tensor, use, valueAndGrad, where, zeros,
} from '../index.ts'; // prettier-ignore
import type { Attrs, Backend, Program, Scalar, Tensor } from '../index.ts';

let wasm: Backend;
beforeAll(async () => {
  wasm = await cpu({ engine: 'wasm', threads: 1 });
});
afterAll(() => wasm.close());
beforeEach(() => void use(wasm));

const values = (x: Tensor): number[] => [...x.dataSync()];

/** The kernel calls of a callback, in order. */
const callsOf = (callback: () => unknown): string[] => record(() => scope(callback)).calls.map(({ kernel }) => kernel);

/** The programs that a callback runs. */
const programsOf = (callback: () => unknown): Program[] =>
  record(() => scope(callback)).calls.map(({ attrs }) => (attrs as Attrs<'elementwise'>).program);

const x = (): Tensor => tensor([[-2, -0.5, 0], [0.25, 1, 3]]); // prettier-ignore

const GELU = (t: Tensor): Tensor => mul(mul(t, 0.5), erfc(mul(t, -Math.SQRT1_2)));
const USERS = (a: Tensor, b: Tensor, rate: Scalar): Tensor => where(greater(a, b), mul(square(a), rate), leakyRelu(sub(a, b), 0.1));

describe("a program for Adam, GELU and a user's formula each run as one kernel call", () => {
  const user = fused(USERS);
  const formulas: Record<string, [f: (...xs: Tensor[]) => Tensor, opByOp: (...xs: Tensor[]) => Tensor, xs: () => Tensor[]]> = {
    'GELU': [gelu, GELU, () => [x()]],
    "a user's formula": [(a, b) => user(a, b, 0.3), (a, b) => USERS(a, b, 0.3), () => [x(), tensor([0.5, -1, 2])]],
  }; // prettier-ignore

  test.each(Object.entries(formulas))('%s, forward and backward, with the bits of its ops', (_, [f, opByOp, xs]) => {
    scope(() => {
      const given = xs();
      const { entries } = profile(() => f(...given));
      expect(entries).toMatchObject([{ kernel: 'elementwise', how: 'native', calls: 1 }]);
      expect(values(f(...given))).toEqual(values(opByOp(...given)));

      const gradients = (g: typeof f): Tensor[] => valueAndGrad((...each) => sum(g(...each)), given).gradients;
      const back = callsOf(() => gradients(f)).filter((kernel) => kernel === 'elementwise');
      expect(back).toHaveLength(2);
      expect(gradients(f).map(values)).toEqual(gradients(opByOp).map(values));
    });
  });

  test('second derivatives are those of the ops', () => {
    const second = (f: (t: Tensor) => Tensor): number[] =>
      scope(() => {
        const first = (t: Tensor): Tensor => valueAndGrad((u) => sum(f(u)), [t]).gradients[0]!;
        return values(valueAndGrad((t) => sum(square(first(t))), [x()]).gradients[0]!);
      });
    const [ours, theirs] = [second(gelu), second(GELU)];
    ours.forEach((value, i) => expect(value).toBeCloseTo(theirs[i]!, 5));
    const calls = callsOf(() => second(gelu));
    expect(calls.filter((kernel) => kernel === 'elementwise')).toHaveLength(3); // the other calls are sums, and the square in this test
    expect(calls).not.toContain('unary');
  });
});

describe('an update', () => {
  type AdamState = { param: Tensor; m: Tensor; v: Tensor };
  const formula = ({ param, m, v }: AdamState, { grad, rate }: { grad: Tensor; rate: Scalar }): AdamState => {
    const mean = add(mul(m, 0.9), mul(grad, 0.1));
    const squares = add(mul(v, 0.999), mul(square(grad), 0.001));
    return { param: sub(param, mul(div(mean, add(sqrt(squares), 1e-3)), rate)), m: mean, v: squares };
  };
  const adam = fusedUpdate(formula);
  const state = (): Record<'param' | 'm' | 'v', Tensor[]> => ({
    param: [tensor([1, 2, 3]), tensor([[4]])],
    m: [tensor([0.5, 0, -1]), tensor([[0.25]])],
    v: [tensor([1, 0.5, 0.25]), tensor([[2]])],
  });
  const grads = (): Tensor[] => [tensor([1, -1, 0.5]), tensor([[3]])];

  test('is one call for all parameters, in place, with the bits of the ops', () => {
    scope(() => {
      const before = state();
      const expected = before.param.map((param, i) =>
        formula({ param, m: before.m[i]!, v: before.v[i]! }, { grad: grads()[i]!, rate: 0.1 }),
      );
      const storages = Object.values(before).map((list) => list.map(({ storage }) => storage));
      const { result, entries } = profile(() => adam(before, { grad: grads(), rate: 0.1 }));
      expect(entries).toMatchObject([{ kernel: 'elementwise', how: 'native', calls: 1 }]);
      expect(Object.values(result).map((list) => list.map(({ storage }) => storage))).toEqual(storages);
      expect(result.param.map(values)).toEqual(expected.map(({ param }) => values(param)));
      expect(result.v.map(values)).toEqual(expected.map(({ v }) => values(v)));
    });
  });

  test('leaves alone what something else refers to', () => {
    scope(() => {
      const before = state();
      const snapshot = before.m[0]!.alias();
      const { m, v } = adam(before, { grad: grads(), rate: 0.1 });
      expect([m[0]!.storage === snapshot.storage, v[0]!.storage === before.v[0]!.storage]).toEqual([false, true]);
      expect(values(snapshot)).toEqual([0.5, 0, -1]);
    });
  });

  test('keeps slots that the formula does not read', () => {
    const count = fusedUpdate(({ steps }: { last: Tensor; steps: Tensor }, { x: given }: { x: Tensor }) => ({ last: given, steps: add(steps, 1) })); // prettier-ignore
    const { last, steps } = count({ last: [tensor([1, 2])], steps: [tensor([0, 0])] }, { x: [tensor([5, 6])] });
    expect([last, steps].map(([t]) => values(t!))).toEqual([[5, 6], [1, 1]]); // prettier-ignore
  });

  test('refuses states of other dtypes and shapes', () => {
    const compare = fusedUpdate(({ t }: { t: Tensor }, _: object) => ({ t: greater(t, 0) }));
    expect(() => compare({ t: [tensor([1])] }, {})).toThrow("fused: the state's t must stay float32, the formula makes it bool");
    expect(() => adam({ ...state(), m: [tensor([1]), tensor([[1]])] }, { grad: grads(), rate: 1 })).toThrow(
      'fused: item 0 of param is [3], that of m [1]',
    );
  });
});

describe('a program', () => {
  test('computes what occurs twice once, and nothing that is not needed', () => {
    const f = fused((t: Tensor) => {
      exp(t);
      return add(mul(exp(t), 2), exp(t));
    });
    const [program] = programsOf(() => f(x()));
    expect(program!.instructions.map(({ op }) => op)).toEqual(['exp', 'constant', 'mul', 'add']);
  });

  test('is one object for formulas that are alike, and frozen', () => {
    const make = () => fused((t: Tensor) => mul(neg(t), 2));
    const [one, other] = [make(), make()].map((f) => programsOf(() => f(x()))[0]!);
    expect(one).toBe(other);
    expect(Object.isFrozen(one!.instructions[0])).toBe(true);
  });

  test('is traced once for each combination of dtypes', () => {
    let traced = 0;
    const f = fused((t: Tensor, more?: Tensor) => {
      traced++;
      return more === undefined ? neg(t) : add(t, more);
    });
    scope(() => {
      for (let i = 0; i < 3; i++) f(x());
      const once = traced;
      f(tensor([1, 2], { dtype: 'int32' }));
      f(x(), x());
      f(x());
      expect(traced).toBe(3 * once);
    });
  });

  test('has activations and other formulas inside it', () => {
    const f = fused((t: Tensor) => relu(softplus(t)));
    expect(callsOf(() => f(x()))).toEqual(['elementwise']);
    expect(values(f(x()))).toEqual(values(relu(softplus(x()))));
  });

  test('returns lists, records and constants in the shape of its tensors', () => {
    const list = fused((t: Tensor) => [neg(t), cast(greater(t, 0), 'int32')] as const);
    expect(list(x()).map(({ dtype, shape }) => [dtype, shape])).toEqual([['float32', [2, 3]], ['int32', [2, 3]]]); // prettier-ignore
    const named = fused((t: Tensor) => ({ twice: mul(t, 2), one: full([], 1) }));
    const { twice, one } = named(x());
    expect([values(twice), values(one)]).toEqual([values(mul(x(), 2)), [1, 1, 1, 1, 1, 1]]);
  });

  test('leaves nothing behind', () => {
    const before = memory(wasm);
    const f = fused((t: Tensor) => exp(mul(t, t)));
    scope(() => void valueAndGrad((t) => sum(f(t)), [x()]));
    expect(memory(wasm).tensors).toBe(before.tensors);
    expect(memory(wasm).backend.liveBytes).toBe(before.backend.liveBytes);
  });
});

describe('scalars', () => {
  test('are read at each call, also what is worked out of them, also by the gradient', () => {
    const f = fused((t: Tensor, rate: Scalar) => add(mul(t, rate), mul(square(t), derived((r) => 1 - r, rate)))); // prettier-ignore
    const rate = cell(0.25);
    const run = (given: Scalar): number[][] =>
      scope(() => {
        const { value, gradients } = valueAndGrad((t) => [sum(f(t, given)), f(t, given)], [x()]);
        return [values(value[1]), values(gradients[0]!)];
      });
    for (const now of [0.25, 0.5, 3]) {
      rate.value = now;
      const expected = [x(), x()].map((t, i) => values(i === 0 ? add(mul(t, now), mul(square(t), 1 - now)) : add(mul(t, 2 * (1 - now)), now))); // prettier-ignore
      run(rate).forEach((actual, i) => actual.forEach((value, j) => expect(value).toBeCloseTo(expected[i]![j]!, 5)));
      expect(run(now)).toEqual(run(rate));
    }
  });

  test('take the dtype of the tensors they meet', () => {
    const f = fused((t: Tensor, by: Scalar) => mul(t, by));
    expect(values(f(tensor([2, 3], { dtype: 'int32' }), 5))).toEqual([10, 15]);
    expect(() => f(tensor([2, 3], { dtype: 'int32' }), 0.5)).toThrow('0.5 is not a value of int32');
  });
});

describe('broadcasting', () => {
  const f = fused((a: Tensor, b: Tensor) => mul(a, exp(b)));
  const opByOp = (a: Tensor, b: Tensor): Tensor => mul(a, exp(b));

  test.each([
    [[2, 3], [3], 1],
    [[3], [2, 3], 1],
    [[], [4, 2], 1],
    [[2, 1, 3], [1, 3], 1],
    [[2, 1], [1, 3], 0],
  ])('%j with %j: %i program', (a, b, programs) => {
    scope(() => {
      const make = (shape: number[]): Tensor => tensor(Float32Array.from({ length: shape.reduce((m, n) => m * n, 1) }, (_, i) => i / 4 - 1), { shape }); // prettier-ignore
      const [p, q] = [make(a), make(b)];
      expect(callsOf(() => f(p, q)).filter((kernel) => kernel === 'elementwise')).toHaveLength(programs);
      expect(f(p, q).shape).toEqual(opByOp(p, q).shape);
      expect(values(f(p, q))).toEqual(values(opByOp(p, q)));
      const gradients = (g: typeof opByOp): number[][] => valueAndGrad((s, t) => sum(g(s, t)), [p, q]).gradients.map(values);
      gradients(f).forEach((ours, i) => ours.forEach((value, j) => expect(value).toBeCloseTo(gradients(opByOp)[i]![j]!, 4)));
    });
  });
});

describe('lists', () => {
  const scaled = fused((t: Tensor, by: Tensor, more: Scalar) => add(mul(t, by), more));

  test('of tensors are items of one call, tensors are shared by all', () => {
    scope(() => {
      const list = [x(), tensor([1, 2]), tensor(5)];
      expect(callsOf(() => scaled(list, tensor(2), 1))).toEqual(['elementwise']);
      expect(scaled(list, tensor(2), 1).map(values)).toEqual(list.map((t) => values(t.mul(2).add(1))));
    });
  });

  test('have gradients item by item', () => {
    scope(() => {
      const { gradients } = valueAndGrad((a, b, by) => sum(scaled([a, b], by, 1)[1]!), [x(), tensor([3, 4]), tensor(2)]);
      expect(gradients.map(values)).toEqual([[0, 0, 0, 0, 0, 0], [2, 2], [7]]);
    });
  });

  test('of different lengths are refused, and empty ones give empty ones', () => {
    const sums = fused((a: Tensor, b: Tensor) => add(a, b));
    expect(() => sums([x()], [x(), x()])).toThrow('fused: lists of 1 and 2 tensors');
    expect(sums([], [])).toEqual([]);
  });
});

describe('a backend without the kernel', () => {
  test('runs the ops', () => {
    use(reference({ precision: 'float64' }));
    const { entries } = profile(() => gelu(x()));
    expect(entries.find(({ kernel }) => kernel === 'elementwise')).toMatchObject({ how: 'lowered', calls: 1 });
    expect(values(gelu(x()))).toEqual(values(GELU(x())));
  });
});

describe('what is no element-wise formula is one clear line', () => {
  const outside = (): Tensor => ones([2, 3]);
  test.each<[string, (t: Tensor) => unknown, string]>([
    ['a sum', (t) => sum(t), 'cannot have sum'],
    ['a product of matrices', (t) => matmul(t, t, { transposeB: true }), 'cannot have matmul'],
    ['a transpose', (t) => t.transpose(), 'cannot have transpose'],
    ['another shape', (t) => t.flatten(), 'cannot have another shape or a part of a tensor'],
    ['a slice', (t) => t.slice([0]), 'cannot have another shape or a part of a tensor'],
    ['random numbers', (t) => dropout(t, 0.5, 1), 'cannot have dropout'],
    ['values', (t) => t.dataSync(), 'cannot have its values read'],
    ['tensors of values', (t) => t.add(tensor([1, 2, 3])), 'cannot have a tensor made of values'],
    ['a tensor from outside', (t) => t.add(outsider), 'reads tensors that are its arguments, no others: add'],
    ['a shape of its own', () => zeros([4]), 'cannot have tensors of a shape of their own'],
    ['the shape', (t) => t.mul(t.size), 'depends on the shape of its tensors'],
    ['stopGradient', (t) => stopGradient(t), 'cannot have stopGradient'],
    ['customGradient', (t) => customGradient((u) => ({ value: u, gradient: (dy) => [dy] }))(t), 'cannot have customGradient'],
    ['a bias', (t) => biasActivation(t, t.mul(2)), 'computes element by element: biasActivation: bias must be [2]'],
    ['no tensor', () => 3, 'returns a tensor, or a list or record of tensors'],
    ['nothing', () => [], 'returns no tensor'],
    ['a promise', async (t) => t, 'returns a tensor, or a list or record of tensors'],
  ])('%s', (_, formula, message) => {
    expect(() => fused(formula as (t: Tensor) => Tensor)(x())).toThrow(message);
  });
  let outsider: Tensor;
  beforeEach(() => void (outsider = outside()));

  test('dtypes are those of the ops', () => {
    expect(() => gelu(tensor([1], { dtype: 'int32' }))).toThrow('gelu: takes float32, got int32; cast it');
    const root = fused((a: Tensor, b: Tensor) => div(sqrt(a), b));
    expect(() => root(x(), tensor([1], { dtype: 'int32' }))).toThrow('div: float32');
    expect(() => root([1, 2] as never, x())).toThrow('fused: a list holds one tensor for each item, got [1,2]');
    expect(() => root('x' as never, x())).toThrow('fused: takes tensors, lists of tensors and numbers, got "x"');
    expect(() => fused((rate: Scalar) => mul(ones([1]), rate))(2)).toThrow('fused: takes at least one tensor');
  });
});
