// The error function, which JavaScript lacks.
// W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), with the coefficients of his program
// CALERF (netlib, specfun): relative error below 6e-19 before rounding, so the result is good to the last bits of a double.

const ONE_OVER_ROOT_PI = 0.56418958354775628695;

/** Numerator and denominator of erf(x) / x in x^2 for |x| <= 0.46875; highest power first. */
const CENTRE_TOP = [1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
const CENTRE_BOTTOM = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];

/** The same of erfc(x) exp(x^2), in x, for 0.46875 < x <= 4. */
const MIDDLE_TOP = [
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.8195222124176909e2,
  1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
];
const MIDDLE_BOTTOM = [
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
  4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];

/** The same of the remainder of the asymptotic series, in 1 / x^2, for x > 4. */
const FAR_TOP = [
  1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2,
  6.58749161529837803e-4,
];
const FAR_BOTTOM = [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

/** Horner's rule. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + coefficients[i];
  return value;
}

/** exp(-x^2) without the rounding error of x^2, which large x would magnify: x is split into 1/16ths and a rest. */
function expMinusSquare(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
}

/** erf(x) for |x| <= 0.46875. */
function centre(x: number): number {
  return (x * polynomial(CENTRE_TOP, x * x)) / polynomial(CENTRE_BOTTOM, x * x);
}

/** 1 - erf(x) for x > 0.46875. */
function tail(x: number): number {
  if (x <= 4) return (expMinusSquare(x) * polynomial(MIDDLE_TOP, x)) / polynomial(MIDDLE_BOTTOM, x);
  if (x > 27) return 0; // below the smallest double
  const inverse = 1 / (x * x);
  return (expMinusSquare(x) * (ONE_OVER_ROOT_PI - (inverse * polynomial(FAR_TOP, inverse)) / polynomial(FAR_BOTTOM, inverse))) / x;
}

/** 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export function erf(x: number): number {
  const size = Math.abs(x);
  return size <= 0.46875 ? centre(x) : Math.sign(x) * (1 - tail(size));
}

/** 1 - erf(x), without cancellation. */
export function erfc(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return 1 - centre(x);
  return x < 0 ? 2 - tail(size) : tail(size);
}
