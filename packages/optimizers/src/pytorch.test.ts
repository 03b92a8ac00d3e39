// Compares the update rules with PyTorch's. fixtures/record-pytorch.py made the record; fixtures/pytorch-steps.json names the version.

import { readFileSync } from 'node:fs';
import { Parameter, tensor, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { createOptimizer } from './create.ts';

interface Recording {
  readonly origin: string;
  readonly shapes: number[][];
  readonly initial: number[][];
  /** The gradients by step and parameter. */
  readonly gradients: number[][][];
  readonly cases: { name: string; options: Record<string, number | boolean>; steps: number[][][] }[];
}

const recording = JSON.parse(readFileSync(new URL('../fixtures/pytorch-steps.json', import.meta.url), 'utf8')) as Recording;

/** The two round differently in float32, by a few units in the last place, and the differences add up over eight steps. */
const TOLERANCE = 2e-6;

beforeAll(() => void use(reference()));

describe(`as recorded from ${recording.origin}`, () => {
  test.each(recording.cases)('$name $options', ({ name, options, steps }) => {
    const { shapes, initial, gradients } = recording;
    const values = (flat: number[], i: number) => tensor(Float32Array.from(flat), { shape: shapes[i]! });
    const parameters = initial.map((flat, i) => new Parameter(values(flat, i)));
    const optimizer = createOptimizer(name, options);
    gradients.forEach((step, at) => {
      optimizer.step(parameters, step.map(values));
      parameters.forEach((parameter, i) =>
        parameter.tensor.dataSync().forEach((value, j) => {
          const expected = steps[at]![i]![j]!;
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(expected)));
        }),
      );
    });
  });
});
