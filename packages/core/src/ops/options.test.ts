// Options of ops: names and values that are wrong are refused, and the words mean the same in every op.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { SinapseError } from '../contract/errors.ts';
import { use } from '../dispatch/active-backend.ts';
import { Context } from '../model/context.ts';
import { eye, ones, randomNormal, randomPermutation, randomUniform, tensor, zeros } from '../tensor/creation.ts';
import { setUnscopedLimit } from '../tensor/handle.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { biasActivation } from './activation.ts';
import { argMax } from './arg-reduce.ts';
import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';
import { cumulativeSum } from './cumulative.ts';
import { dropout } from './dropout.ts';
import { takeAlong } from './gather.ts';
import { linear } from './linear.ts';
import { matmul } from './matmul.ts';
import { avgPool2d, maxPool2d } from './pool2d.ts';
import { expandDims, squeeze } from './reshape.ts';
import { flip, pad, slice } from './slice.ts';
import { logSoftmax, logSumExp, softmax } from './softmax.ts';
import { sort, topK } from './sort.ts';
import { norm } from './norm.ts';
import { max, mean } from './statistics.ts';
import { standardDeviation, variance } from './variance.ts';
import { sum } from './sum.ts';

beforeAll(() => void use(reference()));

const image = (): Tensor => ones([1, 4, 4, 1]);
const filter = (): Tensor => ones([2, 2, 1, 1]);

// The compiler finds most of these mistakes, too: each line below a directive would not compile without it.
const REFUSED: readonly (readonly [() => unknown, string])[] = [
  // @ts-expect-error
  [() => conv2d(image(), filter(), { stride: 2 }), 'conv2d: stride is no option; did you mean strides?'],
  [
    // @ts-expect-error
    () => conv2d(image(), filter(), { padding: 'sam' }),
    "conv2d: padding: expected 'valid', 'same', an integer >= 0 or [[top, bottom], [left, right]], got \"sam\"; did you mean same?",
  ],
  // @ts-expect-error
  [() => conv2d(image(), filter(), { padding: [1, 0, 1, 0] }), 'conv2d: padding: expected'],
  // @ts-expect-error
  [() => conv2d(image(), filter(), { activation: 'rely' }), 'got "rely"; did you mean relu?'],
  [() => conv2d(image(), filter(), { groups: 0 }), 'conv2d: groups: expected an integer >= 1, got 0'],
  [() => conv2d(image(), filter(), { strides: [1, 0] }), 'conv2d: strides: expected an integer >= 1 or [height, width], got [1,0]'],
  // @ts-expect-error
  [() => maxPool2d(image(), { size: 2 }), 'maxPool2d: size is no option; there are window, strides, padding'],
  // @ts-expect-error
  [() => avgPool2d(image(), { includePad: true }), 'avgPool2d: includePad is no option; did you mean includePadding?'],
  // @ts-expect-error
  [() => ones([2, 3]).sum({ axes: 0 }), 'sum: axes is no option; did you mean axis?'],
  // @ts-expect-error
  [() => ones([2, 3]).sum(0), 'sum: options: expected an object, got 0; write { axis: 0 }'],
  // @ts-expect-error
  [() => ones([2, 3]).mean({ keepdim: true }), 'mean: keepdim is no option; did you mean keepDims?'],
  // @ts-expect-error
  [() => max(ones([2]), { axis: '0' }), 'max: axis: expected an integer or a list of integers, got "0"'],
  // @ts-expect-error
  [() => norm(ones([2]), { ord: 1 }), 'norm: ord is no option'],
  // @ts-expect-error
  [() => variance(ones([2]), { ddof: 1 }), 'variance: ddof is no option; there are axis, keepDims, correction'],
  // @ts-expect-error
  [() => standardDeviation(ones([2]), { corection: 1 }), 'standardDeviation: corection is no option; did you mean correction?'],
  [() => sum(ones([2]), { axis: 1 }), 'sum: axis 1 is out of range for a tensor of rank 1'],
  // @ts-expect-error
  [() => argMax(ones([2, 2]), { axis: [0, 1] }), 'argMax: axis: expected an integer, got [0,1]'],
  // @ts-expect-error
  [() => softmax(ones([2]), 0), 'softmax: options: expected an object, got 0; write { axis: 0 }'],
  // @ts-expect-error
  [() => logSoftmax(ones([2]), { keepDims: true }), 'logSoftmax: keepDims is no option; there are axis'],
  // @ts-expect-error
  [() => logSumExp(ones([2]), { axes: [0] }), 'logSumExp: axes is no option; did you mean axis?'],
  // @ts-expect-error
  [() => cumulativeSum(ones([2]), { exclusiv: true }), 'cumulativeSum: exclusiv is no option; did you mean exclusive?'],
  // @ts-expect-error
  [() => sort(ones([2]), { ascending: true }), 'sort: ascending is no option; did you mean descending?'],
  // @ts-expect-error
  [() => topK(ones([2]), 1, { descending: true }), 'topK: descending is no option; there are axis'],
  // @ts-expect-error
  [() => matmul(eye(2), eye(2), { transposeC: true }), 'matmul: transposeC is no option; did you mean transposeA?'],
  // @ts-expect-error
  [() => linear(eye(2), eye(2), undefined, { activation: 'softmax' }), 'linear: activation: expected one of linear, relu'],
  // @ts-expect-error
  [() => biasActivation(eye(2), undefined, { alfa: 1 }), 'biasActivation: alfa is no option; did you mean alpha?'],
  // @ts-expect-error
  [() => batchNorm(eye(2), ones([2]), zeros([2]), { eps: 1 }), 'batchNorm: eps is no option'],
  [() => dropout(eye(2), 1, 1), 'dropout: rate: expected a number within [0, 1), got 1'],
  // @ts-expect-error
  [() => slice(ones([2]), [{ start: 1 }]), 'slice: start is no option'],
  // @ts-expect-error
  [() => randomUniform([2], { seed: 1, min: 0 }), 'randomUniform: min is no option'],
  // @ts-expect-error
  [() => randomUniform([2], {}), 'randomUniform: seed: expected an integer from 0 to 2^53 - 1 or a random key, got undefined'],
  [() => randomNormal([2], { seed: 1, deviation: -1 }), 'randomNormal: deviation: expected a finite number >= 0, got -1'],
  // @ts-expect-error
  [() => randomPermutation(3), 'randomPermutation: options: expected an object, got undefined'],
  // @ts-expect-error
  [() => zeros([2], 'int'), 'zeros: dtype: expected one of float32, int32, uint8, bool, float16, bfloat16, got "int"'],
  // @ts-expect-error
  [() => tensor([1], { dtpe: 'int32' }), 'tensor: dtpe is no option; did you mean dtype?'],
  // @ts-expect-error
  [() => new Context({ trainig: true }), 'Context: trainig is no option; did you mean training?'],
  [() => setUnscopedLimit(-1), 'setUnscopedLimit: bytes: expected a number >= 0, got -1'],
];

