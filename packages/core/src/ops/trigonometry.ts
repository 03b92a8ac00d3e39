// The tangent, and the inverses of trigonometric functions.

import { customGradient } from '../autodiff/gradient.ts';
import { broadcastShapes } from '../contract/shape.ts';
import { fused } from '../fused/fused.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { add, div, maximum, minimum, mul, sub } from './arithmetic.ts';
import { equal, greater, less, logicalAnd, logicalOr } from './comparison.ts';
import { floatFunction, withSlope } from './float-function.ts';
import { checkFloats } from './operands.ts';
import { where } from './select.ts';
import { sumTo } from './sum.ts';
import { abs, cos, neg, reciprocal, sign, sin, sqrt, square } from './unary.ts';

/**
 * The arctangent of a fraction, 0 <= t <= 1. A guess, wrong by at most 0.004, is corrected by atan t - guess = atan((t - tan guess) / (1 + t tan
 * guess)); three terms of that series leave less than 1e-17.
 */
function arctangentOfFraction(t: Tensor): Tensor {
  const guess = mul(t, add(mul(sub(1, t), 0.273), Math.PI / 4));
  const [s, c] = [sin(guess), cos(guess)];
  const rest = div(sub(mul(t, c), s), add(c, mul(t, s)));
  const u = mul(rest, rest);
  return add(guess, mul(rest, sub(1, mul(u, sub(1 / 3, mul(u, 1 / 5))))));
}

const atanOf = fused((x: Tensor) => {
  const size = abs(x);
  const isSteep = greater(size, 1);
  const angle = arctangentOfFraction(where(isSteep, reciprocal(size), size));
  return mul(where(isSteep, sub(Math.PI / 2, angle), angle), sign(x));
});

const asinOf = fused((x: Tensor) => {
  const size = abs(x);
  const half = arctangentOfFraction(div(size, add(sqrt(mul(sub(1, size), add(size, 1))), 1)));
  return mul(mul(half, 2), sign(x));
});

const acosOf = fused((x: Tensor) => {
  const size = abs(x);
  const angle = mul(arctangentOfFraction(sqrt(div(sub(1, size), add(size, 1)))), 2);
  return where(less(x, 0), sub(Math.PI, angle), angle);
});

/** Whether a number has a minus: it is below 0, or it is -0. */
function hasMinus(x: Tensor): Tensor {
  return logicalOr(less(x, 0), logicalAnd(equal(x, 0), less(reciprocal(x), 0)));
}

const atan2Of = fused((y: Tensor, x: Tensor) => {
  const [rise, run] = [abs(y), abs(x)];
  const [short, long] = [minimum(rise, run), maximum(rise, run)];
  // Two infinities are at 45 degrees, and two zeros on the axis.
  const fraction = where(equal(long, 0), 0, where(equal(short, long), 1, div(short, long)));
  const angle = arctangentOfFraction(fraction);
  const first = where(greater(rise, run), sub(Math.PI / 2, angle), angle);
  const upper = where(hasMinus(x), sub(Math.PI, first), first);
  return where(hasMinus(y), neg(upper), upper);
});

/** x / (x² + y²) and -y / (x² + y²), without overflow of the squares. */
const atan2Slopes = fused((y: Tensor, x: Tensor) => {
  const isFlat = greater(abs(x), abs(y));
  const long = where(isFlat, x, y);
  const ratio = div(where(isFlat, y, x), long);
  const slope = reciprocal(mul(long, add(mul(ratio, ratio), 1)));
  const other = mul(slope, ratio);
  return [where(isFlat, slope, other), where(isFlat, neg(other), neg(slope))] as const;
});

/** tan x = sin x / cos x, x in radians. float32. */
export const tan: (x: Tensor) => Tensor = floatFunction('tan', fused((x: Tensor) => div(sin(x), cos(x)))); // prettier-ignore

/** The angle within [-π/2, π/2] whose sine is x; NaN unless |x| <= 1. float32. */
export const asin: (x: Tensor) => Tensor = withSlope('asin', asinOf, (x) => reciprocal(sqrt(mul(sub(1, x), add(x, 1)))));

/** The angle within [0, π] whose cosine is x; NaN unless |x| <= 1. float32. */
export const acos: (x: Tensor) => Tensor = withSlope('acos', acosOf, (x) => neg(reciprocal(sqrt(mul(sub(1, x), add(x, 1))))));

/** The angle within [-π/2, π/2] whose tangent is x. float32. */
export const atan: (x: Tensor) => Tensor = withSlope('atan', atanOf, (x) => reciprocal(add(square(x), 1)));

const atan2WithSlopes = customGradient((y, x) => ({
  value: atan2Of(y, x),
  gradient: (d) => {
    const [ofY, ofX] = atan2Slopes(y, x);
    return [sumTo(mul(d, ofY), y.shape), sumTo(mul(d, ofX), x.shape)];
  },
}));

/**
 * The angle within [-π, π] of the point (x, y), counted from the positive x axis; the signs of zeros choose the side, as in C. Shapes broadcast.
 * It has no gradient at the origin.
 * @param y float32
 * @param x float32
 * @throws ShapeError when the shapes do not broadcast
 */
export function atan2(y: Tensor, x: Tensor): Tensor {
  checkTogether('atan2', [y, x]);
  checkFloats('atan2', y, x);
  broadcastShapes('atan2', y.shape, x.shape);
  return atan2WithSlopes(y, x);
}
