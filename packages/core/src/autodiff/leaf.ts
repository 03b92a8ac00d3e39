// The points from which gradients are taken.

import type { Tensor } from '../tensor/tensor.ts';
import { GradientNode } from './node.ts';
import { attach, sourceOf } from './recording.ts';

/** The same values under a handle whose gradient can be asked for. It stays connected to what computed x, so gradients nest. */
export function leafOf(x: Tensor): { readonly tensor: Tensor; readonly node: GradientNode } {
  const source = sourceOf(x);
  const tensor = x.alias();
  const node = new GradientNode('leaf', [source], ([dy]) => [dy]);
  attach(node, [tensor]);
  return { tensor, node };
}
