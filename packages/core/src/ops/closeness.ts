// Whether numbers agree up to rounding.

import * as check from '../contract/checks.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { broadcastShapes } from '../contract/shape.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { equal, less, lessEqual, logicalAnd, logicalOr } from './comparison.ts';
import { all } from './counting.ts';
import { checkFloats } from './operands.ts';
import { abs } from './unary.ts';

/** How far numbers may lie apart. */
export interface ClosenessOptions {
  /** The part of |b| that is allowed. Default 1e-5. */
  readonly relative?: number | undefined;
  /** What is allowed at any size. Default 1e-8. */
  readonly absolute?: number | undefined;
}

const CLOSENESS: OptionChecks<ClosenessOptions> = { relative: check.notNegative, absolute: check.notNegative };

function closeness(op: string, a: Tensor, b: Tensor, options: ClosenessOptions): Tensor {
  checkTogether(op, [a, b]);
  checkOptions(op, options, CLOSENESS);
  checkFloats(op, a, b);
  broadcastShapes(op, a.shape, b.shape);
  const { relative = 1e-5, absolute = 1e-8 } = options;
  const size = abs(b);
  const isNear = lessEqual(abs(sub(a, b)), add(mul(size, relative), absolute));
  return logicalOr(equal(a, b), logicalAnd(isNear, less(size, Infinity))); // to an infinity only itself is close
}

/** bool, element by element: whether |a - b| <= absolute + relative |b|. NaN is close to nothing. Shapes broadcast. float32. */
export function isClose(a: Tensor, b: Tensor, options: ClosenessOptions = {}): Tensor {
  return closeness('isClose', a, b, options);
}

/** A bool scalar: whether all elements are close, as in `isClose`. */
export function allClose(a: Tensor, b: Tensor, options: ClosenessOptions = {}): Tensor {
  return all(closeness('allClose', a, b, options));
}
