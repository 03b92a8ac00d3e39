// Writing the arguments of a kernel: numbers in a row, read in the same order by `Arguments` of kernels/base/arguments.h.

import type { Activation, DType, View } from '@sinapse/core';
import { addressOf } from './memory.ts';

/** Numbers of the dtypes, as in kernels/base/types.h. */
const DTYPES: Readonly<Record<'float32' | 'int32' | 'uint8' | 'bool', number>> = { float32: 0, int32: 1, uint8: 2, bool: 3 };

/** The number of a dtype that the backend has: others are refused when they are allocated. */
export function dtypeNumber(dtype: DType): number {
  return DTYPES[dtype as keyof typeof DTYPES];
}

/** The address of an optional input, 0 where it is absent. */
export function addressOrNull(view: View | undefined): number {
  return view === undefined ? 0 : addressOf(view);
}

/** Numbers of the activations, as in kernels/base/activation.h. */
const ACTIVATIONS: Readonly<Record<Activation, number>> = { linear: 0, relu: 1, leakyRelu: 2, elu: 3, sigmoid: 4, tanh: 5 };

/** True for an activation that the kernels have, else why not: one of a newer core is refused, never ignored. */
export function acceptsActivation(activation: string): true | string {
  return activation in ACTIVATIONS || `no kernel has the activation ${activation}`;
}

export function activationNumber(activation: Activation): number {
  return ACTIVATIONS[activation];
}
