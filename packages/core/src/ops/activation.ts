// Activation functions whose gradient follows from their output: one kernel adds a bias and applies them. formula-activation.ts has those made
// of several ops.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { ruleFromLowering } from '../autodiff/lowering.ts';
import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { Activation } from '../contract/kernels.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions, checkScalar } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape, lastLength, lengthsOf, sameShape } from '../contract/shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import { derived } from '../contract/scalar.ts';
import { shown } from '../contract/shown.ts';
import type { Spec } from '../contract/storage.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, maximum, mul, sub } from './arithmetic.ts';
import { greater } from './comparison.ts';
import { fillAt } from './fill.ts';
import { checkFloats } from './operands.ts';
import { where } from './select.ts';
import { sum } from './sum.ts';
import { sigmoid, tanh } from './unary.ts';

/** @throws ShapeError unless the bias is a vector as long as the last axis */
export function checkBias(op: string, channels: number, bias: Spec | undefined): void {
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== channels)) {
    throw new ShapeError(`${op}: bias must be [${channels}], one for each output channel; got ${formatShape(bias.shape)}`);
  }
}

/** @throws ShapeError unless the residual has the shape of the result */
export function checkResidual(op: string, shape: Shape, residual: Spec | undefined): void {
  if (residual !== undefined && !sameShape(residual.shape, shape))
    throw new ShapeError(`${op}: residual must be ${formatShape(shape)}, the shape of the result; got ${formatShape(residual.shape)}`);
}

const LOWERINGS: Record<Activation, (z: Tensor, alpha: Scalar) => Tensor> = {
  linear: (z) => z,
  relu: (z) => maximum(z, 0),
  leakyRelu: (z, alpha) => where(greater(z, 0), z, mul(z, alpha)),
  sigmoid: (z) => sigmoid(z),
  tanh: (z) => tanh(z),
};

/** The derivative activation'(z), computed from y = activation(z). At 0, relu and leakyRelu take the slope below 0. */
const SLOPES: Record<Activation, (y: Tensor, alpha: Scalar) => Tensor | undefined> = {
  linear: () => undefined,
  relu: (y) => greater(y, 0).cast(y.dtype),
  leakyRelu: (y, alpha) =>
    add(
      mul(
        greater(y, 0).cast(y.dtype),
        derived((slope) => 1 - slope, alpha),
      ),
      alpha,
    ),
  sigmoid: (y) => mul(y, sub(1, y)),
  tanh: (y) => sub(1, mul(y, y)),
};

/** Every axis but the last. */
export function leadingAxes({ shape }: Spec): number[] {
  const axes: number[] = [];
  for (let i = 0; i < shape.length - 1; i++) axes.push(i);
  return axes;
}

export const biasActivationKernel: KernelDefinition<'biasActivation', Tensor> = defineKernel({
  name: 'biasActivation',
  called: ({ activation }) => (activation === 'linear' ? 'biasActivation' : activation),
  infer: ({ x, bias }, { activation }) => {
    checkFloats(activation, x, bias);
    if (bias !== undefined) checkBias('biasActivation', lastLength(x.shape) ?? 0, bias);
    return { y: { dtype: x.dtype, shape: x.shape, size: x.size } };
  },
  lower: ({ x, bias }, { activation }, { alpha }) => ({ y: LOWERINGS[activation](bias === undefined ? x : add(x, bias), alpha) }),
});

export const biasActivationGradKernel: KernelDefinition<'biasActivationGrad', Tensor> = defineKernel({
  name: 'biasActivationGrad',
  infer: ({ y, dy }, { bias }) => {
    checkFloats('biasActivationGrad', y, dy);
    return { dx: { dtype: y.dtype, shape: y.shape, size: y.size }, dbias: specOf(y.dtype, [bias ? lastLength(y.shape)! : 0]) };
  },
  lower: ({ y, dy }, { activation, bias }, { alpha }) => {
    const slope = SLOPES[activation](y, alpha);
    const dx = slope === undefined ? dy.alias() : mul(dy, slope);
    const dbias = bias ? sum(dx, { axis: leadingAxes(y) }) : fillAt(y, [0], 0, y.dtype);
    return { dx, dbias };
  },
});

const biasActivationGradRule = ruleFromLowering(biasActivationGradKernel, ['y', 'dy']);

/**
 * The gradients of x and of the bias (if there is one), computed from the output y, for ops that end in an activation. `linear` does not read
 * y, so y may be missing.
 */