describe('options that are wrong are refused, in one line', () => {
  test.each(REFUSED.map(([call, message]) => [message, call] as const))('%s', (message, call) => {
    expect(call).toThrow(SinapseError);
    expect(call).toThrow(message);
  });
});

const values = (x: Tensor): number[] => [...x.dataSync()];
const cube = (): Tensor => randomUniform([2, 3, 4], { seed: 3, low: -2, high: 2 });
/** Element [i, j, k] of the cube. */
const at = (x: Tensor, i: number, j: number, k: number): number => x.dataSync()[(i * 3 + j) * 4 + k]!;

describe('axis and keepDims mean the same everywhere', () => {
  test('softmax over several axes sums to 1 over them, and is e^x / Σe^x', () => {
    const x = cube();
    const y = softmax(x, { axis: [0, -1] });
    expect(y.shape).toEqual([2, 3, 4]);
    for (let j = 0; j < 3; j++) {
      let total = 0;
      for (let i = 0; i < 2; i++) for (let k = 0; k < 4; k++) total += Math.exp(at(x, i, j, k));
      for (let i = 0; i < 2; i++)
        for (let k = 0; k < 4; k++) {
          expect(at(y, i, j, k)).toBeCloseTo(Math.exp(at(x, i, j, k)) / total, 6);
          expect(at(logSoftmax(x, { axis: [0, 2] }), i, j, k)).toBeCloseTo(at(x, i, j, k) - Math.log(total), 5);
        }
    }
  });

  test('logSumExp over any axes; kept, they have length 1', () => {
    const x = cube();
    const all = Math.log(values(x).reduce((total, value) => total + Math.exp(value), 0));
    expect(values(logSumExp(x, { axis: [0, 1, 2] }))[0]).toBeCloseTo(all, 5);
    expect(logSumExp(x, { axis: [0, 1, 2] }).shape).toEqual([]);
    expect(logSumExp(x, { axis: 1, keepDims: true }).shape).toEqual([2, 1, 4]);
    expect(logSumExp(x, { axis: [2, 0] }).shape).toEqual([3]);
    expect(logSumExp(x).shape).toEqual([2, 3]);
  });

  test('an axis from the back, one in a list, and one alone are the same', () => {
    const x = cube();
    for (const op of [sum, mean, max, softmax, logSumExp, variance] as readonly ((x: Tensor, o: { axis: number | number[] }) => Tensor)[]) {
      const expected = values(op(x, { axis: 1 }));
      for (const axis of [-2, [1], [-2]]) expect(values(op(x, { axis }))).toEqual(expected);
    }
  });

  test('topK, sort and cumulativeSum along an axis', () => {
    const x = tensor([[3, 1], [2, 5], [9, 4]]); // prettier-ignore
    expect(values(topK(x, 2, { axis: 0 }).values)).toEqual([9, 5, 3, 4]);
    expect(values(topK(x, 2, { axis: 0 }).indices)).toEqual([2, 1, 0, 2]);
    expect(values(sort(x, { axis: -2 }).values)).toEqual([2, 1, 3, 4, 9, 5]);
    expect(values(cumulativeSum(x, { axis: 0 }))).toEqual([3, 1, 5, 6, 14, 10]);
  });

  test('takeAlong takes from each position of the other axes', () => {
    const x = tensor([[3, 1], [2, 5], [9, 4]]); // prettier-ignore
    const indices = tensor([[2, 0]], { dtype: 'int32' });
    expect(values(takeAlong(x, indices, 0))).toEqual([9, 1]);
    expect(values(takeAlong(x, sort(x).indices))).toEqual(values(sort(x).values));
    expect(() => takeAlong(x, indices)).toThrow('takeAlong: x [3,2] and indices [1,2] differ beside axis 1');
  });

  test('squeeze, expandDims and flip take one axis or several', () => {
    const x = ones([1, 2, 1, 3]);
    expect(squeeze(x, 0).shape).toEqual([2, 1, 3]);
    expect(squeeze(x, [0, -2]).shape).toEqual([2, 3]);
    expect(() => squeeze(x, 1)).toThrow('squeeze: axis 1 of [1,2,1,3] has length 2, not 1');
    expect(expandDims(ones([2, 3]), [0, -1]).shape).toEqual([1, 2, 3, 1]);
    expect(expandDims(ones([2, 3]), 1).shape).toEqual([2, 1, 3]);
    expect(() => expandDims(ones([2]), [0, -3])).toThrow('expandDims: axes [0,-3] name one axis twice');
    expect(values(flip(tensor([[1, 2], [3, 4]]), 1))).toEqual([2, 1, 4, 3]); // prettier-ignore
    expect(values(flip(tensor([[1, 2], [3, 4]]), [0, 1]))).toEqual([4, 3, 2, 1]); // prettier-ignore
  });
});

