// The loop over the steps of a sequence. Werbos 1990, "Backpropagation through time: what it does and how to do it": the gradient of this loop.

import type { Tensor } from '@sinapse/core';
import { ShapeError, formatShape, isTensor, reshape, sameShape, scope, shown, stopGradient, unstack, where } from '@sinapse/core';
import type { StepResult, UnrolledCell } from './cell.ts';
import { timeSteps } from './time.ts';

export interface UnrollOptions {
  /** Whether a step belongs to its sequence, bool `[time, batch]`. Other steps leave the state as it is and give zeros. */
  readonly mask: Tensor | undefined;
  /** Whether the last step is taken first. */
  readonly reverse: boolean;
  /** After so many steps the gradient stops: truncated back-propagation through time. Undefined for the whole sequence. */
  readonly truncation: number | undefined;
}

export interface Unrolled {
  /** The outputs by time. */
  readonly ys: readonly Tensor[];
  /** The output of the step that each sequence took last. */
  readonly last: Tensor;
  /** The state after it. */
  readonly state: readonly Tensor[];
}

/** Takes all steps of a sequence. @param op for messages */
export function unroll(op: string, cell: UnrolledCell, initial: readonly Tensor[], { mask, reverse, truncation }: UnrollOptions): Unrolled {
  const xs = timeSteps(cell.inputs);
  const masks = mask && unstack(mask);
  const ys = new Array<Tensor>(xs.length);
  let state = initial;
  let last: Tensor | undefined;
  for (let taken = 0; taken < xs.length; taken++) {
    const t = reverse ? xs.length - 1 - taken : taken;
    const before = truncation !== undefined && taken > 0 && taken % truncation === 0 ? state.map(stopGradient) : state;
    const next = scope(() => {
      const result = cell.step(xs[t]!, before);
      if (taken === 0) checkResult(op, result, before);
      return masks === undefined ? { ...result, last: result.y } : kept(result, before, last, masks[t]!);
    });
    ys[t] = next.y;
    ({ state, last } = next);
  }
  return { ys, last: last!, state };
}

/** The result of a step where it belongs to the sequence; elsewhere zeros, and everything as it was. */
function kept({ y, state }: StepResult, before: readonly Tensor[], last: Tensor | undefined, mask: Tensor): StepResult & { last: Tensor } {
  const choose = (a: Tensor, b: Tensor | number): Tensor => where(reshape(mask, [mask.size, ...a.shape.slice(1).map(() => 1)]), a, b);
  return { y: choose(y, 0), state: state.map((each, i) => choose(each, before[i]!)), last: choose(y, last ?? 0) };
}

function checkResult(op: string, result: StepResult, before: readonly Tensor[]): void {
  if (!isTensor((result as Partial<StepResult> | undefined)?.y) || !Array.isArray(result.state))
    throw new ShapeError(`${op}: step must give { y, state }, a tensor and a list of tensors, got ${shown(result)}`);
  const shapes = (tensors: readonly Tensor[]): string => tensors.map(({ shape }) => formatShape(shape)).join(', ');
  if (result.state.length !== before.length || result.state.some((each: Tensor, i: number) => !sameShape(each.shape, before[i]!.shape)))
    throw new ShapeError(
      `${op}: step must give a state of the same shapes as before, ${shapes(before)}, got ${shapes(result.state as Tensor[])}`,
    );
}
