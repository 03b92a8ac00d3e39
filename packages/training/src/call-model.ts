// Calling a model to use it, not to train it.

import type { Model, Tensor } from '@sinapse/core';
import { Context, inference } from '@sinapse/core';

/** The output for x `[batch, ...]`. Nothing is recorded for gradients, and a stateful model stays what it was. */
export function callModel(model: Model, x: Tensor): Tensor {
  const context = new Context();
  try {
    return inference(() => model.call(x, context));
  } finally {
    context.discard();
  }
}
