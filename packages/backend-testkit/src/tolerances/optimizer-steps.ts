// Allowed errors of the optimizers' updates. Scalars reach a device as float32, so each brings a rounding of its own.

import type { HostTensor } from '../grid/values.ts';
import type { Expectation } from './expectation.ts';
import { magnitudes } from './expectation.ts';
import { errors, fraction, fractions, U } from './rounding.ts';

/** A step that moves every magnitude the same way: a parameter and its update then add up instead of cancelling. */
export function sgdStepErrors({ call, outputs, rerun }: Expectation<'sgdStep'>): readonly (Float64Array | undefined)[] {
  if (isSkipped(call.inputs.skip)) return outputs.map(() => undefined);
  const { learningRate } = call.scalars;
  const sizes = rerun({ inputs: magnitudes(call.inputs), scalars: { ...call.scalars, learningRate: -learningRate } });
  return sizes.map((size) => fractions(size, 8));
}

function isSkipped(skip: HostTensor | undefined): boolean {
  return skip !== undefined && skip.data[0] !== 0;
}

/** Of one parameter's element: the sizes that the terms of each formula add up to, and what follows from them for the quotient. */
export function adamStepErrors({ call, outputs }: Expectation<'adamStep'>): readonly (Float64Array | undefined)[] {
  const { inputs, attrs, scalars } = call;
  if (isSkipped(inputs.skip)) return outputs.map(() => undefined);
  const { learningRate, weightDecay, beta1, beta2, epsilon, correction1, correction2 } = scalars;
  const gradientScale = inputs.gradientScale?.data[0] ?? 1;
  return outputs.map(({ slot, name, value }) => {
    const list = Number(/\d+/.exec(name)![0]);
    const of = (tensors: readonly HostTensor[] | undefined, i: number): number => Math.abs(tensors?.[list]!.data[i] ?? 0);
    return errors(value.data, (y, i) => {
      const gradient = of(inputs.grad, i) * gradientScale + (attrs.decoupled ? 0 : weightDecay * of(inputs.param, i));
      const mean = beta1 * of(inputs.m, i) + (1 - beta1) * gradient;
      const variance = beta2 * of(inputs.v, i) + (1 - beta2) * gradient ** 2;
      if (slot === 'm') return fraction(mean, 8);
      if (slot === 'v') return fraction(variance, 16);
      if (slot === 'maxV') return fraction(Math.max(variance, of(inputs.maxV, i)), 16);
      if (!Number.isFinite(y)) return 0;
      // The denominator is at least what remains of the old variance; an error of the variance is halved, relatively, by the root.
      const least = Math.sqrt(Math.max(beta2 * of(inputs.v, i), of(inputs.maxV, i)) / correction2) + epsilon;
      const rootError = (16 * U * Math.max(variance, of(inputs.maxV, i))) / correction2 / (2 * least);
      const quotient = mean / correction1 / least;
      return 4 * U * of(inputs.param, i) + learningRate * quotient * (16 * U + rootError / least);
    });
  });
}
