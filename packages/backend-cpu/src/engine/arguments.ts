// Writing the arguments of a kernel: numbers in a row, read in the same order by `Arguments` of kernels/base/arguments.h.

import type { Activation, DType, Pair, View } from '@sinapse/core';
import { ACTIVATIONS, DTYPES } from './names.ts';
import { addressOf } from './memory.ts';

const MOST_PASSES = 2 ** 16;

/** The number of a dtype that the backend has: others are refused when they are allocated. */
export function dtypeNumber(dtype: DType): number {
  return DTYPES[dtype as keyof typeof DTYPES];
}

/** The address of an optional input, 0 where it is absent. */
export function addressOrNull(view: View | undefined): number {
  return view === undefined ? 0 : addressOf(view);
}

/** True for an activation that the kernels have, else why not: one of a newer core is refused, never ignored. */
export function acceptsActivation(activation: string): true | string {
  return activation in ACTIVATIONS || `no kernel has the activation ${activation}`;
}

/** The gradient of a convolution's input takes a pass for each pair of strides: true unless these would be far more passes than pixels. */
export function acceptsStrides([down, across]: Pair): true | string {
  return down * across <= MOST_PASSES || `strides [${down},${across}] would take ${down * across} passes`;
}

export function activationNumber(activation: Activation): number {
  return ACTIVATIONS[activation];
}
