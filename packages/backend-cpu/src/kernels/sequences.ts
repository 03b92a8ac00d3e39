// rnn, lstm, gru over whole sequences, and their gradients.

import type { Kernel, View } from '@sinapse/core';
import { addressOrNull } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

type SequenceKernel = 'rnn' | 'rnnGrad' | 'lstm' | 'lstmGrad' | 'gru' | 'gruGrad';

/** `states` is any view of [steps, batch, units]. */
interface Sequence {
  readonly states: View;
  readonly reverse: boolean;
  readonly lengths: View | undefined;
}

export function sequenceKernels(engine: Engine): { readonly [K in SequenceKernel]: Kernel<K> } {
  const names: readonly SequenceKernel[] = ['rnn', 'rnnGrad', 'lstm', 'lstmGrad', 'gru', 'gruGrad'];
  const runs = Object.fromEntries(names.map((name) => [name, engine.kernel(name)])) as Record<SequenceKernel, () => void>;
  /** Calls a kernel with the sizes, numbers of its own, then the addresses of views. */
  const call = (
    kernel: SequenceKernel,
    { states, reverse, lengths }: Sequence,
    numbers: readonly number[],
    ...views: readonly (View | undefined)[]
  ): void => {
    const args = engine.arguments;
    let at = 0;
    for (const length of states.shape) args[at++] = length;
    args[at++] = reverse ? 1 : 0;
    args[at++] = addressOrNull(lengths);
    for (const number of numbers) args[at++] = number;
    for (const view of views) args[at++] = view === undefined ? 0 : addressOf(view);
    runs[kernel]();
  };
  return {
    rnn: ({ in: { x, weight, h, lengths }, out: { states }, attrs: { activation, reverse } }) =>
      call('rnn', { states, reverse, lengths }, [activation === 'relu' ? 1 : 0], x, weight, h, states),
    rnnGrad: ({ in: { weight, states, dstates, lengths }, out: { dx, dh }, attrs: { activation, reverse } }) =>
      call('rnnGrad', { states, reverse, lengths }, [activation === 'relu' ? 1 : 0], weight, states, dstates, dx, dh),
    lstm: ({ in: { x, weight, h, c, lengths }, out: { states, memories, sums }, attrs: { reverse } }) =>
      call('lstm', { states, reverse, lengths }, [], x, weight, h, c, states, memories, sums),
    lstmGrad: ({ in: { sums, weight, memories, c, dstates, dmemories, dsums, lengths }, out: { dx, dh, dc }, attrs: { reverse } }) =>
      call('lstmGrad', { states: memories, reverse, lengths }, [], sums, weight, memories, c, dstates, dmemories, dsums, dx, dh, dc),
    gru: ({ in: { x, weight, bias, h, lengths }, out: { states, hidden }, attrs: { reverse } }) =>
      call('gru', { states, reverse, lengths }, [], x, weight, bias, h, states, hidden),
    gruGrad: ({ in: { x, hidden, weight, states, h, dstates, dsums, lengths }, out: { dx, dhidden, dh }, attrs: { reverse } }) =>
      call('gruGrad', { states, reverse, lengths }, [], x, hidden, weight, states, h, dstates, dsums, dx, dhidden, dh),
  };
}
