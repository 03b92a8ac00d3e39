// What the recurrent networks over whole sequences share: checks, the order of their steps, and examples of different lengths.

import { ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import * as check from '../contract/checks.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { greater } from './comparison.ts';
import { concat, stack } from './concat.ts';
import { matmul } from './matmul.ts';
import { checkFloats } from './operands.ts';
import { reshape } from './reshape.ts';
import { where } from './select.ts';
import { slice } from './slice.ts';

export interface SequenceOptions {
  /**
   * int32 `[batch]`: the length of each example's sequence. From that step on an example keeps its state, and its x, which is padding, is not
   * read. By default all sequences are whole.
   */
  readonly lengths?: Tensor;
  /** Whether to go from the last step to the first. An example then begins at its own last step. Default false. */
  readonly reverse?: boolean;
}

export const SEQUENCE_OPTIONS: OptionChecks<SequenceOptions> = { lengths: check.tensor, reverse: check.flag };

/** The tensors of a sequence op, by what their shape must be. */
interface SequenceInputs {
  /** `[steps, batch, gates · units]`. */
  readonly sums: Readonly<Record<string, Spec>>;
  /** `[steps, batch, units]`. */
  readonly states?: Readonly<Record<string, Spec>>;
  /** `[units, gates · units]`. */
  readonly weight: Spec;
  /** `[batch, units]`. */
  readonly initial?: Readonly<Record<string, Spec>>;
  readonly lengths: Spec | undefined;
}

/** The specs of a sequence op: of all sums, of all states, and of one state. */
interface SequenceSpecs {
  readonly sums: Spec;
  readonly states: Spec;
  readonly state: Spec;
}

/** @throws ShapeError unless the shapes fit each other; DTypeError unless lengths are int32 and all others floats */
export function checkSequence(
  op: string,
  gates: number,
  { sums, states = {}, weight, initial = {}, lengths }: SequenceInputs,
): SequenceSpecs {
  checkFloats(op, ...Object.values(sums), ...Object.values(states), weight, ...Object.values(initial));
  const [[name, first]] = Object.entries({ ...sums, ...states }) as [[string, Spec]];
  const [units, columns] = weight.shape as [number, number];
  if (weight.shape.length !== 2 || columns !== gates * units) {
    const wanted = gates === 1 ? '[units, units]' : `[units, ${gates} · units]`;
    throw new ShapeError(`${op}: weight must be ${wanted}, got ${formatShape(weight.shape)}`);
  }
  if (first.shape.length !== 3)
    throw new ShapeError(`${op}: ${name} must be [steps, batch, ${name in sums ? columns : units}], got ${formatShape(first.shape)}`);
  const [steps, batch] = first.shape as [number, number, number];
  if (steps === 0) throw new ShapeError(`${op}: a sequence has at least one step, got ${name} of ${formatShape(first.shape)}`);
  const expect = (each: Readonly<Record<string, Spec>>, expected: readonly number[], meaning: string): void => {
    for (const [of, { shape }] of Object.entries(each))
      if (!sameShape(shape, expected))
        throw new ShapeError(`${op}: ${of} must be ${formatShape(expected)}, ${meaning}; got ${formatShape(shape)}`);
  };
  expect(sums, [steps, batch, columns], '[steps, batch, columns of weight]');
  expect(states, [steps, batch, units], '[steps, batch, units]');
  expect(initial, [batch, units], '[batch, units]');
  if (lengths !== undefined) {
    if (lengths.dtype !== 'int32') throw new ShapeError(`${op}: lengths must be int32, got ${lengths.dtype}`);
    expect({ lengths }, [batch], 'one for each example');
  }
  const { dtype } = weight;
  return {
    sums: specOf(dtype, [steps, batch, columns]),
    states: specOf(dtype, [steps, batch, units]),
    state: specOf(dtype, [batch, units]),
  };
}

/** The steps in the order in which they are computed. */
export function stepsInOrder(steps: number, reverse: boolean): number[] {
  const order = Array.from({ length: steps }, (_, t) => t);
  return reverse ? order.reverse() : order;
}

/** One step of a sequence. */
export function at(x: Tensor, t: number): Tensor {
  return slice(x, [t]);
}

/** `next` where the example's sequence has a step t, else `kept`. */
export function within(lengths: Tensor | undefined, t: number, next: Tensor, kept: Tensor | number): Tensor {
  return lengths === undefined ? next : where(reshape(greater(lengths, t), [lengths.size, 1]), next, kept);
}

/** The results of steps, computed in `order`, as one tensor in the order of the sequence. */
export function inSequence(results: readonly Tensor[], order: readonly number[]): Tensor {
  const sorted: Tensor[] = [];
  order.forEach((t, i) => (sorted[t] = results[i]!));
  return stack(sorted);
}

/** The state before each step: `first`, then those that the steps made. */
export function statesBefore(states: Tensor, first: Tensor, reverse: boolean): Tensor {
  const start = reshape(first, [1, ...first.shape]);
  const steps = states.shape[0]!;
  if (steps === 1) return start;
  return reverse ? concat([slice(states, [{ begin: 1 }]), start]) : concat([start, slice(states, [{ end: steps - 1 }])]);
}

/** The gradient of the recurrent weights, in one product for all steps: the sum over steps of before(t)ᵀ dsums(t). */
export function weightGradient(before: Tensor, dsums: Tensor): Tensor {
  return matmul(asRows(before), asRows(dsums), { transposeA: true });
}

function asRows(x: Tensor): Tensor {
  const [steps, batch, columns] = x.shape as [number, number, number];
  return reshape(x, [steps * batch, columns]);
}
