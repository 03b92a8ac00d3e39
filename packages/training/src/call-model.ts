// Calls a model outside training.

import type { AnyModel, Tensor, Tree } from '@sinapse/core';
import { Context, inference } from '@sinapse/core';

/** Returns the output for x `[batch, ...]`, or a tree of such tensors. It records nothing for gradients and does not change the model's state. */
export function callModel(model: AnyModel, x: Tree<Tensor>): Tree<Tensor> {
  const context = new Context();
  try {
    return inference(() => model.call(x as never, context) as Tree<Tensor>);
  } finally {
    context.discard();
  }
}
