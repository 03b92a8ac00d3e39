// Sine, cosine, exponential and logarithm with the same bits on every platform. Only + - * / and comparisons are used, as IEEE 754 fixes
// their results; Math.sin and its like differ between JavaScript engines. Errors are a few units in the last place.

/** π/2 in two parts: the first has 33 bits, so that its products with small integers are exact (fdlibm, e_rem_pio2.c). */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW = 6.077100506506192e-11;

/** The sine of an angle in radians, |angle| up to 10⁶. */
export function sine(angle: number): number {
  const quarter = Math.round(angle / (Math.PI / 2));
  const rest = angle - quarter * HALF_PI_HIGH - quarter * HALF_PI_LOW;
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return sineNearZero(rest);
    case 1:
      return cosineNearZero(rest);
    case 2:
      return -sineNearZero(rest);
    default:
      return -cosineNearZero(rest);
  }
}

/** The cosine of an angle in radians, |angle| up to 10⁶. */
export function cosine(angle: number): number {
  const quarter = Math.round(angle / (Math.PI / 2));
  const rest = angle - quarter * HALF_PI_HIGH - quarter * HALF_PI_LOW;
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return cosineNearZero(rest);
    case 1:
      return -sineNearZero(rest);
    case 2:
      return -cosineNearZero(rest);
    default:
      return sineNearZero(rest);
  }
}

/** Taylor's series up to x¹⁷ for |x| ≤ π/4: the next term is below 1e-19. */
function sineNearZero(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let n = 17; n >= 3; n -= 2) sum = (square * (1 + sum)) / -(n * (n - 1));
  return x + x * sum;
}

/** Taylor's series up to x¹⁸ for |x| ≤ π/4. */
function cosineNearZero(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let n = 18; n >= 2; n -= 2) sum = (square * (1 + sum)) / -(n * (n - 1));
  return 1 + sum;
}

/** ln 2 in two parts, the first with 32 bits (fdlibm, e_exp.c). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** e to a power; 0 below -700, ∞ above 700. */
export function exponential(power: number): number {
  if (power > 700) return Infinity;
  if (power < -700) return 0;
  const doublings = Math.round(power / Math.LN2);
  const rest = power - doublings * LN2_HIGH - doublings * LN2_LOW;
  let sum = 1;
  for (let n = 18; n >= 1; n--) sum = 1 + (rest * sum) / n;
  return sum * powerOfTwo(doublings);
}

/** The natural logarithm of a number > 0 that is not subnormal. */
export function logarithm(value: number): number {
  let doublings = 0;
  let rest = value;
  while (rest > Math.SQRT2) {
    rest /= 2;
    doublings++;
  }
  while (rest < Math.SQRT1_2) {
    rest *= 2;
    doublings--;
  }
  // ln x = 2 artanh((x - 1) / (x + 1))
  const s = (rest - 1) / (rest + 1);
  const square = s * s;
  let sum = 0;
  for (let n = 27; n >= 3; n -= 2) sum = square * (sum + 1 / n);
  return doublings * LN2_HIGH + (2 * s * (1 + sum) + doublings * LN2_LOW);
}

function powerOfTwo(exponent: number): number {
  let result = 1;
  for (let i = 0; i < Math.abs(exponent); i++) result *= exponent < 0 ? 0.5 : 2;
  return result;
}
