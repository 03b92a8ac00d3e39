// A gated recurrent unit over a whole sequence: Cho et al. 2014. Its step is `gruCell`: the reset gate follows the product with the state.

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
import { checkBias } from './activation.ts';
import { add } from './arithmetic.ts';
import { zerosLike } from './fill.ts';
import { gruCell, gruCellGrad } from './gru-cell.ts';
import { linear } from './linear.ts';
import { matmul } from './matmul.ts';
import { sum } from './sum.ts';
import type { SequenceOptions } from './sequence.ts';
import { SEQUENCE_OPTIONS, at, checkSequence, inSequence, statesBefore, stepsInOrder, weightGradient, within } from './sequence.ts';

export const gruKernel: KernelDefinition<'gru', Tensor> = defineKernel({
  name: 'gru',
  infer: ({ x, weight, bias, h, lengths }) => {
    const { states, sums } = checkSequence('gru', 3, { sums: { x }, weight, initial: { h }, lengths });
    checkBias('gru', weight.shape[1]!, bias);
    return { states, hidden: sums };
  },
  lower: ({ x, weight, bias, h, lengths }, { reverse }) => {
    const order = stepsInOrder(x.shape[0]!, reverse);
    let state = h;
    const results = order.map((t) => {
      const hidden = linear(state, weight, bias);
      state = within(lengths, t, gruCell(at(x, t), hidden, state), state);
      return { state, hidden };
    });
    const all = (name: 'state' | 'hidden'): Tensor => inSequence(results.map((result) => result[name]), order); // prettier-ignore
    return { states: all('state'), hidden: all('hidden') };
  },
  macs: ({ x, weight }) => x.size * weight.shape[0]!,
});

export const gruGradKernel: KernelDefinition<'gruGrad', Tensor> = defineKernel({
  name: 'gruGrad',
  infer: ({ x, hidden, weight, states, h, dstates, dsums, lengths }) => {
    const sums = { x, hidden, ...(dsums && { dsums }) };
    const specs = checkSequence('gruGrad', 3, { sums, states: { states, dstates }, weight, initial: { h }, lengths });
    return { dx: specs.sums, dhidden: specs.sums, dh: specs.state };
  },
  lower: ({ x, hidden, weight, states, h, dstates, dsums, lengths }, { reverse }) => {
    const order = stepsInOrder(x.shape[0]!, !reverse);
    const before = statesBefore(states, h, reverse);
    let dh: Tensor | undefined;
    const results = order.map((t) => {
      const d = dh === undefined ? at(dstates, t) : add(at(dstates, t), dh);
      const step = gruCellGrad(at(x, t), at(hidden, t), at(before, t), d);
      const ofStates = within(lengths, t, step.dhidden, 0);
      const dhidden = dsums === undefined ? ofStates : add(ofStates, at(dsums, t));
      dh = add(matmul(dhidden, weight, { transposeB: true }), within(lengths, t, step.dh, d));
      return { dx: within(lengths, t, step.dx, 0), dhidden };
    });
    const all = (name: 'dx' | 'dhidden'): Tensor => inSequence(results.map((result) => result[name]), order); // prettier-ignore
    return { dx: all('dx'), dhidden: all('dhidden'), dh: dh! };
  },
  macs: ({ x, weight }) => x.size * weight.shape[0]!,
});

const gruGradRule = ruleFromLowering(gruGradKernel, ['x', 'hidden', 'weight', 'states', 'h', 'dstates', 'dsums', 'lengths']);

const gruRule: Rule<'gru'> = {
  kernel: gruKernel,
  save: ['x', 'hidden', 'weight', 'states', 'h', 'lengths'],
  gradient: ({ d, saved: { x, hidden, weight, states, h, lengths }, needs, attrs }) => {
    const gradients = { dstates: d.states ?? zerosLike(states), ...(d.hidden && { dsums: d.hidden }) };
    const inputs = { x, hidden, weight, states, h, ...gradients, ...(lengths && { lengths }) };
    const { dx, dhidden, dh } = apply(gruGradRule, inputs, attrs, NO_SCALARS, weight);
    return {
      x: dx,
      h: dh,
      weight: needs.weight && weightGradient(statesBefore(states, h, attrs.reverse), dhidden),
      bias: needs.bias && sum(dhidden, { axis: [0, 1] }),
    };
  },
};

/**
 * A GRU over a whole sequence: step t is `gruCell` on x(t) and h(t-1) weight + bias, where x holds the input's part, x W + b, of all steps. Cho
 * et al. 2014.
 * @param x float32 `[steps, batch, 3 · units]`: the parts of r, z, n one after another, as for `gruCell`
 * @param weight float32 `[units, 3 · units]`
 * @param bias float32 `[3 · units]`
 * @param h float32 `[batch, units]`, the state before the first step
 * @returns the states after all steps, `[steps, batch, units]`
 * @throws ShapeError when the shapes do not fit, or there is no step
 */
export function gru(x: Tensor, weight: Tensor, bias: Tensor, h: Tensor, options: SequenceOptions = {}): Tensor {
  checkTensors('gru', [x, weight, bias, h]);
  checkOptions('gru', options, SEQUENCE_OPTIONS);
  const { lengths, reverse = false } = options;
  if (lengths !== undefined) checkTensors('gru', [lengths]);
  return apply(gruRule, { x, weight, bias, h, ...(lengths && { lengths }) }, interned('gru', { reverse }), NO_SCALARS, x).states;
}
