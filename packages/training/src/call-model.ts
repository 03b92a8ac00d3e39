// Calls a model outside training.

import type { Model, Tensor } from '@sinapse/core';
import { Context, inference } from '@sinapse/core';

/** Returns the output for x `[batch, ...]`. It records nothing for gradients and does not change the model's state. */
export function callModel(model: Model, x: Tensor): Tensor {
  const context = new Context();
  try {
    return inference(() => model.call(x, context));
  } finally {
    context.discard();
  }
}
