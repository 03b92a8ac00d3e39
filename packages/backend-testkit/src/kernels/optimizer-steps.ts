// The optimizers' updates. Scalars reach a device as float32, so each adds a rounding.

import type { Shape } from '@sinapse/core';
import type { Parameters } from '../grid/covering.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass, Values } from '../grid/values.ts';
import { hostTensor } from '../grid/values.ts';
import type { Expectation } from '../tolerances/expectation.ts';
import { magnitudes } from '../tolerances/expectation.ts';
import { errors, fraction, fractions, U } from '../tolerances/rounding.ts';
import type { Records } from './record.ts';

type Skip = 'absent' | 'false' | 'true';

interface Step {
  readonly shapes: readonly Shape[];
  readonly skip: Skip;
  /** Whether the outputs take over the storage of the inputs, as core lets them where nothing else refers to it. */
  readonly donated: boolean;
  readonly weightDecay: number;
  readonly gradientScale: number | undefined;
}

const SHAPES: readonly (readonly Shape[])[] = [[[]], [[5]], [[3, 4], [17], []], [[33, 65], [1], [0], [8, 2]], [[64], [3, 3, 2, 8]]]; // prettier-ignore

/** Classes of the gradients; parameters are ordinary. NaN gradients matter, because `skip` exists for them. */
const CLASSES: readonly ValueClass[] = ['ordinary', 'zeros', 'nan', 'infinities', 'wide'];

function steps(): Parameters<Step> {
  return {
    shapes: SHAPES,
    skip: ['absent', 'false', 'true'],
    donated: [false, true],
    weightDecay: [0, 0.1],
    gradientScale: [undefined, 1, 0.25],
  };
}

function skipOf(skip: Skip): { skip?: HostTensor } {
  return skip === 'absent' ? {} : { skip: hostTensor('bool', [], [skip === 'true' ? 1 : 0]) };
}

function scaleOf(scale: number | undefined): { gradientScale?: HostTensor } {
  return scale === undefined ? {} : { gradientScale: hostTensor('float32', [], [scale]) };
}

function listOf(shapes: readonly Shape[], make: (shape: Shape) => HostTensor): HostTensor[] {
  return shapes.map(make);
}

function ordinary(random: Values): (shape: Shape) => HostTensor {
  return (shape) => random.tensor('float32', shape, 'ordinary');
}

function sgdStepCases(grid: Grid): Cases<'sgdStep'> {
  return gridCases<'sgdStep', Step & { momentum: number | undefined; nesterov: boolean }>(grid, 'sgdStep', {
    contents: floats(CLASSES),
    parameters: { ...steps(), momentum: [undefined, 0.9, 0], nesterov: [false, true] },
    build: ({ shapes, skip, donated, weightDecay, gradientScale, values, momentum, nesterov }, random) => ({
      inputs: {
        param: listOf(shapes, ordinary(random)),
        grad: listOf(shapes, (shape) => random.tensor('float32', shape, values)),
        ...(momentum === undefined ? {} : { velocity: listOf(shapes, ordinary(random)) }),
        ...scaleOf(gradientScale),
        ...skipOf(skip),
      },
      attrs: { nesterov },
      scalars: { learningRate: 0.05, momentum: momentum ?? 0, weightDecay },
      donated,
    }),
  });
}

function adamStepCases(grid: Grid): Cases<'adamStep'> {
  return gridCases<'adamStep', Step & { decoupled: boolean; largest: boolean; step: number }>(grid, 'adamStep', {
    contents: floats(CLASSES),
    parameters: { ...steps(), decoupled: [false, true], largest: [false, true], step: [1, 2, 1000] },
    build: ({ shapes, skip, donated, weightDecay, gradientScale, values, decoupled, largest, step }, random) => {
      const squares = (): HostTensor[] => listOf(shapes, (shape) => random.uniform(shape, 0.001, 4));
      return {
        inputs: {
          param: listOf(shapes, ordinary(random)),
          grad: listOf(shapes, (shape) => random.tensor('float32', shape, values)),
          m: listOf(shapes, ordinary(random)),
          v: squares(),
          ...(largest ? { maxV: squares() } : {}),
          ...scaleOf(gradientScale),
          ...skipOf(skip),
        },
        attrs: { decoupled },
        scalars: {
          learningRate: 0.05,
          weightDecay,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-7,
          correction1: 1 - 0.9 ** step,
          correction2: 1 - 0.999 ** step,
        },
        donated,
      };
    },
  });
}

/** Bounds from a rerun on magnitudes, in which a parameter and its update add up instead of cancelling. */
function sgdStepErrors({ call, outputs, rerun }: Expectation<'sgdStep'>): readonly (Float64Array | undefined)[] {
  if (isSkipped(call.inputs.skip)) return outputs.map(() => undefined);
  const { learningRate } = call.scalars;
  const sizes = rerun({ inputs: magnitudes(call.inputs), scalars: { ...call.scalars, learningRate: -learningRate } });
  return sizes.map((size) => fractions(size, 8));
}

function isSkipped(skip: HostTensor | undefined): boolean {
  return skip !== undefined && skip.data[0] !== 0;
}

/** Bounds for each element: from the sizes of the terms of each formula, and from these for the quotient. */
function adamStepErrors({ call, outputs }: Expectation<'adamStep'>): readonly (Float64Array | undefined)[] {
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
      // The denominator is at least what remains of the old variance. The root halves the relative error of the variance.
      const least = Math.sqrt(Math.max(beta2 * of(inputs.v, i), of(inputs.maxV, i)) / correction2) + epsilon;
      const rootError = (16 * U * Math.max(variance, of(inputs.maxV, i))) / correction2 / (2 * least);
      const quotient = mean / correction1 / least;
      return 4 * U * of(inputs.param, i) + learningRate * quotient * (16 * U + rootError / least);
    });
  });
}

export const optimizerStepsRecords: Records<'sgdStep' | 'adamStep'> = {
  sgdStep: {
    cases: sgdStepCases,
    why: '8 u Σ|terms|; exact when skipped',
    allowed: sgdStepErrors,
  },
  adamStep: {
    cases: adamStepCases,
    why: 'm 8 u, v 16 u Σ|terms|, and what follows for m / √v; exact when skipped',
    allowed: adamStepErrors,
  },
};
