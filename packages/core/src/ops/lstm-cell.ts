// One step of a long short-term memory, given the sums of its gates: Hochreiter, Schmidhuber 1997, with the forget gate of Gers, Schmidhuber,
// Cummins 2000.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ruleFromLowering } from '../autodiff/lowering.ts';
import { NO_ATTRS } from '../dispatch/attributes.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { checkCell, sigmoidSlope } from './cell.ts';
import { concat } from './concat.ts';
import { zerosLike } from './fill.ts';
import { split } from './slice.ts';
import { sigmoid, tanh } from './unary.ts';

/** The gates i, f and o, the candidate g, and the new memory. */
function opened(gates: Tensor, c: Tensor): { i: Tensor; f: Tensor; g: Tensor; o: Tensor; next: Tensor } {
  const [input, forget, candidate, output] = split(gates, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
  const [i, f, g, o] = [sigmoid(input), sigmoid(forget), tanh(candidate), sigmoid(output)];
  return { i, f, g, o, next: add(mul(f, c), mul(i, g)) };
}

export const lstmCellKernel: KernelDefinition<'lstmCell', Tensor> = defineKernel({
  name: 'lstmCell',
  infer: ({ gates, c }) => {
    const { state } = checkCell('lstmCell', 4, { c }, { gates });
    return { h: state, next: state };
  },
  lower: ({ gates, c }) => {
    const { o, next } = opened(gates, c);
    return { h: mul(o, tanh(next)), next };
  },
});

/** Computes the gates again from the cell's inputs, which costs less than keeping them in memory until the backward pass. */
export const lstmCellGradKernel: KernelDefinition<'lstmCellGrad', Tensor> = defineKernel({
  name: 'lstmCellGrad',
  infer: ({ gates, c, dh, dnext }) => {
    const { state, sum } = checkCell('lstmCellGrad', 4, { c, dh, dnext }, { gates });
    return { dgates: sum, dc: state };
  },
  lower: ({ gates, c, dh, dnext }) => {
    const { i, f, g, o, next } = opened(gates, c);
    const t = tanh(next);
    const d = add(dnext, mul(mul(dh, o), sub(1, mul(t, t))));
    const dgates = [
      mul(mul(d, g), sigmoidSlope(i)),
      mul(mul(d, c), sigmoidSlope(f)),
      mul(mul(d, i), sub(1, mul(g, g))),
      mul(mul(dh, t), sigmoidSlope(o)),
    ];
    return { dgates: concat(dgates, 1), dc: mul(d, f) };
  },
});

const lstmCellGradRule = ruleFromLowering(lstmCellGradKernel, ['gates', 'c', 'dh', 'dnext']);

/** The gradient of a step. Private to core. */
export function lstmCellGrad(gates: Tensor, c: Tensor, dh: Tensor, dnext: Tensor): { readonly dgates: Tensor; readonly dc: Tensor } {
  return apply(lstmCellGradRule, { gates, c, dh, dnext }, NO_ATTRS, NO_SCALARS, c);
}

const lstmCellRule: Rule<'lstmCell'> = {
  kernel: lstmCellKernel,
  save: ['gates', 'c'],
  gradient: ({ d, saved: { gates, c } }) => {
    const { dgates, dc } = lstmCellGrad(gates, c, d.h ?? zerosLike(c), d.next ?? zerosLike(c));
    return { gates: dgates, c: dc };
  },
};

/**
 * One step of an LSTM: c' = σ(f) c + σ(i) tanh(g), h = σ(o) tanh(c'), where i, f, g, o are the sums of the input gate, the forget gate, the
 * candidate and the output gate. A sum is x W + h U + b, with the h of the step before. Hochreiter,
 * Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000.
 * @param gates float32 `[batch, 4 · units]`: i, f, g, o one after another
 * @param c float32 `[batch, units]`, the memory after the step before
 * @returns h and the new memory c, each `[batch, units]`
 * @throws ShapeError when gates do not fit c
 */
export function lstmCell(gates: Tensor, c: Tensor): { readonly h: Tensor; readonly c: Tensor } {
  checkTensors('lstmCell', [gates, c]);
  const { h, next } = apply(lstmCellRule, { gates, c }, NO_ATTRS, NO_SCALARS, c);
  return { h, c: next };
}
