// The examples of a call of a sequence kernel, followed step by step with errors carried along.

import type { HostTensor } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { U } from '../tolerances/rounding.ts';
import type { Computed } from '../tolerances/running-error.ts';
import { given, minus, plus, sigmoid, tanh, times } from '../tolerances/running-error.ts';

export type SequenceKernel = 'rnn' | 'rnnGrad' | 'lstm' | 'lstmGrad' | 'gru' | 'gruGrad';

/** Values of one example by unit or by gate and unit. */
export type Row = readonly Computed[];

/** The part of a tensor of `[…, length]` that belongs to one row. */
export function rowOf({ data }: HostTensor, row: number, length: number): Row {
  return Array.from({ length }, (_, i) => given(data[row * length + i]!));
}

/** row · weight, or row · weightᵀ, whose terms are added in any order. */
export function product(row: Row, { data, shape }: HostTensor, transposed = false): Row {
  const columns = shape[1]!;
  const length = transposed ? shape[0]! : columns;
  return Array.from({ length }, (_, j) => {
    let [value, inherited, size] = [0, 0, 0];
    row.forEach((x, k) => {
      const w = transposed ? data[j * columns + k]! : data[k * columns + j]!;
      value += x.value * w;
      inherited += x.error * Math.abs(w);
      size += (Math.abs(x.value) + x.error) * Math.abs(w);
    });
    const error = inherited + (row.length + 1) * U * size;
    return { value, error: Number.isFinite(error) ? error : 0 };
  });
}

export const sumOf = (a: Row, b: Row): Row => a.map((x, i) => plus(x, b[i]!));

export const ONE: Computed = given(1);
export const ZERO: Computed = given(0);

export function zeros(length: number): Row {
  return Array.from({ length }, () => ZERO);
}

export const sigmoidSlope = (y: Computed): Computed => times(y, minus(ONE, y));
export const tanhSlope = (y: Computed): Computed => minus(ONE, times(y, y));

/** One example of a call. */
export interface Example {
  /** The row of a tensor `[batch, …]`. */
  readonly row: number;
  /** The steps in the order in which the kernel takes them. */
  readonly order: readonly number[];
  /** Whether the example's sequence has this step. */
  readonly has: (t: number) => boolean;
  /** The row of a tensor `[steps, batch, …]` that belongs to a step. */
  readonly rowAt: (t: number) => number;
  /** The row of the state before a step; undefined for the first. */
  readonly before: (t: number) => number | undefined;
}

type Writer = (output: string, row: number, values: Row) => void;

/**
 * Follows every example of a call, and gathers the errors of what `follow` writes.
 * @param shape begins with steps and batch
 * @param backward whether the kernel takes the steps the other way round, as a gradient does
 */
export function errors<K extends SequenceKernel>(
  e: Expectation<K>,
  shape: readonly number[],
  backward: boolean,
  follow: (example: Example, write: Writer) => void,
): readonly Float64Array[] {
  const [steps, batch] = shape as [number, number];
  const { lengths } = e.call.inputs as { readonly lengths?: HostTensor };
  const { reverse } = e.call.attrs as { readonly reverse: boolean };
  const allowed = new Map(e.outputs.map(({ name, value }) => [name, new Float64Array(value.spec.size)]));
  const write: Writer = (output, row, values) => values.forEach(({ error }, i) => (allowed.get(output)![row * values.length + i] = error));
  const order = Array.from({ length: steps }, (_, i) => (reverse === backward ? i : steps - 1 - i));
  for (let row = 0; row < batch; row++) {
    const rowAt = (t: number): number => t * batch + row;
    const before = (t: number): number | undefined => {
      const earlier = reverse ? t + 1 : t - 1;
      return earlier < 0 || earlier >= steps ? undefined : rowAt(earlier);
    };
    follow({ row, order, has: (t) => t < (lengths?.data[row] ?? steps), rowAt, before }, write);
  }
  return [...allowed.values()];
}

/** The sum of one gate of a unit, from the sums of all gates of a row. */
const gate = (sums: Row, units: number, index: number, unit: number): Computed => sums[index * units + unit]!;

export function lstmGates(sums: Row, units: number, u: number): readonly [i: Computed, f: Computed, g: Computed, o: Computed] {
  const of = (index: number): Computed => gate(sums, units, index, u);
  return [sigmoid(of(0)), sigmoid(of(1)), tanh(of(2)), sigmoid(of(3))];
}

export function gruGates(x: Row, hidden: Row, units: number, u: number): { r: Computed; z: Computed; s: Computed; n: Computed } {
  const s = gate(hidden, units, 2, u);
  const r = sigmoid(plus(gate(x, units, 0, u), gate(hidden, units, 0, u)));
  const z = sigmoid(plus(gate(x, units, 1, u), gate(hidden, units, 1, u)));
  return { r, z, s, n: tanh(plus(gate(x, units, 2, u), times(r, s))) };
}
