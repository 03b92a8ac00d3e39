// A recurrent network of one gate over a whole sequence: Elman 1990, "Finding structure in time".

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ruleFromLowering } from '../autodiff/lowering.ts';
import * as check from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import { interned } from '../dispatch/attributes.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { relu } from './activation.ts';
import { add, mul, sub } from './arithmetic.ts';
import { greater } from './comparison.ts';
import { matmul } from './matmul.ts';
import { where } from './select.ts';
import type { SequenceOptions } from './sequence.ts';
import { SEQUENCE_OPTIONS, at, checkSequence, inSequence, statesBefore, stepsInOrder, weightGradient, within } from './sequence.ts';
import { tanh } from './unary.ts';

/** The function of a unit. */
type RnnActivation = 'tanh' | 'relu';

export interface RnnOptions extends SequenceOptions {
  /** Default tanh. */
  readonly activation?: RnnActivation;
}

const OPTIONS: OptionChecks<RnnOptions> = { ...SEQUENCE_OPTIONS, activation: check.oneOf(['tanh', 'relu']) };

export const rnnKernel: KernelDefinition<'rnn', Tensor> = defineKernel({
  name: 'rnn',
  infer: ({ x, weight, h, lengths }) => ({ states: checkSequence('rnn', 1, { sums: { x }, weight, initial: { h }, lengths }).states }),
  lower: ({ x, weight, h, lengths }, { activation, reverse }) => {
    const order = stepsInOrder(x.shape[0]!, reverse);
    const f = activation === 'tanh' ? tanh : relu;
    let state = h;
    const states = order.map((t) => (state = within(lengths, t, f(add(at(x, t), matmul(state, weight))), state)));
    return { states: inSequence(states, order) };
  },
  macs: ({ x, weight }) => x.size * weight.shape[0]!,
});

export const rnnGradKernel: KernelDefinition<'rnnGrad', Tensor> = defineKernel({
  name: 'rnnGrad',
  infer: ({ weight, states, dstates, lengths }) => {
    const specs = checkSequence('rnnGrad', 1, { sums: {}, states: { states, dstates }, weight, lengths });
    return { dx: specs.sums, dh: specs.state };
  },
  lower: ({ weight, states, dstates, lengths }, { activation, reverse }) => {
    const order = stepsInOrder(states.shape[0]!, !reverse);
    let dh: Tensor | undefined;
    const dx = order.map((t) => {
      const [state, d] = [at(states, t), dh === undefined ? at(dstates, t) : add(at(dstates, t), dh)];
      const slope = activation === 'tanh' ? mul(d, sub(1, mul(state, state))) : where(greater(state, 0), d, 0);
      const dsum = within(lengths, t, slope, 0);
      const back = matmul(dsum, weight, { transposeB: true });
      dh = lengths === undefined ? back : add(back, within(lengths, t, mul(d, 0), d));
      return dsum;
    });
    return { dx: inSequence(dx, order), dh: dh! };
  },
  macs: ({ states, weight }) => states.size * weight.shape[0]!,
});

const rnnGradRule = ruleFromLowering(rnnGradKernel, ['weight', 'states', 'dstates', 'lengths']);

const rnnRule: Rule<'rnn'> = {
  kernel: rnnKernel,
  save: ['weight', 'states', 'lengths'],
  saveFor: { weight: ['h'] },
  gradient: ({ d, saved: { weight, states, lengths, h }, needs, attrs }) => {
    if (d.states === undefined) return {};
    const inputs = { weight, states, dstates: d.states, ...(lengths && { lengths }) };
    const { dx, dh } = apply(rnnGradRule, inputs, attrs, NO_SCALARS, weight);
    return { x: dx, h: dh, weight: needs.weight && weightGradient(statesBefore(states, h, attrs.reverse), dx) };
  },
};

/**
 * A recurrent network over a whole sequence: h(t) = tanh(x(t) + h(t-1) weight), where x holds the input's part of the sum, x W + b, of all steps.
 * Elman 1990.
 * @param x float32 `[steps, batch, units]`
 * @param weight float32 `[units, units]`
 * @param h float32 `[batch, units]`, the state before the first step
 * @returns the states after all steps, `[steps, batch, units]`
 * @throws ShapeError when the shapes do not fit, or there is no step
 */
export function rnn(x: Tensor, weight: Tensor, h: Tensor, options: RnnOptions = {}): Tensor {
  checkTensors('rnn', [x, weight, h]);
  checkOptions('rnn', options, OPTIONS);
  const { lengths, activation = 'tanh', reverse = false } = options;
  if (lengths !== undefined) checkTensors('rnn', [lengths]);
  return apply(rnnRule, { x, weight, h, ...(lengths && { lengths }) }, interned('rnn', { activation, reverse }), NO_SCALARS, x).states;
}
