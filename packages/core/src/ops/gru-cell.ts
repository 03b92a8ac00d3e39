// One step of a gated recurrent unit, given the sums of its gates (Cho et al. 2014). The reset gate is applied after the product with the
// state, as in cuDNN, PyTorch and Keras.

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
import { split } from './slice.ts';
import { sigmoid, tanh } from './unary.ts';

/** The gates r and z, the candidate n, and the state's part s of the candidate's sum. */
function opened(x: Tensor, hidden: Tensor): { r: Tensor; z: Tensor; n: Tensor; s: Tensor } {
  const [xr, xz, xn] = split(x, 3, 1) as [Tensor, Tensor, Tensor];
  const [hr, hz, s] = split(hidden, 3, 1) as [Tensor, Tensor, Tensor];
  const r = sigmoid(add(xr, hr));
  return { r, z: sigmoid(add(xz, hz)), n: tanh(add(xn, mul(r, s))), s };
}

export const gruCellKernel: KernelDefinition<'gruCell', Tensor> = defineKernel({
  name: 'gruCell',
  infer: ({ x, hidden, h }) => ({ next: checkCell('gruCell', 3, { h }, { x, hidden }).state }),
  lower: ({ x, hidden, h }) => {
    const { z, n } = opened(x, hidden);
    return { next: add(n, mul(z, sub(h, n))) };
  },
});

export const gruCellGradKernel: KernelDefinition<'gruCellGrad', Tensor> = defineKernel({
  name: 'gruCellGrad',
  infer: ({ x, hidden, h, dnext }) => {
    const { state, sum } = checkCell('gruCellGrad', 3, { h, dnext }, { x, hidden });
    return { dx: sum, dhidden: sum, dh: state };
  },
  lower: ({ x, hidden, h, dnext }) => {
    const { r, z, n, s } = opened(x, hidden);
    const dn = mul(mul(dnext, sub(1, z)), sub(1, mul(n, n)));
    const dz = mul(mul(dnext, sub(h, n)), sigmoidSlope(z));
    const dr = mul(mul(dn, s), sigmoidSlope(r));
    return { dx: concat([dr, dz, dn], 1), dhidden: concat([dr, dz, mul(dn, r)], 1), dh: mul(dnext, z) };
  },
});

const gruCellGradRule = ruleFromLowering(gruCellGradKernel, ['x', 'hidden', 'h', 'dnext']);

/** The gradient of a step. Private to core. */
export function gruCellGrad(
  x: Tensor,
  hidden: Tensor,
  h: Tensor,
  dnext: Tensor,
): { readonly dx: Tensor; readonly dhidden: Tensor; readonly dh: Tensor } {
  return apply(gruCellGradRule, { x, hidden, h, dnext }, NO_ATTRS, NO_SCALARS, h);
}

const gruCellRule: Rule<'gruCell'> = {
  kernel: gruCellKernel,
  save: ['x', 'hidden', 'h'],
  gradient: ({ d, saved: { x, hidden, h } }) => {
    if (d.next === undefined) return {};
    const { dx, dhidden, dh } = gruCellGrad(x, hidden, h, d.next);
    return { x: dx, hidden: dhidden, h: dh };
  },
};

/**
 * One step of a GRU: r = σ(x_r + u_r), z = σ(x_z + u_z), n = tanh(x_n + r u_n), h' = (1 - z) n + z h. Here x is the input's part of the sums
 * (input W + b), and u is `hidden`, the state's part (h U + b'). Cho et al. 2014; r is applied after the product with U (Keras: `reset_after`), so
 * that one product serves all gates.
 * @param x float32 `[batch, 3 · units]`: the parts of r, z, n one after another
 * @param hidden float32 `[batch, 3 · units]`, in the same order
 * @param h float32 `[batch, units]`, the state of the step before
 * @returns the new state `[batch, units]`
 * @throws ShapeError when x or hidden do not fit h
 */
export function gruCell(x: Tensor, hidden: Tensor, h: Tensor): Tensor {
  checkTensors('gruCell', [x, hidden, h]);
  return apply(gruCellRule, { x, hidden, h }, NO_ATTRS, NO_SCALARS, h).next;
}
