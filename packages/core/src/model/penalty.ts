// What training does for parameters beside the optimizer's step: it adds their penalties to the loss, and keeps them within their constraints.

import type { Check } from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import { formatShape } from '../contract/shape.ts';
import { add } from '../ops/arithmetic.ts';
import { where } from '../ops/select.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Context } from './context.ts';
import type { Parameter } from './parameter.ts';
import { isParameter } from './parameter.ts';

const PARAMETERS: Check = { expected: 'a list of parameters', accepts: (value) => Array.isArray(value) && value.every(isParameter) };

/**
 * The sum of the penalties of parameters, and of those that the model's parts added to the context of the call: to be added to the loss, inside
 * `valueAndGrad`. Undefined if there is none.
 * @param parameters those that are trained; one without `penalty` adds nothing
 * @param context in which the model was called; its penalties are taken
 * @returns a scalar
 */
export function penaltyOf(parameters: readonly Parameter[], context?: Context): Tensor | undefined {
  checkValue('penaltyOf', parameters, PARAMETERS, 'parameters');
  checkValue(
    'penaltyOf',
    context,
    { expected: 'a Context', accepts: (value) => value === undefined || value instanceof Context },
    'context',
  );
  const added = context?.takePenalties() ?? [];
  let total: Tensor | undefined;
  const include = (penalty: Tensor): void => {
    if (penalty.size !== 1) throw new ShapeError(`penaltyOf: a penalty must be a scalar, got ${formatShape(penalty.shape)}`);
    total = total === undefined ? penalty.alias() : add(total, penalty);
  };
  for (const parameter of parameters) if (parameter.penalty !== undefined) include(parameter.penalty(parameter.value));
  for (const penalty of added) {
    include(penalty);
    penalty.dispose();
  }
  return total;
}

/**
 * Applies the constraints of parameters to their values: after an optimizer's step.
 * @param parameters those that are trained; one without `constraint` is left alone
 * @param skip a bool scalar: if true, as in a step that the device skips, values stay as they are
 */
export function constrain(parameters: readonly Parameter[], skip?: Tensor): void {
  checkValue('constrain', parameters, PARAMETERS, 'parameters');
  for (const parameter of parameters) {
    const { constraint } = parameter;
    if (constraint === undefined) continue;
    scope(() => {
      const { value } = parameter;
      const constrained = constraint(value);
      parameter.assign(skip === undefined ? constrained : where(skip, value, constrained));
    });
  }
}
