import type { Tensor } from '../tensor/tensor.ts';

/** The same values as a constant: no gradient flows through it. */
export function stopGradient(x: Tensor): Tensor {
  return x.detached();
}
