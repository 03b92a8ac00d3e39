// The updates of the optimizers: each is one kernel call for all parameters, which writes in place where it can. They have no gradient.

import { dispatch } from '../dispatch/dispatch.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { Attrs, Inputs, Outputs, Scalars } from '../contract/kernels.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import { derived } from '../contract/scalar.ts';
import type { Spec } from '../contract/storage.ts';
import { checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, maximum, mul, sub } from './arithmetic.ts';
import { where } from './select.ts';
import { sqrt, square } from './unary.ts';

function bare({ dtype, shape, size }: Spec): Spec {
  return { dtype, shape, size };
}

/** Checks that every list has one entry for each parameter, of the parameter's shape and dtype, and that the scalars are scalars. */
function checkLists(
  op: string,
  param: readonly Spec[],
  lists: Readonly<Record<string, readonly Spec[] | undefined>>,
  gradientScale: Spec | undefined,
  skip: Spec | undefined,
): void {
  for (const [name, list] of Object.entries(lists)) {
    if (list === undefined) continue;
    if (list.length !== param.length) throw new SinapseError(`${op}: ${param.length} parameters, but ${list.length} of ${name}`);
    list.forEach((spec, i) => {
      if (!sameShape(spec.shape, param[i]!.shape))
        throw new ShapeError(`${op}: parameter ${i} is ${formatShape(param[i]!.shape)}, its ${name} ${formatShape(spec.shape)}`);
      if (spec.dtype !== param[i]!.dtype) throw new DTypeError(`${op}: parameter ${i} is ${param[i]!.dtype}, its ${name} ${spec.dtype}`);
    });
  }
  const { dtype = 'float32' } = param[0] ?? {};
  if (gradientScale !== undefined && (gradientScale.dtype !== dtype || gradientScale.shape.length > 0))
    throw new DTypeError(`${op}: gradientScale must be a ${dtype} scalar, got ${gradientScale.dtype} ${formatShape(gradientScale.shape)}`);
  if (skip !== undefined && (skip.dtype !== 'bool' || skip.shape.length > 0))
    throw new DTypeError(`${op}: skip must be a bool scalar, got ${skip.dtype} ${formatShape(skip.shape)}`);
}

/** The new value, or the old one if the step is skipped. */
function unlessSkipped(skip: Tensor | undefined, before: Tensor, after: Tensor): Tensor {
  return skip === undefined ? after : where(skip, before, after);
}

function scaled(gradient: Tensor, scale: Tensor | undefined): Tensor {
  return scale === undefined ? gradient : mul(gradient, scale);
}

export const sgdStepKernel: KernelDefinition<'sgdStep', Tensor> = defineKernel({
  name: 'sgdStep',
  donates: { param: 'param', velocity: 'velocity' },
  infer: ({ param, grad, velocity, gradientScale, skip }) => {
    checkLists('sgdStep', param, { grad, velocity }, gradientScale, skip);
    return { param: param.map(bare), velocity: (velocity ?? []).map(bare) };
  },
  lower: ({ param, grad, velocity, gradientScale, skip }, { nesterov }, { learningRate, momentum, weightDecay }) => {
    const out: { param: Tensor[]; velocity: Tensor[] } = { param: [], velocity: [] };
    param.forEach((p, i) => {
      const g = add(scaled(grad[i]!, gradientScale), mul(p, weightDecay));
      let direction = g;
      if (velocity !== undefined) {
        const v = add(mul(velocity[i]!, momentum), g);
        direction = nesterov ? add(g, mul(v, momentum)) : v;
        out.velocity.push(unlessSkipped(skip, velocity[i]!, v));
      }
      out.param.push(unlessSkipped(skip, p, sub(p, mul(direction, learningRate))));
    });
    return out;
  },
});

export const adamStepKernel: KernelDefinition<'adamStep', Tensor> = defineKernel({
  name: 'adamStep',
  donates: { param: 'param', m: 'm', v: 'v', maxV: 'maxV' },
  infer: ({ param, grad, m, v, maxV, gradientScale, skip }) => {
    checkLists('adamStep', param, { grad, m, v, maxV }, gradientScale, skip);
    return { param: param.map(bare), m: m.map(bare), v: v.map(bare), maxV: (maxV ?? []).map(bare) };
  },
  lower: (inputs, { decoupled }, scalars) => {
    const { learningRate, weightDecay, beta1, beta2, epsilon, correction1, correction2 } = scalars;
    const rest1 = derived((beta) => 1 - beta, beta1);
    const rest2 = derived((beta) => 1 - beta, beta2);
    const shrink = derived((rate, decay) => 1 - rate * decay, learningRate, weightDecay);
    const { gradientScale, skip } = inputs;
    const out: { param: Tensor[]; m: Tensor[]; v: Tensor[]; maxV: Tensor[] } = { param: [], m: [], v: [], maxV: [] };
    inputs.param.forEach((p, i) => {
      const gradient = scaled(inputs.grad[i]!, gradientScale);
      const g = decoupled ? gradient : add(gradient, mul(p, weightDecay));
      const m = add(mul(inputs.m[i]!, beta1), mul(g, rest1));
      const v = add(mul(inputs.v[i]!, beta2), mul(square(g), rest2));
      const largest = inputs.maxV === undefined ? v : maximum(inputs.maxV[i]!, v);
      const step = div(div(m, correction1), add(sqrt(div(largest, correction2)), epsilon));
      const decayed = decoupled ? mul(p, shrink) : p;
      out.param.push(unlessSkipped(skip, p, sub(decayed, mul(step, learningRate))));
      out.m.push(unlessSkipped(skip, inputs.m[i]!, m));
      out.v.push(unlessSkipped(skip, inputs.v[i]!, v));
      if (inputs.maxV !== undefined) out.maxV.push(unlessSkipped(skip, inputs.maxV[i]!, largest));
    });
    return out;
  },
});

/**
 * One step of stochastic gradient descent for all parameters, in place if nothing else refers to their storage. docs/kernels/optimizers.md has
 * the formula.
 */
export function sgdStep(
  inputs: Inputs<'sgdStep', Tensor>,
  attrs: Attrs<'sgdStep'>,
  scalars: Scalars<'sgdStep', Scalar>,
): Outputs<'sgdStep', Tensor> {
  return dispatch(sgdStepKernel, inputs, attrs, scalars, makerOf('sgdStep', inputs), true);
}

/**
 * One step of Adam for all parameters: Kingma, Ba 2015, algorithm 1. `decoupled` gives AdamW (Loshchilov, Hutter 2019), `maxV` AMSGrad (Reddi
 * et al. 2018).
 */
export function adamStep(
  inputs: Inputs<'adamStep', Tensor>,
  attrs: Attrs<'adamStep'>,
  scalars: Scalars<'adamStep', Scalar>,
): Outputs<'adamStep', Tensor> {
  return dispatch(adamStepKernel, inputs, attrs, scalars, makerOf('adamStep', inputs), true);
}

function makerOf(op: string, inputs: { readonly param: readonly Tensor[] }): Tensor {
  const params = (inputs as Partial<typeof inputs> | undefined | null)?.param;
  checkTensors(op, params);
  const first = params![0];
  if (first === undefined) throw new SinapseError(`${op}: there is no parameter to update`);
  return first;
}
