// Checks one op's gradient in three ways: against differences of values and, for second derivatives, of gradients, both on the float64
// reference; and on the tested backend against the reference.

import type { Backend, Tensor, TypedArray } from '@sinapse/core';
import { scope, SinapseError, sum, valueAndGrad, withBackend } from '@sinapse/core';
import type { GradientCase } from '@sinapse/core/cases';
import type { HostTensor } from '../grid/values.ts';
import type { Subject } from '../subject.ts';
import { aliveOn, checkNothingLeaked } from '../subject.ts';
import { tensorOn } from '../tolerances/expectation.ts';
import { U } from '../tolerances/rounding.ts';
import { checkGradients } from './check-gradients.ts';
import { inputsOf } from './draw.ts';
import { largestOf } from './magnitude.ts';

/**
 * The allowed error, relative to the largest element of the tensor. Values and gradients of the cases are of order 1 and come from at most a few
 * dozen roundings.
 */
const TOLERANCE = 128 * U;

export async function checkOpGradient({ backend, oracle }: Subject, gradientCase: GradientCase): Promise<void> {
  const { f } = gradientCase;
  const inputs = inputsOf(gradientCase);
  const before = aliveOn(backend);
  await checkAgainstDifferences(oracle, f, inputs);
  const expected = await valueAndGradientsOn(oracle, f, inputs);
  const actual = await valueAndGradientsOn(backend, f, inputs);
  expected.forEach((values, i) => checkClose(i === 0 ? 'the value' : `the gradient of input ${i - 1}`, actual[i]!, values));
  checkNothingLeaked(backend, before);
}

async function checkAgainstDifferences(oracle: Backend, f: GradientCase['f'], inputs: readonly HostTensor[]): Promise<void> {
  const tensors = inputs.map((input) => tensorOn(oracle, input));
  try {
    await checkGradients(f, tensors, { second: true });
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

/** The result, then the gradients of the sum of its squares. */
async function valueAndGradientsOn(backend: Backend, f: GradientCase['f'], inputs: readonly HostTensor[]): Promise<TypedArray[]> {
  const results = scope(() =>
    withBackend(backend, () => {
      const loss = (...xs: Tensor[]): readonly [Tensor, Tensor] => {
        const y = f(...xs);
        return [sum(y.square()), y];
      };
      const { value, gradients } = valueAndGrad(loss, inputs.map((input) => tensorOn(backend, input))); // prettier-ignore
      return [value[1], ...gradients].map((tensor) => tensor.alias());
    }),
  );
  try {
    return await Promise.all(results.map((result) => result.data()));
  } finally {
    for (const result of results) result.dispose();
  }
}

function checkClose(what: string, actual: TypedArray, expected: TypedArray): void {
  const allowed = TOLERANCE * Math.max(largestOf(expected), 2 ** -20);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(actual[i]! - expected[i]!) <= allowed)) {
      throw new SinapseError(
        `${what} at element ${i} is ${actual[i]}, the reference has ${expected[i]} (allowed error ${allowed.toExponential(2)})`,
      );
    }
  }
}
