// Penalties on large weights, to add to a loss.

import type { Check, Parameter, Tensor } from '@sinapse/core';
import { SinapseError, abs, add, check, checkValue, isTensor, mul, square, sum } from '@sinapse/core';

/**
 * strength Σ |w| over all values of the parameters. It drives weights to exactly 0 (sparsity).
 * @param parameters usually the kernels, not the biases
 * @param strength >= 0
 * @returns a scalar
 * @throws SinapseError when there is no parameter, or the strength is out of range
 */
export function l1Penalty(parameters: readonly Parameter[], strength: number): Tensor {
  return penalty('l1Penalty', parameters, strength, abs);
}

/**
 * strength Σ w² over all values of the parameters. It keeps weights small. In plain gradient descent it equals a weight decay of 2
 * strength.
 * @param parameters usually the kernels, not the biases
 * @param strength >= 0
 * @returns a scalar
 * @throws SinapseError when there is no parameter, or the strength is out of range
 */
export function l2Penalty(parameters: readonly Parameter[], strength: number): Tensor {
  return penalty('l2Penalty', parameters, strength, square);
}

const PARAMETERS: Check = {
  expected: 'a list of parameters, e.g. parametersOf(model).map(({ cell }) => cell)',
  accepts: (value) =>
    Array.isArray(value) &&
    value.every((each) => typeof each === 'object' && each !== null && isTensor((each as { value?: unknown }).value)),
};

function penalty(name: string, parameters: readonly Parameter[], strength: number, size: (w: Tensor) => Tensor): Tensor {
  checkValue(`${name}: parameters`, parameters, PARAMETERS);
  checkValue(`${name}: strength`, strength, check.notNegative);
  if (parameters.length === 0) throw new SinapseError(`${name}: there are no parameters to penalise`);
  const sizes = parameters.map((parameter) => sum(size(parameter.value)));
  return mul(sizes.reduce(add), strength);
}
