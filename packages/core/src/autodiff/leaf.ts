// Leaves: the tensors with respect to which gradients are taken.

import type { Tensor } from '../tensor/tensor.ts';
import type { GradientNode } from './node.ts';
import { FunctionNode } from './node.ts';
import { attach } from './recording.ts';

/** A handle to the same values whose gradient can be taken. It stays connected to what computed x, so gradients nest. */
export function leafOf(x: Tensor): { readonly tensor: Tensor; readonly node: GradientNode } {
  const tensor = x.alias();
  const node = new FunctionNode('leaf', { x }, ({ y }) => ({ x: y }));
  attach(node, { y: tensor });
  return { tensor, node };
}
