// Activations of straight pieces, and their kin: cheap where exponentials are not. At a corner the gradient is that of the flat side. NaN stays NaN.

import * as check from '../contract/checks.ts';
import { checkScalar } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { fused } from '../fused/fused.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { greaterEqual, lessEqual } from './comparison.ts';
import type { Activation } from './formula-activation.ts';
import { activation } from './formula-activation.ts';
import { checkFloats } from './operands.ts';
import { where } from './select.ts';
import { abs, sign } from './unary.ts';

/** x within [low, high], where it is `inside`; `below` and `above` elsewhere. */
function pieces(x: Tensor, low: number, high: number, below: Tensor | number, inside: Tensor, above: Tensor | number): Tensor {
  return where(lessEqual(x, low), below, where(greaterEqual(x, high), above, inside));
}

/** min(max(0, x), 6). Krizhevsky 2010; Howard et al. 2017 (MobileNet). */
export const relu6: Activation = activation('relu6', (x) => pieces(x, 0, 6, 0, x, 6));

/** min(max(0, x / 6 + 1/2), 1): the sigmoid in three pieces. Howard et al. 2019 (MobileNetV3). */
export const hardSigmoid: Activation = activation('hardSigmoid', (x) => pieces(x, -3, 3, 0, add(div(x, 6), 0.5), 1));

/** x hardSigmoid(x). Howard et al. 2019 (MobileNetV3), section 5.2. */
export const hardSwish: Activation = activation('hardSwish', (x) => pieces(x, -3, 3, 0, mul(x, add(div(x, 6), 0.5)), x));

/** x held within [-1, 1]. Collobert 2004. */
export const hardTanh: Activation = activation('hardTanh', (x) => pieces(x, -1, 1, -1, x, 1));

const hardShrinkOf = fused((x: Tensor, limit: Scalar) => where(lessEqual(abs(x), limit), 0, x));

/**
 * x where |x| > limit, else 0.
 * @param limit >= 0
 */
export function hardShrink(x: Tensor, limit: Scalar = 0.5): Tensor {
  checkShrink('hardShrink', x, limit);
  return hardShrinkOf(x, limit);
}

const softShrinkOf = fused((x: Tensor, limit: Scalar) => where(lessEqual(abs(x), limit), 0, sub(x, mul(sign(x), limit))));

/**
 * x moved towards 0 by `limit`, or 0 where |x| <= limit: the proximal step of an l1 penalty.
 * @param limit >= 0
 */
export function softShrink(x: Tensor, limit: Scalar = 0.5): Tensor {
  checkShrink('softShrink', x, limit);
  return softShrinkOf(x, limit);
}

function checkShrink(name: string, x: Tensor, limit: Scalar): void {
  checkTensor(name, x);
  checkFloats(name, x);
  checkScalar(name, limit, check.notNegative, 'limit');
}

const thresholdOf = fused((x: Tensor, theta: Scalar, value: Scalar) => where(lessEqual(x, theta), value, x));

/**
 * x above theta, else `value`. With theta 0 and value 0 it is relu.
 * @param theta a finite number
 * @param value a finite number
 */
export function threshold(x: Tensor, theta: Scalar = 1, value: Scalar = 0): Tensor {
  checkTensor('threshold', x);
  checkFloats('threshold', x);
  checkScalar('threshold', theta, check.finite, 'theta');
  checkScalar('threshold', value, check.finite, 'value');
  return thresholdOf(x, theta, value);
}
