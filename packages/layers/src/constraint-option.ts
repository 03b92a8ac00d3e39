// The options `kernelConstraint`, `biasConstraint` and the like of layers: what training makes of the values after each step.

import type { Check, Tensor } from '@sinapse/core';
import { check, checkOptions, div, equal, greater, knownName, maximum, mul, norm, where } from '@sinapse/core';

/** The names of all constraints. */
export const constraintNames = ['nonNegative', 'unitNorm', 'maxNorm'] as const;

export type ConstraintName = (typeof constraintNames)[number];

/** The axes over which norms are taken: by default all but the last, so that each unit, or filter, has a norm; of a vector the only one. */
interface NormAxes {
  readonly axis?: number | readonly number[];
}

/** A constraint with parameters. `limit` is the largest norm (default 2). */
export type ParametricConstraint =
  ({ readonly name: 'maxNorm'; readonly limit?: number } & NormAxes) | ({ readonly name: 'unitNorm' } & NormAxes);

/**
 * A constraint: a name, a name with parameters, or a function of the values. `nonNegative` sets values below 0 to 0; `unitNorm` scales to the
 * norm 1; `maxNorm` scales down to the norm `limit` what is above it (Srivastava et al. 2014, section 5.1).
 */
export type Constraint = ConstraintName | ParametricConstraint | ((values: Tensor) => Tensor);

/** The check of the option; `resolveConstraint` checks names and parameters. */
export const CONSTRAINT: Check = {
  expected: "'nonNegative', 'unitNorm', 'maxNorm', { name: 'maxNorm', limit: 2 } or the like, or a function",
  accepts: (value) => ['string', 'function'].includes(typeof value) || (typeof value === 'object' && value !== null),
};

const PARAMETERS: Readonly<Record<ConstraintName, Readonly<Record<string, Check>>>> = {
  nonNegative: { name: check.any },
  unitNorm: { name: check.any, axis: check.axes },
  maxNorm: { name: check.any, axis: check.axes, limit: check.positive },
};

/**
 * The constraint as a function of the values.
 * @param option its name, for messages: `dense: kernelConstraint`
 * @throws SinapseError when the name is not in `constraintNames`, or a parameter is unknown or out of range
 */
export function resolveConstraint(option: string, constraint: Constraint | undefined): ((values: Tensor) => Tensor) | undefined {
  if (constraint === undefined || typeof constraint === 'function') return constraint;
  const given: { name: string; limit?: number; axis?: number | readonly number[] } =
    typeof constraint === 'string' ? { name: constraint } : constraint;
  const name = knownName(option, given.name, constraintNames);
  checkOptions(`${option} ${name}`, given, PARAMETERS[name]);
  const { limit = 2, axis } = given;
  const normOf = (values: Tensor): Tensor => norm(values, { axis: axis ?? axesOfUnits(values), keepDims: true });
  switch (name) {
    case 'nonNegative':
      return (values) => maximum(values, 0);
    case 'unitNorm':
      return (values) => {
        const length = normOf(values);
        return div(values, where(equal(length, 0), 1, length));
      };
    case 'maxNorm':
      return (values) => {
        const length = normOf(values);
        return mul(values, where(greater(length, limit), div(limit, length), 1));
      };
  }
}

function axesOfUnits({ shape }: Tensor): number[] {
  return shape.length < 2 ? shape.map((_, i) => i) : shape.slice(0, -1).map((_, i) => i);
}
