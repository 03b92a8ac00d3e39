// Powers, and clipping to bounds.

import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { maximum, minimum, mul, sub } from './arithmetic.ts';
import type { Operand } from './binary.ts';
import { binary, binaryRules, checkWeak, isTensorOperand } from './binary.ts';
import { equal } from './comparison.ts';
import { log } from './unary.ts';
import { where } from './select.ts';
import * as check from '../contract/checks.ts';
import { SinapseError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { derived, numberOf } from '../contract/scalar.ts';

const powRules = binaryRules('pow', {
  a: { reads: ['a', 'b'], formula: basePart },
  b: { reads: ['a', 'y'], formula: exponentPart },
});

/** dy b a^(b - 1). Where b = 0 it is 0, also at a = 0, where the formula would give 0 times infinity. */
function basePart(dy: Tensor, a: Operand, b: Operand): Tensor {
  if (!isTensorOperand(b)) {
    if (b === 0) return mul(dy, 0);
    // For b = 1 the power is a^0, which is 1 for every a.
    return mul(
      dy,
      b === 1
        ? 1
        : mul(
            pow(
              a,
              derived((exponent) => (exponent === 0 ? 0 : exponent - 1), b),
            ),
            b,
          ),
    );
  }
  // Where b = 0 the exponent is 1 instead of -1: a^-1 is infinite at a = 0, so its product with b, and the gradient of that, would be NaN.
  const lowered = where(equal(b, 0), 1, sub(b, 1));
  return mul(dy, mul(pow(a, lowered), b));
}

/** dy a^b ln a. Where a = 0 it is 0, the limit for b > 0. */
function exponentPart(dy: Tensor, a: Operand, _: Operand, y: Tensor): Tensor {
  if (!isTensorOperand(a))
    return mul(
      dy,
      mul(
        y,
        derived((base) => (base === 0 ? 0 : Math.log(base)), a),
      ),
    );
  const zero = equal(a, 0);
  return mul(dy, mul(y, where(zero, 0, log(where(zero, 1, a)))));
}

/** a to the power b. A negative base with a fractional exponent gives NaN. */
export function pow(a: Operand, b: Operand): Tensor {
  return binary(powRules, a, b);
}

/**
 * x held within [low, high].
 * @throws SinapseError when low > high or one is NaN, DTypeError when x's dtype cannot hold them
 */
export function clip(x: Tensor, low: Scalar, high: Scalar): Tensor {
  checkTensor('clip', x);
  checkValue('clip', low, check.scalar, 'low');
  checkValue('clip', high, check.scalar, 'high');
  checkWeak('clip', x.dtype, low);
  checkWeak('clip', x.dtype, high);
  if (!(numberOf(low) <= numberOf(high))) throw new SinapseError(`clip: low ${numberOf(low)} must be at most high ${numberOf(high)}`);
  return minimum(maximum(x, low), high);
}
