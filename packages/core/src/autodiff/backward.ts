// The backward pass: gradients flow from outputs to leaves, through each node once, in reverse order of recording.

import { DTypeError, ShapeError } from '../contract/errors.ts';
import { add } from '../ops/arithmetic.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { currentScope, scope } from '../tensor/scope.ts';
import type { GradientNode, NamedSlots } from './node.ts';
import { isList, someIn, someTensor } from './node.ts';
import { grouped, isTraced } from './recording.ts';

/**
 * The gradients of leaves, from those of some outputs; undefined for a leaf that does not influence the outputs.
 * @param leaves nodes on the tape that is being recorded
 * @param releaseSaved whether each node may release what it saved once its gradients are computed
 */
export function backward(
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
  leaves: readonly GradientNode[],
  releaseSaved: boolean,
): (Tensor | undefined)[] {
  if (leaves.length === 0) return [];
  const oldest = Math.min(...leaves.map((leaf) => leaf.index));
  const newest = Math.max(oldest, ...outputs.map((output) => (isTraced(output) ? output.node!.index : -1)));
  const nodes = leaves[0]!.tape!.nodes.slice(oldest, newest + 1);
  const isLeaf = new Set(leaves);
  const leading = nodes.map((node) => isLeaf.has(node));
  const leads = (tensor: Tensor): boolean => isTraced(tensor) && leading[tensor.node!.index - oldest] === true;
  nodes.forEach((node, i) => (leading[i] ||= someTensor(node.inputs, leads)));

  const mine = currentScope()!;
  const gradients: (Record<string, Tensor> | undefined)[] = nodes.map(() => undefined);
  const accumulate = ({ node, output }: Tensor, gradient: Tensor): void => {
    const slots = (gradients[node!.index - oldest] ??= {});
    const before = slots[output];
    const total = before === undefined ? gradient : add(before, gradient);
    slots[output] = total;
    total.scope = mine; // moved out of the node's scope
    if (before !== undefined) {
      before.dispose();
      gradient.dispose();
    }
  };
  const receive = (node: GradientNode, input: Tensor, gradient: Tensor | undefined): void => {
    if (gradient === undefined || !leads(input)) return;
    checkFits(node, input, gradient);
    // The gradient needs its own handle, which is disposed of later: a rule may return the gradient it was given, or one gradient twice.
    accumulate(input, gradient.scope === currentScope() ? gradient : gradient.alias());
  };

  outputs.forEach((output, i) => {
    const cotangent = cotangents[i];
    if (cotangent !== undefined && leads(output)) accumulate(output, cotangent.alias());
  });
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    const given = gradients[i];
    if (given === undefined || isLeaf.has(node)) continue;
    const pull = (): void => {
      const results = node.pull(given, neededOf(node.inputs, leads));
      for (const name in node.inputs) {
        const input = node.inputs[name];
        const result = results[name];
        if (input === undefined || !result) continue;
        if (isList(input)) input.forEach((tensor, at) => receive(node, tensor, (result as readonly (Tensor | undefined)[])[at]));
        else receive(node, input, result as Tensor);
      }
    };
    const { group } = node;
    if (group === undefined) scope(pull);
    else grouped(() => ({ name: group, backward: true }), () => scope(pull)); // prettier-ignore
    for (const name in given) given[name]!.dispose();
    gradients[i] = undefined;
    if (releaseSaved) node.release();
  }
  return leaves.map((leaf) => gradients[leaf.index - oldest]?.['y']);
}

/** @throws ShapeError, DTypeError unless a gradient has its input's shape and dtype */
function checkFits({ name }: GradientNode, input: Tensor, gradient: Tensor): void {
  if (!sameShape(gradient.shape, input.shape)) {
    throw new ShapeError(`${name}: the gradient of an input of shape ${formatShape(input.shape)} has shape ${formatShape(gradient.shape)}`);
  }
  if (gradient.dtype !== input.dtype) throw new DTypeError(`${name}: the gradient of a ${input.dtype} input is ${gradient.dtype}; cast it`);
}

/** For each input, whether it leads to a leaf (of a list, whether any of its tensors does). */
function neededOf(inputs: NamedSlots<Tensor>, leads: (tensor: Tensor) => boolean): Record<string, boolean> {
  const needs: Record<string, boolean> = {};
  for (const name in inputs) needs[name] = someIn(inputs[name], leads);
  return needs;
}
