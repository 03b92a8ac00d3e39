// Values and derivatives of smooth functions against float64 formulas: at 0, where pieces of a formula meet, and far out in the tails.

import { cpu } from '@sinapse/backend-cpu';
import { erfc as erfcOf, reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grad } from '../autodiff/gradient.ts';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { tensor } from '../tensor/creation.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { celu, elu, gelu, geluTanh, mish, selu, softplus, softsign, swish } from './formula-activation.ts';
import { logSoftmax, logSumExp } from './softmax.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';
import { erfc, expm1, log1p, sigmoid, tanh } from './unary.ts';

const { exp, sqrt, PI } = Math;
const U = 2 ** -24;
const sigma = (x: number): number => (x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)));
const density = (x: number): number => exp((-x * x) / 2) / sqrt(2 * PI);
const normal = (x: number): number => erfcOf(-x / Math.SQRT2) / 2;

/** Of geluTanh: twice the argument of its tanh, and the derivative of that. */
const cubic = (x: number): number => 2 * sqrt(2 / PI) * (x + 0.044715 * x ** 3);
const cubicSlope = (x: number): number => 2 * sqrt(2 / PI) * (1 + 3 * 0.044715 * x ** 2);
/** Of mish: tanh(softplus(x)). */
const tangent = (x: number): number => Math.tanh(Math.max(x, 0) + Math.log1p(exp(-Math.abs(x))));

/** Formulas in float64 of a value and of its first and second derivative; `sizes` are those of their terms, where terms may cancel. */
interface Formula {
  readonly op: (x: Tensor) => Tensor;
  readonly exact: readonly ((x: number) => number)[];
  readonly sizes?: readonly ((x: number) => number)[];
  /** How strongly the rounding of an argument is magnified: 2 |x f'(x) / f(x)| in the tail. */
  readonly condition?: (x: number) => number;
  readonly domain?: (x: number) => boolean;
}

const eluOf = (alpha: number, scale: number): Formula['exact'] => [
  (x) => scale * (x > 0 ? x : alpha * Math.expm1(x)),
  (x) => scale * (x > 0 ? 1 : alpha * exp(x)),
  (x) => scale * (x > 0 ? 0 : alpha * exp(x)),
];

const FORMULAS: Readonly<Record<string, Formula>> = {
  softplus: {
    op: softplus,
    exact: [(x) => Math.max(x, 0) + Math.log1p(exp(-Math.abs(x))), sigma, (x) => sigma(x) * sigma(-x)],
  },
  elu: { op: (x) => elu(x), exact: eluOf(1, 1) },
  selu: { op: selu, exact: eluOf(1.6732632423543772, 1.0507009873554805) },
  gelu: {
    op: gelu,
    exact: [(x) => x * normal(x), (x) => normal(x) + x * density(x), (x) => (2 - x * x) * density(x)],
    sizes: [(x) => Math.abs(x) * normal(x), (x) => normal(x) + Math.abs(x) * density(x), (x) => (2 + x * x) * density(x)],
    condition: (x) => 2 * x * x,
  },
  erfc: {
    op: erfc,
    exact: [erfcOf, (x) => (-2 / sqrt(PI)) * exp(-x * x)],
    condition: (x) => 2 * x * x,
  },
  // The rest of the second derivative and the tail of the first of sigmoid and tanh come from their results.
  swish: {
    op: swish,
    exact: [(x) => x * sigma(x), (x) => sigma(x) * (1 + x * sigma(-x))],
    sizes: [(x) => Math.abs(x) * sigma(x), (x) => sigma(x) * (1 + Math.abs(x) * sigma(-x))],
  },
  celu: { op: (x) => celu(x, 2), exact: [(x) => (x > 0 ? x : 2 * Math.expm1(x / 2)), (x) => (x > 0 ? 1 : exp(x / 2))] },
  geluTanh: {
    op: geluTanh,
    exact: [(x) => x * sigma(cubic(x)), (x) => sigma(cubic(x)) * (1 + x * cubicSlope(x) * sigma(-cubic(x)))],
    sizes: [(x) => Math.abs(x) * sigma(cubic(x)), (x) => sigma(cubic(x)) * (1 + Math.abs(x) * cubicSlope(x) * sigma(-cubic(x)))],
    condition: (x) => 4 * Math.abs(cubic(x)),
  },
  mish: {
    op: mish,
    exact: [(x) => x * tangent(x), (x) => tangent(x) + x * sigma(x) * (1 - tangent(x) ** 2)],
    sizes: [(x) => x * tangent(x), (x) => tangent(x) + Math.abs(x) * sigma(x) * (1 - tangent(x) ** 2)],
  },
  softsign: { op: softsign, exact: [(x) => x / (1 + Math.abs(x)), (x) => (1 + Math.abs(x)) ** -2], sizes: [(x) => x, () => 1] },
  sigmoid: { op: sigmoid, exact: [sigma] },
  tanh: { op: tanh, exact: [Math.tanh] },
  expm1: { op: expm1, exact: [Math.expm1, exp, exp] },
  log1p: { op: log1p, exact: [Math.log1p, (x) => 1 / (1 + x), (x) => -1 / (1 + x) ** 2], domain: (x) => x > -1 },
};

