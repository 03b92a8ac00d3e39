// The steps of a sequence.

import type { Tensor } from '@sinapse/core';
import { customGradient, stack, transpose, unstack, zerosLike } from '@sinapse/core';

/** x with its first two axes exchanged: `[batch, time, …]` to `[time, batch, …]`, and back. */
export function swapTime(x: Tensor): Tensor {
  return transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);
}

/** x at every time, without the axis of time. The gradient is put together once, not as a sum of one padded tensor for each step. */
export const timeSteps: (x: Tensor) => readonly Tensor[] = customGradient((x) => {
  const values = unstack(x);
  return {
    values,
    gradient: (dys: readonly (Tensor | undefined)[]) => [stack(dys.map((dy, t) => dy ?? zerosLike(values[t]!)))],
  };
});