export function biasActivationGrad(
  y: Tensor | undefined,
  dy: Tensor,
  activation: Activation,
  alpha: Scalar,
  bias: boolean,
): { dx: Tensor; dbias: Tensor | undefined } {
  // The slope is 1, so dx is dy itself, without a copy.
  if (activation === 'linear') return { dx: dy, dbias: bias ? sum(dy, { axis: leadingAxes(dy) }) : undefined };
  return apply(biasActivationGradRule, { y: y!, dy }, { activation, bias }, { alpha }, dy);
}

/** The rule of an op that ends in an activation. It saves y unless the activation is linear, whose gradient does not read y. */
export function savingOutput<R extends { readonly save: readonly string[] }>(rule: R): (activation: Activation) => R {
  const reading = { ...rule, save: [...rule.save, 'y'] };
  return (activation) => (activation === 'linear' ? rule : reading);
}

const biasActivationRule = savingOutput<Rule<'biasActivation'>>({
  kernel: biasActivationKernel,
  save: [],
  gradient: ({ d, saved, attrs, scalars, needs }) => {
    if (d.y === undefined) return {};
    const { dx, dbias } = biasActivationGrad(saved.y, d.y, attrs.activation, scalars.alpha, needs.bias ?? false);
    return { x: dx, bias: dbias };
  },
});

/** An activation that a kernel applies to its result. `alpha` is the slope of `leakyRelu` below 0 (default 0.01). */
export interface FusedActivation {
  readonly activation?: Activation | undefined;
  readonly alpha?: Scalar | undefined;
}

const LEAKY_SLOPE = 0.01;

export const FUSED_ACTIVATION: OptionChecks<FusedActivation> = { activation: check.oneOf(Object.keys(LOWERINGS)), alpha: check.scalar };

/**
 * The activation and its parameter with defaults filled in. Their names and types have been checked.
 * @throws SinapseError when alpha is negative or not finite: the gradient could not be computed from the output
 */
export function resolveActivation(
  op: string,
  { activation = 'linear', alpha }: FusedActivation,
): { activation: Activation; alpha: Scalar } {
  const given = alpha ?? (activation === 'leakyRelu' ? LEAKY_SLOPE : 0);
  checkScalar(op, given, check.notNegative, 'alpha');
  return { activation, alpha: given };
}

/** activation(x + bias), with one bias for each index of the last axis. */
export function biasActivation(x: Tensor, bias: Tensor | undefined, options: FusedActivation = {}): Tensor {
  checkTensor('biasActivation', x);
  if (bias !== undefined) checkTensor('biasActivation', bias);
  checkOptions('biasActivation', options, FUSED_ACTIVATION);
  const { activation, alpha } = resolveActivation(options.activation ?? 'biasActivation', options);
  return activated(x, bias, activation, alpha);
}

function activated(x: Tensor, bias: Tensor | undefined, activation: Activation, alpha: Scalar): Tensor {
  return apply(biasActivationRule(activation), bias === undefined ? { x } : { x, bias }, { activation }, { alpha }, x).y;
}

/** max(0, x): the rectified linear unit. Gradient 0 at 0. */
export function relu(x: Tensor): Tensor {
  return activated(x, undefined, 'relu', 0);
}

/** x above 0, alpha x below. */
export function leakyRelu(x: Tensor, alpha: Scalar = LEAKY_SLOPE): Tensor {
  checkScalar('leakyRelu', alpha, check.notNegative, 'alpha');
  return activated(x, undefined, 'leakyRelu', alpha);
}

/** 1 where x > 0, else 0: the threshold of McCulloch and Pitts 1943. No gradient. */
export function step(x: Tensor): Tensor {
  checkTensor('step', x);
  return greater(x, 0).cast(x.dtype);
}

/** The largest element of each group of `pieces` neighbouring channels. Goodfellow et al. 2013. */
export function maxout(x: Tensor, pieces: number): Tensor {
  checkTensor('maxout', x);
  const channels = lastLength(x.shape) ?? 0;
  if (!Number.isInteger(pieces) || pieces < 1 || channels % pieces !== 0)
    throw new ShapeError(`maxout: ${channels} channels do not divide into groups of ${shown(pieces)}`);
  return x.reshape([...lengthsOf(x.shape, 0, x.shape.length - 1), channels / pieces, pieces]).max({ axis: -1 });
}
