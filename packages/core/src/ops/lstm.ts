// A long short-term memory over a whole sequence: Hochreiter, Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000. Its step is `lstmCell`.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ruleFromLowering } from '../autodiff/lowering.ts';
import { checkOptions } from '../contract/options.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import { interned } from '../dispatch/attributes.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul } from './arithmetic.ts';
import { zerosLike } from './fill.ts';
import { lstmCell, lstmCellGrad } from './lstm-cell.ts';
import { matmul } from './matmul.ts';
import type { SequenceOptions } from './sequence.ts';
import { SEQUENCE_OPTIONS, at, checkSequence, inSequence, statesBefore, stepsInOrder, weightGradient, within } from './sequence.ts';

export const lstmKernel: KernelDefinition<'lstm', Tensor> = defineKernel({
  name: 'lstm',
  infer: ({ x, weight, h, c, lengths }) => {
    const { states, sums } = checkSequence('lstm', 4, { sums: { x }, weight, initial: { h, c }, lengths });
    return { states, memories: states, sums };
  },
  lower: ({ x, weight, h, c, lengths }, { reverse }) => {
    const order = stepsInOrder(x.shape[0]!, reverse);
    let state = { h, c };
    const results = order.map((t) => {
      const sum = add(at(x, t), matmul(state.h, weight));
      const next = lstmCell(sum, state.c);
      state = { h: within(lengths, t, next.h, state.h), c: within(lengths, t, next.c, state.c) };
      return { ...state, sum };
    });
    const all = (name: 'h' | 'c' | 'sum'): Tensor => inSequence(results.map((result) => result[name]), order); // prettier-ignore
    return { states: all('h'), memories: all('c'), sums: all('sum') };
  },
  macs: ({ x, weight }) => x.size * weight.shape[0]!,
});

export const lstmGradKernel: KernelDefinition<'lstmGrad', Tensor> = defineKernel({
  name: 'lstmGrad',
  infer: ({ sums, weight, memories, c, dstates, dmemories, dsums, lengths }) => {
    const states = { memories, dstates, dmemories };
    const specs = checkSequence('lstmGrad', 4, { sums: { sums, ...(dsums && { dsums }) }, states, weight, initial: { c }, lengths });
    return { dx: specs.sums, dh: specs.state, dc: specs.state };
  },
  lower: ({ sums, weight, memories, c, dstates, dmemories, dsums, lengths }, { reverse }) => {
    const order = stepsInOrder(sums.shape[0]!, !reverse);
    const before = statesBefore(memories, c, reverse);
    let state: { readonly dh: Tensor; readonly dc: Tensor } | undefined;
    const dx = order.map((t) => {
      const dh = state === undefined ? at(dstates, t) : add(at(dstates, t), state.dh);
      const dc = state === undefined ? at(dmemories, t) : add(at(dmemories, t), state.dc);
      const step = lstmCellGrad(at(sums, t), at(before, t), dh, dc);
      const ofStates = within(lengths, t, step.dgates, 0);
      const dgates = dsums === undefined ? ofStates : add(ofStates, at(dsums, t));
      const back = matmul(dgates, weight, { transposeB: true });
      state = {
        dh: lengths === undefined ? back : add(back, within(lengths, t, mul(dh, 0), dh)),
        dc: within(lengths, t, step.dc, dc),
      };
      return dgates;
    });
    return { dx: inSequence(dx, order), ...state! };
  },
  macs: ({ sums, weight }) => sums.size * weight.shape[0]!,
});

const lstmGradRule = ruleFromLowering(lstmGradKernel, ['sums', 'weight', 'memories', 'c', 'dstates', 'dmemories', 'dsums', 'lengths']);

const lstmRule: Rule<'lstm'> = {
  kernel: lstmKernel,
  save: ['sums', 'weight', 'memories', 'c', 'lengths'],
  saveFor: { weight: ['states', 'h'] },
  gradient: ({ d, saved, needs, attrs }) => {
    const { sums, weight, memories, c, lengths, states, h } = saved;
    const gradients = { dstates: d.states ?? zerosLike(memories), dmemories: d.memories ?? zerosLike(memories) };
    const inputs = { sums, weight, memories, c, ...gradients, ...(d.sums && { dsums: d.sums }), ...(lengths && { lengths }) };
    const { dx, dh, dc } = apply(lstmGradRule, inputs, attrs, NO_SCALARS, weight);
    return { x: dx, h: dh, c: dc, weight: needs.weight && weightGradient(statesBefore(states, h, attrs.reverse), dx) };
  },
};

/**
 * An LSTM over a whole sequence: step t is `lstmCell` on the sums x(t) + h(t-1) weight, where x holds the input's part, x W + b, of all steps.
 * Hochreiter, Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000.
 * @param x float32 `[steps, batch, 4 · units]`: the parts of i, f, g, o one after another, as for `lstmCell`
 * @param weight float32 `[units, 4 · units]`
 * @param h float32 `[batch, units]`, the state before the first step
 * @param c float32 `[batch, units]`, the memory before the first step
 * @returns the states h and the memories c after all steps, each `[steps, batch, units]`
 * @throws ShapeError when the shapes do not fit, or there is no step
 */
export function lstm(
  x: Tensor,
  weight: Tensor,
  h: Tensor,
  c: Tensor,
  options: SequenceOptions = {},
): { readonly h: Tensor; readonly c: Tensor } {
  checkTensors('lstm', [x, weight, h, c]);
  checkOptions('lstm', options, SEQUENCE_OPTIONS);
  const { lengths, reverse = false } = options;
  if (lengths !== undefined) checkTensors('lstm', [lengths]);
  const { states, memories } = apply(
    lstmRule,
    { x, weight, h, c, ...(lengths && { lengths }) },
    interned('lstm', { reverse }),
    NO_SCALARS,
    x,
  );
  return { h: states, c: memories };
}
