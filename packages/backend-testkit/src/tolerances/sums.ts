// Allowed errors of the kernels that add up many terms: what can be off is the sum of the magnitudes of all terms, which the reference computes
// by running the same kernel on magnitudes.

import type { Activation, TypedArray } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { Expectation } from './expectation.ts';
import { magnitudes } from './expectation.ts';
import { errors, flushed, fraction, fractions, plus, sumFactor, ulps } from './rounding.ts';

export function reduceErrors(e: Expectation<'reduce'>): Float64Array | undefined {
  const { x } = e.call.inputs;
  const { op, axes } = e.call.attrs;
  if (op === 'max' || op === 'min') return undefined;
  const n = sizeOf(axes.map((axis) => x.shape[axis]!));
  const sizes = e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!;
  return fractions(sizes, op === 'prod' ? 2 * n : sumFactor(n));
}

export function cumulativeSumErrors(e: Expectation<'cumulativeSum'>): Float64Array {
  const n = e.call.inputs.x.shape[e.call.attrs.axis]!;
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, sumFactor(n));
}

export function scatterAddErrors(e: Expectation<'scatterAdd'>): Float64Array {
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, sumFactor(e.call.inputs.indices.size));
}

/** One rounding for each product, besides those of their sum. */
function productFactor(terms: number): number {
  return sumFactor(terms) + 1;
}

export function matmulErrors(e: Expectation<'matmul'>): Float64Array {
  const k = e.call.inputs.a.shape[e.call.attrs.transposeA ? 1 : 2]!;
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, productFactor(k));
}

/** The steepest slope of an activation: how far it can magnify an error of its input. */
export function steepest(activation: Activation, alpha: number): number {
  return activation === 'elu' || activation === 'leakyRelu' ? Math.max(1, alpha) : 1;
}

/** Of a sum with a bias and an activation; ulps for the activation itself, and for alpha, which a device rounds to float32. */
function activatedErrors(e: Expectation<'linear'> | Expectation<'conv2d'> | Expectation<'biasActivation'>, factor: number): Float64Array {
  const { inputs, attrs, scalars } = e.call;
  const rerun = e.rerun as (change: unknown) => readonly Float64Array[];
  const before = rerun({ inputs: magnitudes(inputs), attrs: { ...attrs, activation: 'linear' } })[0]!;
  const allowed = fractions(before, factor * steepest(attrs.activation, scalars.alpha));
  const rounds = attrs.activation === 'linear' || attrs.activation === 'relu' ? 0 : 6;
  return plus(allowed, ulps(e.outputs[0]!.value.data, rounds));
}

export function linearErrors(e: Expectation<'linear'>): Float64Array {
  return activatedErrors(e, productFactor(e.call.inputs.x.shape[1]! + 1));
}

export function biasActivationErrors(e: Expectation<'biasActivation'>): Float64Array {
  return activatedErrors(e, 1);
}

/** Of dy times the slope of an activation, which is worked out from y by one or two operations; y may be flushed where it is subnormal. */
export function slopedErrors(y: TypedArray, dy: TypedArray, activation: Activation, alpha: number): Float64Array {
  const slopeSize = (value: number): number => {
    if (activation === 'sigmoid') return Math.abs(value) * (1 + Math.abs(value));
    if (activation === 'tanh') return 1 + value * value;
    return value > 0 ? 1 : activation === 'elu' ? Math.abs(value) + alpha : activation === 'leakyRelu' ? alpha : 1;
  };
  const exact = activation === 'linear' || activation === 'relu';
  return errors(dy, (value, i) => (exact ? 0 : fraction(Math.abs(value) * slopeSize(y[i]!), 4) + flushed(value)));
}

export function biasActivationGradErrors({ call, outputs }: Expectation<'biasActivationGrad'>): readonly Float64Array[] {
  const { y, dy } = call.inputs;
  const [dx, dbias] = outputs.map(({ value }) => value.data) as [Float64Array, Float64Array];
  const dxErrors = slopedErrors(y.data, dy.data, call.attrs.activation, call.scalars.alpha);
  const rows = dbias.length === 0 ? 0 : dx.length / dbias.length;
  const dbiasErrors = errors(dbias, (_, channel) => {
    let size = 0;
    let error = 0;
    for (let row = 0; row < rows; row++) {
      size += Math.abs(dx[row * dbias.length + channel]!);
      error += dxErrors[row * dbias.length + channel]!;
    }
    return fraction(size, sumFactor(rows)) + error;
  });
  return [dxErrors, dbiasErrors];
}

export function conv2dErrors(e: Expectation<'conv2d'>): Float64Array {
  const { filter, residual } = e.call.inputs;
  return activatedErrors(e, productFactor(sizeOf(filter.shape.slice(0, 3)) + (residual === undefined ? 1 : 2)));
}

export function conv2dInputGradErrors(e: Expectation<'conv2dInputGrad'>): Float64Array {
  const { filter } = e.call.inputs;
  const terms = (filter.size / filter.shape[2]!) | 0;
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, productFactor(terms));
}

export function conv2dFilterGradErrors(e: Expectation<'conv2dFilterGrad'>): Float64Array {
  const pixels = sizeOf(e.call.inputs.dy.shape.slice(0, 3));
  return fractions(e.rerun({ inputs: magnitudes(e.call.inputs) })[0]!, productFactor(pixels));
}

/** Sums over a window, and the division by its size. */
export function avgPoolErrors(e: Expectation<'avgPool2d'> | Expectation<'avgPool2dGrad'>): Float64Array {
  const { window } = e.call.attrs;
  const rerun = e.rerun as (change: unknown) => readonly Float64Array[];
  return fractions(rerun({ inputs: magnitudes(e.call.inputs) })[0]!, sumFactor(window[0] * window[1]) + 2);
}

/** Sums of what overlapping windows give to one place. */
export function maxPool2dGradErrors({ call, rerun }: Expectation<'maxPool2dGrad'>): Float64Array {
  const { window } = call.attrs;
  const { dy } = magnitudes({ x: call.inputs.x, dy: call.inputs.dy });
  return fractions(rerun({ inputs: { x: call.inputs.x, dy } })[0]!, sumFactor(window[0] * window[1]));
}