describe('padding has one form', () => {
  test('[[top, bottom], [left, right]] in convolution and pooling', () => {
    const x = tensor([
      [
        [[1], [2]],
        [[3], [4]],
      ],
    ]);
    const border = pad(x, [[0, 0], [1, 0], [0, 2], [0, 0]]); // prettier-ignore
    const padding = [[1, 0], [0, 2]] as const; // prettier-ignore
    expect(values(conv2d(x, filter(), { padding }))).toEqual(values(conv2d(border, filter())));
    expect(conv2d(x, filter(), { padding }).shape).toEqual([1, 2, 3, 1]);
    const y = maxPool2d(x, { window: 3, strides: 1, padding });
    expect([y.shape, values(y)]).toEqual([[1, 1, 2, 1], [4, 4]]); // prettier-ignore
  });

  test('a number pads every side, as in pad', () => {
    const x = tensor([[1, 2]]);
    expect([pad(x, 1, 9).shape, values(pad(x, 1, 9))]).toEqual([
      [3, 4],
      [9, 9, 9, 9, 9, 1, 2, 9, 9, 9, 9, 9],
    ]);
    expect(() => pad(x, [[1, 1]])).toThrow('pad: [1,2] needs [before, after] for each of 2 axes, got 1');
    expect(() => pad(x, -1)).toThrow('pad: [1,2] needs integers >= 0');
  });
});

test('a tensor of flat values takes a shape', () => {
  expect(tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] }).shape).toEqual([2, 3]);
  expect(tensor(new Float32Array(2)).shape).toEqual([2]);
  expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow('tensor: shape [2,2] has 4 elements, the data 3');
});
