// Random tensors. Each is a function of its key (or seed) alone: the same on every backend, in any order of calls.

import { dispatch } from '../dispatch/dispatch.ts';
import { allocating } from '../contract/errors.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { TensorMaker } from '../tensor/tensor-maker.ts';
import { hostBits24 } from '../random/host.ts';
import type { KeyScalars, Seed } from '../random/key.ts';
import { RandomKey, randomKey } from '../random/key.ts';
import type { Scalar } from '../contract/scalar.ts';
import { derived } from '../contract/scalar.ts';
import type { Shape } from '../contract/shape.ts';
import { checkShape, formatShape, sizeOf } from '../contract/shape.ts';
import { specOf } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { mul } from './arithmetic.ts';
import { cast } from './cast.ts';
import { greaterEqual, less } from './comparison.ts';

/** One more than the largest value of `randomBits`. */
const RANGE = 0x1000000;

export const randomBitsKernel: KernelDefinition<'randomBits', Tensor> = defineKernel({
  name: 'randomBits',
  infer: (_, { shape }) => {
    checkShape('randomBits', shape);
    return { y: specOf('int32', shape) };
  },
  lower: (_, { shape }, { keyLow, keyHigh }, maker) => ({
    y: writeAt(maker, specOf('int32', shape), () => drawBits(shape, new RandomKey(keyLow, keyHigh))),
  }),
});

function drawBits(shape: Shape, key: RandomKey): Int32Array {
  const size = sizeOf(shape);
  return allocating(`randomBits ${formatShape(shape)}`, 4 * size, () => hostBits24(key, size));
}

/** int32 values uniform in [0, 2^24), on the backend of `maker`. */
function randomBitsAt(maker: TensorMaker, shape: Shape, key: KeyScalars): Tensor {
  return dispatch(randomBitsKernel, {}, { shape: [...shape] }, key, maker).y;
}

/** float32 values uniform in [0, 1): multiples of 2^-24, exact. */
export function randomUniformAt(maker: TensorMaker, shape: Shape, seed: Seed): Tensor {
  return mul(cast(randomBitsAt(maker, shape, randomKey(seed).scalars), 'float32'), 1 / RANGE);
}

/** bool values, true with probability p. */
export function bernoulliAt(maker: TensorMaker, shape: Shape, p: number, seed: Seed): Tensor {
  return less(randomBitsAt(maker, shape, randomKey(seed).scalars), Math.round(p * RANGE));
}

/** bool: true where dropout keeps the element. */
export function keepMask(x: Tensor, rate: Scalar, key: KeyScalars): Tensor {
  return greaterEqual(
    randomBitsAt(x, x.shape, key),
    derived((dropped) => Math.round(dropped * RANGE), rate),
  );
}