const SPECIAL = [0, -0, -5.25, -17.5, 17.5, 1e-3, -1e-3, 1e-7, -1e-7, 1e-30, -1e-30, 0.5, -0.5, 0.7, -0.7];
const POINTS = Float32Array.from([...SPECIAL, ...Array.from({ length: 433 }, (_, i) => -80 + 0.37 * i)]);

function derivatives({ op, exact }: Formula, at: Float32Array): Float32Array[] {
  return scope(() => {
    const x = tensor(at, { shape: [at.length] });
    const first = grad((t: Tensor) => op(t).sum());
    const second = grad((t: Tensor) => first(t).sum());
    return [op, first, second].slice(0, exact.length).map((f) => f(x).dataSync() as Float32Array);
  });
}

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  // 16 roundings of u cover the operations of each formula and the 4 ulps of its functions; below the normal floats, digits are lost.
  test.each(Object.entries(FORMULAS))('%s and its derivatives are right to a relative 16 u from -80 to 80', (__, formula) => {
    const at = POINTS.filter(formula.domain ?? (() => true));
    derivatives(formula, at).forEach((actual, order) => {
      const [exact, size] = [formula.exact[order]!, formula.sizes?.[order] ?? formula.exact[order]!];
      at.forEach((x, i) => {
        const allowed = (16 + (formula.condition?.(x) ?? 0)) * U * Math.abs(size(x)) + 2 ** -126;
        const [wanted, got] = [exact(x), actual[i]!];
        const fits = Math.abs(wanted) > 3.4e38 ? got === wanted || Math.abs(got) === Infinity : Math.abs(got - wanted) <= allowed;
        expect(fits, `derivative ${order} at ${x}: ${got}, exactly ${wanted}`).toBe(true);
      });
    });
  });

  test('the values of the list of faults', () => {
    expect(derivatives(FORMULAS['softplus']!, Float32Array.of(0))[2]![0]).toBe(0.25);
    expect(gelu(tensor([-5.25])).dataSync()[0]).toBeCloseTo(-3.9926e-7, 11);
    expect(grad((x: Tensor) => elu(x).sum())(tensor([-17.5])).dataSync()[0]).toBeCloseTo(2.511e-8, 11);
  });

  test('infinities and NaN stay what they are, with gradients of 0 and 1', () => {
    const at = Float32Array.of(-Infinity, Infinity, NaN);
    const [value, slope] = derivatives(FORMULAS['softplus']!, at);
    expect([...value!]).toEqual([0, Infinity, NaN]);
    expect([...slope!]).toEqual([0, 1, NaN]);
    const [eluValue, eluSlope] = derivatives(FORMULAS['elu']!, at);
    expect([...eluValue!]).toEqual([-1, Infinity, NaN]);
    expect([...eluSlope!]).toEqual([0, 1, NaN]);
  });

  test('a class that is almost certain has its own digits: log-softmax, log-sum-exp, cross-entropy and its gradient', () => {
    for (const margin of [5, 20, 40, 80]) {
      const loss = Math.log1p(exp(-margin));
      const near = (actual: number | undefined, wanted: number): void => expect(actual! / wanted).toBeCloseTo(1, 5);
      const logits = tensor([[-margin, 0]]);
      near(logSoftmax(logits).dataSync()[1], -loss);
      near(logSumExp(logits).dataSync()[0], loss);
      const cost = (x: Tensor): Tensor => softmaxCrossEntropy(x, tensor([1], { dtype: 'int32' })).sum();
      near(cost(logits).dataSync()[0], loss);
      const slope = grad(cost)(logits).dataSync();
      near(slope[0], sigma(-margin));
      near(slope[1], -sigma(-margin));
    }
  });
});
