// vmap gives what the function gives for each example: for every op, for gradients of every op, nested, and through outer gradients.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { grad, valueAndGrad } from '../autodiff/gradient.ts';
import type { Draw } from '../cases/index.ts';
import { gradientCases } from '../cases/index.ts';
import type { Backend } from '../contract/backend.ts';
import { use } from '../dispatch/active-backend.ts';
import { checkNumerics, profile } from '../dispatch/interceptors.ts';
import { record } from '../dispatch/record.ts';
import { Parameter, State } from '../model/parameter.ts';
import { concat, stack, unstack } from '../ops/concat.ts';
import { conv2d } from '../ops/conv2d.ts';
import { cumulativeSum } from '../ops/cumulative.ts';
import { dropout } from '../ops/dropout.ts';
import { gather, scatterAdd, takeAlong } from '../ops/gather.ts';
import { linear } from '../ops/linear.ts';
import { matmul } from '../ops/matmul.ts';
import { reshape } from '../ops/reshape.ts';
import { softmaxCrossEntropy } from '../ops/softmax-cross-entropy.ts';
import { sort, topK } from '../ops/sort.ts';
import { sum } from '../ops/sum.ts';
import { square, tanh } from '../ops/unary.ts';
import { ones, randomNormal, randomUniform, range, tensor, zeros } from '../tensor/creation.ts';
import { memory } from '../tensor/memory.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { vmap } from './vmap.ts';

const EXAMPLES = 3;

/** Inputs of all examples for a draw of the gradient cases: away from 0, or within its bounds. */
function examplesOf(draw: Draw, seed: number): Tensor {
  const shape = [EXAMPLES, ...draw.shape];
  if (draw.values === 'uniform') return randomUniform(shape, { seed, low: draw.low, high: draw.high });
  const x = randomUniform(shape, { seed, low: -1.2, high: 1.2 });
  return x.add(x.div(x.abs()).mul(0.3));
}

