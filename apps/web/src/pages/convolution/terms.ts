// The sum behind one number of the output: which input meets which weight.

import type { Rule } from './examples.ts';
import type { Convolution } from './machine.ts';

export interface Term {
  readonly channel: number;
  /** Of the input, from 0; outside it where padding lies. */
  readonly row: number;
  readonly column: number;
  readonly input: number;
  readonly weight: number;
}

/** The terms of the output at a position, channel by channel, in the order of the input. The bias is not among them. */
export function termsOf(
  { input, kernels, stride, padding }: Convolution,
  rule: Rule,
  filter: number,
  outputRow: number,
  outputColumn: number,
): Term[] {
  const terms: Term[] = [];
  kernels[filter]?.forEach((kernel, channel) => {
    const size = kernel.length;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const [row, column] = [outputRow * stride - padding + i, outputColumn * stride - padding + j];
        const weight = rule === 'correlation' ? kernel[i]![j]! : kernel[size - 1 - i]![size - 1 - j]!;
        terms.push({ channel, row, column, input: input[channel]?.[row]?.[column] ?? 0, weight });
      }
  });
  return terms;
}

/** floor((i - k + 2p) / s) + 1; at least 0. */
export function outputSize(input: number, kernel: number, stride: number, padding: number): number {
  return Math.max(Math.floor((input - kernel + 2 * padding) / stride) + 1, 0);
}
