// Every op that takes a number also takes a cell, and gives the same bits. Its gradient uses the number that the cell held at the call.

import { beforeAll, describe, expect, test } from 'vitest';
import { reference } from '@sinapse/backend-reference';
import { withBackend } from '../dispatch/active-backend.ts';
import { record } from '../dispatch/record.ts';
import type { Backend } from '../contract/backend.ts';
import { valueAndGrad } from '../autodiff/gradient.ts';
import type { Scalar } from '../contract/scalar.ts';
import { cell } from '../contract/scalar.ts';
import { use } from '../dispatch/active-backend.ts';
import { KeyCell, randomKey } from '../random/key.ts';
import { full, tensor } from '../tensor/creation.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { leakyRelu } from './activation.ts';
import { maximum, mod, sub } from './arithmetic.ts';
import { batchNorm } from './batch-norm.ts';
import { less } from './comparison.ts';
import { dropout } from './dropout.ts';
import { fillAt } from './fill.ts';
import { elu } from './formula-activation.ts';
import { clip, pow } from './power.ts';
import { where } from './select.ts';
import { pad } from './slice.ts';

beforeAll(() => {
  use(reference());
});

const x = (): Tensor =>
  tensor([
    [0, -1.5, 2],
    [0.3, 4, -0.2],
  ]);
const key = randomKey(5);

const OPS: Readonly<Record<string, readonly [number, number, (x: Tensor, s: Scalar) => Tensor]>> = {
  'x + s': [0.1, 0.7, (t, s) => t.add(s)],
  's - x': [0.1, 0.7, (t, s) => sub(s, t)],
  'x s': [0.1, 0.7, (t, s) => t.mul(s)],
  's / x': [0.1, 0.7, (t, s) => t.add(9).div(s)],
  'mod(x, s)': [0.4, 0.7, (t, s) => mod(t, s)],
  'maximum(x, s)': [0.1, 0.7, (t, s) => maximum(t, s)],
  'x^s': [3, 2, (t, s) => pow(t, s)],
  'x^0': [3, 0, (t, s) => pow(t, s)],
  'x^1': [3, 1, (t, s) => pow(t, s)],
  's^x': [3, 0.5, (t, s) => pow(s, t)],
  '0^x': [3, 0, (t, s) => pow(s, t)],
  clip: [0.1, 1.7, (t, s) => clip(t, -1, s)],
  where: [0.1, 0.7, (t, s) => where(less(t, s), t.mul(t), s)],
  pad: [0.1, 0.7, (t, s) => pad(t, [[0, 1], [1, 0]], s)], // prettier-ignore
  fill: [0.1, 0.7, (t, s) => t.mul(fillAt(t, [3], s))],
  leakyRelu: [0.1, 0.3, (t, s) => leakyRelu(t, s)],
  elu: [0.5, 1.5, (t, s) => elu(t, s)],
  batchNorm: [0.5, 0.01, (t, s) => batchNorm(t, tensor([1, 2, 3]), tensor([0, 0, 0]), { epsilon: s }).y],
  dropout: [0.5, 0.2, (t, s) => dropout(t, s, key)],
};

/** The value, the gradient, and the gradient of the sum of the gradient's squares. */
function derivatives(f: (x: Tensor) => Tensor): Tensor[] {
  return scope(() => {
    const at = x();
    const first = (t: Tensor): Tensor => valueAndGrad((u) => f(u).sum(), [t]).gradients[0]!;
    const second = valueAndGrad((t) => first(t).square().sum(), [at]).gradients[0]!;
    return [f(at), first(at), second];
  });
}

const bitsOf = (tensors: readonly Tensor[]): number[] => tensors.flatMap((t) => [...t.dataSync()]);

/** The reference with the required kernels alone. */
function lowered(): Backend {
  const backend = reference();
  const {
    fill,
    cast,
    unary,
    binary,
    select,
    broadcastTo,
    reduce,
    matmul,
    transpose,
    slice,
    pad: padding,
    concat,
    gather,
    scatterAdd,
  } = backend.kernels;
  const kernels = { fill, cast, unary, binary, select, broadcastTo, reduce, matmul, transpose, slice, pad: padding, concat, gather, scatterAdd }; // prettier-ignore
  return Object.assign(Object.create(backend) as Backend, { kernels });
}

describe.each(Object.entries(OPS))('%s', (_, [before, now, op]) => {
  test.each<[string, () => Backend]>([
    ['native', reference],
    ['lowered', lowered],
  ])('%s: a cell gives the bits of the number that it holds, and those of its next number in a replay: nothing was frozen', (__, make) => {
    withBackend(make(), () => {
      const s = cell(before);
      const recording = record(() => derivatives((t) => op(t, s)));
      expect(bitsOf(recording.result)).toEqual(bitsOf(derivatives((t) => op(t, before))));
      s.value = now;
      recording.replay();
      expect(bitsOf(recording.result)).toEqual(bitsOf(derivatives((t) => op(t, now))));
    });
  });
});

test('an int32 tensor refuses a cell that holds a fraction', () => {
  expect(() => tensor([1], { dtype: 'int32' }).add(cell(0.5))).toThrow(
    'add: 0.5 is not a value of int32; cast the tensor to float32 first',
  );
});

describe('a key that changes', () => {
  test('is followed by the keys folded from it', () => {
    const step = new KeyCell(1);
    const folded = step.fold('dropout').fold(3);
    for (const seed of [1, 2, 2 ** 40]) {
      step.assign(randomKey(seed));
      const expected = randomKey(seed).fold('dropout').fold(3);
      expect([folded.low, folded.high]).toEqual([expected.low, expected.high]);
    }
  });

  test('gives dropout the mask of the key that it is', () => {
    const step = new KeyCell(1);
    const layer = step.fold('layer');
    const ones = full([100], 1);
    for (const seed of [1, 7]) {
      step.assign(randomKey(seed));
      expect([...dropout(ones, 0.5, layer).dataSync()]).toEqual([...dropout(ones, 0.5, randomKey(seed).fold('layer')).dataSync()]);
    }
  });
});
