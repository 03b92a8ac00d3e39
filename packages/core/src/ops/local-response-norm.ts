// Local response normalisation of AlexNet: channels inhibit their neighbours.

import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { fused } from '../fused/fused.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul } from './arithmetic.ts';
import { checkFloats, inFloat32 } from './operands.ts';
import { pow } from './power.ts';
import { pad, slice } from './slice.ts';
import { square } from './unary.ts';

/** The constants of the formula; the defaults are AlexNet's. */
export interface LocalResponseNormOptions {
  /** n, how many neighbouring channels are summed, the channel itself in the middle: an odd integer >= 1. Default 5. */
  readonly size?: number | undefined;
  /** Default 1e-4. It multiplies the sum of squares; PyTorch's `alpha` multiplies their mean and is n times as large. */
  readonly alpha?: number | undefined;
  /** Default 0.75. */
  readonly beta?: number | undefined;
  /** > 0. Default 2. */
  readonly k?: number | undefined;
}

const LOCAL_RESPONSE_NORM: OptionChecks<LocalResponseNormOptions> = {
  size: check.odd,
  alpha: check.notNegative,
  beta: check.notNegative,
  k: check.positive,
};

const normalised = fused((x: Tensor, sumOfSquares: Tensor, alpha: Scalar, exponent: Scalar, k: Scalar) =>
  mul(x, pow(add(mul(sumOfSquares, alpha), k), exponent)),
);

/**
 * x / (k + alpha Σ x²)^beta, where the sum is over the n neighbouring channels, or those of them that exist. Krizhevsky, Sutskever, Hinton 2012,
 * section 3.3.
 * @param x float32 `[…, channels]`
 */
export function localResponseNorm(x: Tensor, options: LocalResponseNormOptions = {}): Tensor {
  checkTensor('localResponseNorm', x);
  checkOptions('localResponseNorm', options, LOCAL_RESPONSE_NORM);
  checkFloats('localResponseNorm', x);
  const { size = 5, alpha = 1e-4, beta = 0.75, k = 2 } = options;
  const last = x.shape.length - 1;
  if (last < 0) throw new ShapeError('localResponseNorm: input must be […, channels], got a scalar');
  return inFloat32(x, (wide) => {
    const beside = Math.min((size - 1) / 2, Math.max(0, wide.shape[last]! - 1)); // there are no channels farther away
    const padded = pad(
      square(wide),
      wide.shape.map((_, axis) => (axis === last ? [beside, beside] : [0, 0])),
    );
    const neighbours = Array.from({ length: 2 * beside + 1 }, (_, begin) =>
      slice(
        padded,
        wide.shape.map((length, axis) => (axis === last ? { begin, end: begin + length } : null)),
      ),
    );
    return normalised(wide, neighbours.reduce(add), alpha, -beta, k);
  });
}
