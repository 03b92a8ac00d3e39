// The way back: gradients flow from outputs to the nodes asked for, each node once, in reverse order of creation.

import { DTypeError, ShapeError } from '../errors.ts';
import { add } from '../ops/arithmetic.ts';
import { formatShape, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { scope } from '../tensor/scope.ts';
import type { GradientNode } from './node.ts';
import { isTraced } from './recording.ts';

/**
 * Gradients of target nodes' first outputs, given those of some tensors. Undefined where a target does not influence them.
 * @param releaseSaved whether nodes can let go of what they saved as soon as they are done
 */
export function backward(
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
  targets: readonly GradientNode[],
  releaseSaved: boolean,
): (Tensor | undefined)[] {
  const gradients = new Map<GradientNode, (Tensor | undefined)[]>();
  const accumulate = (node: GradientNode, output: number, gradient: Tensor): void => {
    let slots = gradients.get(node);
    if (slots === undefined) gradients.set(node, (slots = []));
    const before = slots[output];
    slots[output] = before === undefined ? gradient : add(before, gradient);
    if (before !== undefined) {
      before.dispose();
      gradient.dispose();
    }
  };

  const roots: GradientNode[] = [];
  outputs.forEach((output, i) => {
    const cotangent = cotangents[i];
    if (cotangent === undefined || !isTraced(output)) return;
    roots.push(output.node!);
    accumulate(output.node!, output.output, cotangent.alias());
  });

  const isTarget = new Set(targets);
  const order = nodesBetween(roots, targets);
  const useful = new Set(order);
  for (const node of order) {
    const slots = gradients.get(node);
    if (slots === undefined || isTarget.has(node)) continue;
    const needed = node.sources.map((source) => source !== undefined && useful.has(source.node!));
    const results = scope(() => ownHandles(node.pull(slots, needed), slots));
    node.sources.forEach((source, i) => {
      const gradient = results[i];
      if (gradient === undefined) return;
      if (!needed[i]) return gradient.dispose();
      if (!sameShape(gradient.shape, source!.shape)) {
        throw new ShapeError(
          `${node.name}: the gradient of an input of shape ${formatShape(source!.shape)} has shape ${formatShape(gradient.shape)}`,
        );
      }
      if (gradient.dtype !== source!.dtype)
        throw new DTypeError(`${node.name}: the gradient of a ${source!.dtype} input is ${gradient.dtype}; cast it`);
      accumulate(source!.node!, source!.output, gradient);
    });
    for (const slot of slots) slot?.dispose();
    gradients.delete(node);
    if (releaseSaved) node.release();
  }
  return targets.map((target) => gradients.get(target)?.[0]);
}

/** A handle for each result, none shared with another result or with the gradients it was made from, so that each can be disposed of. */
function ownHandles(results: readonly (Tensor | undefined)[], given: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
  const taken = new Set<Tensor | undefined>(given);
  return results.map((result) => {
    if (result === undefined) return undefined;
    const own = taken.has(result) ? result.alias() : result;
    taken.add(own);
    return own;
  });
}

/** Nodes on a path from a root to a target, latest first. */
function nodesBetween(roots: readonly GradientNode[], targets: readonly GradientNode[]): GradientNode[] {
  const oldest = Math.min(...targets.map((target) => target.id));
  const reached = new Set<GradientNode>();
  const open = [...roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.id < oldest || reached.has(node)) continue;
    reached.add(node);
    for (const source of node.sources) if (source !== undefined) open.push(source.node!);
  }
  const leads = new Set(targets);
  const ascending = [...reached].sort((a, b) => a.id - b.id);
  for (const node of ascending) if (node.sources.some((source) => source !== undefined && leads.has(source.node!))) leads.add(node);
  return ascending.filter((node) => leads.has(node)).reverse();
}