/** Differences of a few roundings come from sums in another order. */
function expectClose(found: Tensor, wanted: Tensor, digits: number): void {
  expect([found.shape, found.dtype]).toEqual([wanted.shape, wanted.dtype]);
  const [a, b] = [found.dataSync(), wanted.dataSync()];
  const size = Math.max(1e-6, ...[...b].map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  a.forEach((value, i) => {
    if (!Object.is(value, b[i]!)) expect(Math.abs(value - b[i]!) / size, `element ${i}: ${value}, ${b[i]}`).toBeLessThan(10 ** -digits);
  });
}

const each = (f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[]): Tensor =>
  stack(Array.from({ length: EXAMPLES }, (_, i) => f(...xs.map((x) => x.slice([i])))));

describe('in float64, for every gradient case', () => {
  const backend = reference({ precision: 'float64' });
  beforeEach(() => void use(backend));
  // The full tier runs all cases, the quick one the first of each op.
  const isFull = process.env['SINAPSE_TEST_TIER'] === 'full';
  const cases = Object.values(gradientCases).flatMap((of) => (isFull ? of : of.slice(0, 1)));

  test.each(cases.map((gradientCase) => [gradientCase.name, gradientCase] as const))('%s', (_, { f, inputs }) =>
    scope(() => {
      const before = memory().tensors;
      const xs = inputs.map((draw, i) => examplesOf(draw, i));
      scope(() => expectClose(vmap(f)(...xs), each(f, xs), 10));
      const slope = (...args: Tensor[]): Tensor => {
        const loss = (...leaves: Tensor[]): Tensor => sum(square(f(...leaves)));
        return concat(valueAndGrad(loss, args).gradients.map((gradient) => reshape(gradient, [-1]))); // prettier-ignore
      };
      scope(() => expectClose(vmap(slope)(...xs), each(slope, xs), 10));
      // The first input alone has examples; the others are shared.
      const [first, ...rest] = [xs[0]!, ...xs.slice(1).map((x) => x.slice([0]))];
      scope(() => expectClose(vmap((x: Tensor) => f(x, ...rest))(first), stack(unstack(first).map((x) => f(x, ...rest))), 10));
      // A gradient from outside passes through.
      const total = (g: (...args: Tensor[]) => Tensor): Tensor[] => valueAndGrad((...args) => sum(square(g(...args))), xs).gradients;
      const agree = (g: (...args: Tensor[]) => Tensor): void =>
        scope(() => {
          const [through, wanted] = [total(vmap(g)), total((...args) => each(g, args))];
          through.forEach((gradient, i) => expectClose(gradient, wanted[i]!, 10));
        });
      agree(f);
      agree(slope);
      expect(memory().tensors - before).toBeLessThanOrEqual(4 * xs.length + 12);
    }),
  );
});

const backends: Record<string, () => Promise<Backend>> = {
  reference: async () => reference(),
  native: () => cpu({ threads: 1 }),
  wasm: () => cpu({ engine: 'wasm', threads: 1 }),
};

describe.each(Object.entries(backends))('%s', (_, make) => {
  let backend: Backend;
  beforeAll(async () => void use((backend = await make())));
  afterAll(() => backend.close());

  const normal = (...shape: number[]): Tensor => randomNormal(shape, { seed: shape.length });

  test('indices may differ from example to example', () => {
    const x = normal(EXAMPLES, 4, 5);
    const indices = tensor([[0, 3], [-1, 2], [9, 1]], { dtype: 'int32' }); // prettier-ignore
    for (const axis of [0, 1]) {
      expectClose(
        vmap((a: Tensor, i: Tensor) => gather(a, i, axis))(x, indices),
        each((a, i) => gather(a, i, axis), [x, indices]),
        6,
      );
      const shared = normal(4, 5);
      expectClose(
        vmap((i: Tensor) => gather(shared, i, axis))(indices),
        each((i) => gather(shared, i, axis), [indices]),
        6,
      );
      const updates = axis === 0 ? normal(EXAMPLES, 2, 5) : normal(EXAMPLES, 4, 2);
      const added = (i: Tensor, u: Tensor): Tensor => scatterAdd(shared, i, u, axis);
      expectClose(vmap(added)(indices, updates), each(added, [indices, updates]), 6);
    }
    const taken = (a: Tensor): Tensor => takeAlong(a, sort(a, { descending: true }).indices);
    expectClose(vmap(taken)(x), each(taken, [x]), 6);
    expectClose(
      vmap((a: Tensor) => topK(a, 2, { axis: 0 }).values)(x),
      each((a) => topK(a, 2, { axis: 0 }).values, [x]),
      6,
    );
    expectClose(
      vmap((a: Tensor) => a.argMax({ axis: 1 }))(x),
      each((a) => a.argMax({ axis: 1 }), [x]),
      6,
    );
  });

  test('axes of arguments and results', () => {
    const [a, b] = [normal(4, EXAMPLES, 5), normal(5, 2)];
    const y = vmap((x: Tensor, w: Tensor) => matmul(x, w), { axes: [1, null], resultAxis: -1 })(a, b);
    expect(y.shape).toEqual([4, 2, EXAMPLES]);
    expectClose(y, stack(unstack(a, 1).map((x) => matmul(x, b)), 2), 5); // prettier-ignore
    const { double, constant } = vmap((x: Tensor) => ({ double: x.mul(2), constant: ones([2]) }))(range(3));
    expect([[...double.dataSync()], constant.shape]).toEqual([[0, 2, 4], [3, 2]]); // prettier-ignore
    const [first, second] = vmap((x: Tensor) => [x, x.add(1)] as const)(range(3));
    expect([[...first.dataSync()], [...second.dataSync()]]).toEqual([[0, 1, 2], [1, 2, 3]]); // prettier-ignore
  });

  test('calls nest', () => {
    const [a, b] = [normal(3, 4), normal(2, 4)];
    const dots = vmap((x: Tensor) => vmap((y: Tensor) => sum(x.mul(y)))(b))(a);
    expectClose(dots, matmul(a, b, { transposeB: true }), 5);
    const other = vmap((x: Tensor) => vmap((y: Tensor) => matmul(x.reshape([1, 4]), y.reshape([4, 1])).reshape([]))(b), { resultAxis: 1 })(
      a,
    );
    expectClose(other, matmul(b, a, { transposeB: true }), 5);
  });

  test('a gradient for each example: those of a network, whose sum is the gradient of the sum', () => {
    const [x, labels] = [normal(5, 8), tensor([0, 2, 1, 1, 0], { dtype: 'int32' })];
    const [w1, w2] = [normal(8, 6), normal(6, 3)];
    const loss = (v1: Tensor, v2: Tensor, input: Tensor, label: Tensor): Tensor =>
      softmaxCrossEntropy(linear(tanh(linear(input.reshape([1, 8]), v1)), v2), label.reshape([1])).sum();
    const gradientsOf = (input: Tensor, label: Tensor): Tensor[] =>
      valueAndGrad((v1, v2) => loss(v1, v2, input, label), [w1, w2]).gradients;
    const [d1, d2] = vmap(gradientsOf)(x, labels);
    expect([d1!.shape, d2!.shape]).toEqual([[5, 8, 6], [5, 6, 3]]); // prettier-ignore
    const total = valueAndGrad((v1, v2) => softmaxCrossEntropy(linear(tanh(linear(x, v1)), v2), labels).sum(), [w1, w2]).gradients;
    expectClose(d1!.sum({ axis: 0 }), total[0]!, 5);
    expectClose(d2!.sum({ axis: 0 }), total[1]!, 5);
    const one = gradientsOf(x.slice([3]), labels.slice([3]));
    expectClose(d1!.slice([3]), one[0]!, 5);
  });

  test('parameters read inside are shared, and their gradient is that of all examples', () => {
    const w = new Parameter(normal(4, 2));
    const x = normal(EXAMPLES, 4);
    const through = valueAndGrad(() => vmap((a: Tensor) => square(matmul(a.reshape([1, 4]), w.value)))(x).sum(), [w]).gradients[0]!;
    expectClose(through, valueAndGrad(() => square(matmul(x, w.value)).sum(), [w]).gradients[0]!, 5);
  });

  test('a convolution with one filter is one call of the kernel, for all examples', () => {
    const [x, filter] = [normal(EXAMPLES, 2, 5, 5, 3), normal(3, 3, 3, 4)];
    const { result, entries } = profile(() => vmap((image: Tensor) => conv2d(image, filter, { padding: 'same' }))(x));
    expectClose(
      result,
      each((image) => conv2d(image, filter, { padding: 'same' }), [x]),
      5,
    );
    expect(entries.filter(({ kernel, how }) => kernel === 'conv2d' && how === 'native').every(({ calls }) => calls <= 2)).toBe(true);
  });

  test('convolutions whose filters differ, and gradients of a filter for each example, are groups of one call', () => {
    const [x, filters, bias] = [normal(EXAMPLES, 2, 5, 5, 4), normal(EXAMPLES, 3, 3, 2, 6), normal(EXAMPLES, 6)];
    const how = backend.kernels.conv2d === undefined ? 'lowered' : 'native';
    const options = { padding: 'same', groups: 2, activation: 'tanh' } as const;
    const convolved = (image: Tensor, filter: Tensor, b: Tensor): Tensor => conv2d(image, filter, { ...options, bias: b });
    const together = profile(() => vmap(convolved)(x, filters, bias));
    expectClose(together.result, each(convolved, [x, filters, bias]), 5);
    expect(together.entries.find(({ kernel }) => kernel === 'conv2d')).toMatchObject({ how, calls: 1 });
    const slope = (image: Tensor, b: Tensor): Tensor => grad((f: Tensor) => square(convolved(image, f, b)).sum())(filters.slice([0]));
    const slopes = profile(() => vmap(slope)(x, bias));
    expectClose(slopes.result, each(slope, [x, bias]), 5);
    expect(slopes.entries.find(({ kernel }) => kernel === 'conv2dFilterGrad')).toMatchObject({ how, calls: 1 });
  });

  test('views of an example, and ops over no examples', () => {
    const x = normal(EXAMPLES, 6, 2);
    const middle = (a: Tensor): Tensor => a.slice([{ begin: 2, end: 5 }]).slice([1]).reshape([1, 2]); // prettier-ignore
    expectClose(vmap(middle)(x), each(middle, [x]), 7);
    expect(vmap((a: Tensor) => a.add(1).sum())(zeros([0, 3])).shape).toEqual([0]);
  });

  test('profiles, recordings and checks see the calls for all examples, and no others', () => {
    const x = normal(EXAMPLES, 4);
    const f = vmap((a: Tensor) => square(a).sum());
    const kernels = ({ entries }: { entries: readonly { kernel: string; calls: number }[] }): [string, number][] => entries.map(({ kernel, calls }) => [kernel, calls]); // prettier-ignore
    const wanted = [['binary', 1], ['reduce', 1]]; // prettier-ignore
    expect(kernels(profile(() => f(x)))).toEqual(wanted);
    let inside: unknown;
    vmap((a: Tensor) => {
      const { result, entries } = profile(() => square(a).sum());
      inside = kernels({ entries });
      return result;
    })(x);
    expect(inside).toEqual(wanted);
    const recording = record(() => f(x));
    expect(recording.calls.map(({ kernel, out }) => [kernel, (out as { y: { shape: readonly number[] } }).y.shape])).toEqual([['binary', [EXAMPLES, 4]], ['reduce', [EXAMPLES]]]); // prettier-ignore
    recording.replay();
    expectClose(recording.result, f(x), 7);
    recording.dispose();
    expect(() => checkNumerics(() => vmap((a: Tensor) => a.sub(a.max()).log())(x.mul(Infinity)))).toThrow(/NaN from inputs that have none/);
    expectClose(
      checkNumerics(() => f(x)),
      f(x),
      7,
    );
  });

  test('random numbers are shared by the examples', () => {
    const y = vmap((a: Tensor) => dropout(a, 0.5, 1))(ones([2, 50])).dataSync();
    expect(y.slice(0, 50)).toEqual(y.slice(50));
  });
});

describe('what vmap cannot do it says', () => {
  beforeEach(() => void use(reference()));
  const x = (): Tensor => ones([3, 2]);

  test.each<[string, () => unknown]>([
    ['vmap: no argument has examples; give one of them an axis', () => vmap((a: Tensor) => a, { axes: [null] })(x())],
    ['vmap: 2 axes for 1 arguments; give an axis or null for each', () => vmap((a: Tensor) => a, { axes: [0, 1] })(x())],
    ['vmap: argument 1, [2], has 2 examples along axis 0, others have 3', () => vmap((a: Tensor, b: Tensor) => a.add(b))(x(), ones([2]))],
    ['vmap: the function must return a tensor, or a list or record of tensors, got 3', () => vmap((() => 3) as never)(x())],
    ['vmap: axis 1 is out of range for a tensor of rank 1', () => vmap((a: Tensor) => a, { axes: 1 })(ones([3]))],
    [
      'dataSync: inside vmap a tensor stands for every example and has no values of one',
      () => vmap((a: Tensor) => tensor(a.dataSync()))(x()),
    ],
    ['matmul: inner lengths differ: [1,2] and [3,2]', () => vmap((a: Tensor) => matmul(a.reshape([1, 2]), x()))(x())],
    [
      'parameter: inside vmap a tensor stands for every example, and a variable holds one value',
      () => {
        const state = new State(zeros([2]));
        return vmap((a: Tensor) => {
          state.assign(a);
          return a;
        })(x());
      },
    ],
    // @ts-expect-error
    ['vmap: inAxes is no option; did you mean axes?', () => vmap((a: Tensor) => a, { inAxes: 0 })],
  ])('%s', (message, call) => expect(call).toThrow(message));

  test('a tensor of one example that outlives the call is of no use', () => {
    let leaked: Tensor | undefined;
    vmap((a: Tensor) => {
      leaked = a.mul(2).keep();
      expect(String(leaked)).toBe('float32 [2] of one of 3 examples');
      return leaked;
    })(x());
    expect(() => leaked!.add(1)).toThrow('add: the float32 tensor [2] was disposed of');
  });

  test('nothing is left behind', () => {
    const [a, before] = [x(), memory().tensors];
    vmap((row: Tensor) => cumulativeSum(grad((t: Tensor) => t.square().sum())(row)))(a).dispose();
    expect(memory().tensors).toBe(before);
  });
});
