// What Sinapse has to know of each of tfjs's backends: how to recognise it, and what its numbers keep.

import type { FloatProperties } from '@sinapse/core';
import { IEEE_754 } from '@sinapse/core';

export interface Profile {
  /** The name under which tfjs registers its kernels. */
  readonly kernels: string;
  readonly floats: FloatProperties;
  readonly exactIntegerLimit: number;
  readonly reading: 'immediate' | 'waits';
  /** Whether int32 lies in 32-bit integers; otherwise in float32. */
  readonly integers: boolean;
  /** Whether its convolutions and pooling take any border. Otherwise only none, or that of `same`. */
  readonly anyPadding: boolean;
  /** Whether its kernels call ops of tfjs, and so take tensors of tfjs's engine, which must be running on this backend. */
  readonly engine: boolean;
  /** Whether it runs shaders of others (`runWebGLProgram`). */
  readonly shaders: boolean;
  /** Whether a cast from int32 to float32 rounds. Otherwise the result is the same array under another name. */
  readonly roundsCasts: boolean;
}

/** No property of IEEE 754: what a float on a graphics card or in an unknown library is sure to keep. */
const NONE: FloatProperties = { nan: false, infinities: false, signedZeros: false, subnormals: false, ties: false };

/** Integers are exact to here, but where products or sums overflow, tfjs rounds before it wraps. */
const UNTIL_OVERFLOW = 2 ** 31 - 1;

const cpu: Profile = {
  kernels: 'cpu',
  floats: IEEE_754,
  exactIntegerLimit: UNTIL_OVERFLOW,
  reading: 'immediate',
  integers: true,
  anyPadding: false, // it passes over the border, where 0 times an infinite weight is NaN
  engine: false,
  shaders: false,
  roundsCasts: false,
};

const webgl: Profile = {
  kernels: 'webgl',
  floats: NONE,
  exactIntegerLimit: 2 ** 24,
  reading: 'waits',
  integers: false,
  anyPadding: true,
  engine: false,
  shaders: true,
  roundsCasts: true,
};

/** tfjs-node and tfjs-node-gpu: TensorFlow's own kernels. */
const tensorflow: Profile = {
  kernels: 'tensorflow',
  floats: NONE,
  exactIntegerLimit: UNTIL_OVERFLOW,
  reading: 'immediate',
  integers: true,
  anyPadding: false,
  engine: true,
  shaders: false,
  roundsCasts: true,
};

/** The members by which a backend is recognised: names of classes do not survive minification. */
const RECOGNISED: readonly (readonly [string, Profile])[] = [
  ['runWebGLProgram', webgl],
  ['isUsingGpuDevice', tensorflow],
  ['blockSize', cpu],
];

/**
 * The profile of a backend, of which only what is sure is promised if it is an unknown one.
 * @param kernels the name of its kernels, if the caller knows it
 * @returns undefined if the backend is an unknown one and has no name
 */
export function profileOf(backend: object, kernels?: string): Profile | undefined {
  const known = RECOGNISED.find(([member, profile]) => (kernels === undefined ? member in backend : profile.kernels === kernels));
  if (known !== undefined) return known[1];
  return kernels === undefined ? undefined : { ...webgl, kernels, shaders: false };
}
