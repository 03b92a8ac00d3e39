// Grids of the optimizers' updates.

import type { Shape } from '@sinapse/core';
import type { Parameters } from '../grid/covering.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { floats, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass, Values } from '../grid/values.ts';
import { hostTensor } from '../grid/values.ts';

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

/** Of the gradients; parameters are ordinary. A step with NaN in its gradients is what `skip` is for. */
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

export function sgdStepCases(grid: Grid): Cases<'sgdStep'> {
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

export function adamStepCases(grid: Grid): Cases<'adamStep'> {
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
