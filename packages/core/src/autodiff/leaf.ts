// The points from which gradients are taken.

import type { Tensor } from '../tensor/tensor.ts';
import { GradientNode } from './node.ts';
import { attach, isTraced } from './recording.ts';

/** The same values under a handle whose gradient can be asked for. It stays connected to what computed x, so gradients nest. */
export function leafOf(x: Tensor): { readonly tensor: Tensor; readonly node: GradientNode } {
  const tensor = x.alias();
  const node = new GradientNode('leaf', [isTraced(x) ? x : undefined], ([dy]) => [dy]);
  attach(node, [tensor]);
  return { tensor, node };
}
