// The squashing function of the original network, and the initial weights for it (appendix A of the paper).

import type { Tensor } from '@sinapse/core';
import { hostUniform, mul, sizeOf, tanh } from '@sinapse/core';
import type { Initializer } from '@sinapse/layers';
import { fansOf } from '@sinapse/layers';

/** The limit of the squashing function. With SLOPE, f(1) = 1 and f(-1) = -1, so that the targets lie where its curvature is largest. */
const AMPLITUDE = 1.7159;
const SLOPE = 2 / 3;

/** f(a) = A tanh(S a), eq. 6. */
export function squash(a: Tensor): Tensor {
  return mul(tanh(mul(a, SLOPE)), AMPLITUDE);
}

/** The bound of the initial weights of a unit with fanIn inputs: they are uniform in [-2.4 / fanIn, 2.4 / fanIn). */
export function initialBound(fanIn: number): number {
  return 2.4 / fanIn;
}

/** The initial weights if all units have the same number of inputs. */
export const uniformByFanIn: Initializer = (shape, key) => {
  const bound = initialBound(fansOf(shape).fanIn);
  return hostUniform(key, sizeOf(shape), -bound, bound);
};
