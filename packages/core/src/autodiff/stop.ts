import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The same values as a constant: no gradient flows through it. */
export function stopGradient(x: Tensor): Tensor {
  checkTensor('stopGradient', x);
  return x.detached();
}
