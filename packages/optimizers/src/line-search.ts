// A line search for the strong Wolfe conditions: how far to go along a direction. Nocedal, Wright 2006, algorithms 3.5 and 3.6.

/** A point on the line. */
export interface LinePoint {
  /** How far it lies along the direction. */
  readonly alpha: number;
  readonly value: number;
  /** The derivative along the direction. */
  readonly slope: number;
}

/** The part of the decrease that the slope promises which must be reached. */
const DECREASE = 1e-4;
/** The part of the slope's size that may be left. */
const CURVATURE = 0.9;
/** The most evaluations in each of the two phases. */
const MOST = 25;

/**
 * Finds a point with value <= start.value + 1e-4 alpha start.slope and |slope| <= 0.9 |start.slope|, or the lowest point met that has the first
 * property. Values that are not finite count as too high.
 * @param start the point with alpha 0; its slope is below 0
 * @param first the alpha to try first, > 0
 * @returns undefined if there is no lower point to be found, e.g. because the decrease is below the rounding of the values
 */
export async function strongWolfe<P extends LinePoint>(at: (alpha: number) => Promise<P>, start: P, first: number): Promise<P | undefined> {
  const isTooHigh = ({ alpha, value }: P): boolean => !(value <= start.value + DECREASE * alpha * start.slope);
  const isFlat = ({ slope }: P): boolean => Math.abs(slope) <= -CURVATURE * start.slope;

  /** Narrows an interval that contains such points; `low` is its better end. */
  const zoom = async (low: P, high: P): Promise<P> => {
    for (let i = 0; i < MOST; i++) {
      const point = await at(between(low, high));
      if (isTooHigh(point) || point.value >= low.value) high = point;
      else {
        if (isFlat(point)) return point;
        if (point.slope * (high.alpha - low.alpha) >= 0) high = low;
        low = point;
      }
    }
    return low;
  };

  let before = start;
  for (let i = 0; i < MOST; i++) {
    const now = await at(i === 0 ? first : 2 * before.alpha);
    if (isTooHigh(now) || (i > 0 && now.value >= before.value)) return lower(await zoom(before, now));
    if (isFlat(now)) return now;
    if (now.slope >= 0) return lower(await zoom(now, before));
    before = now;
  }
  return lower(before);
}

function lower<P extends LinePoint>(point: P): P | undefined {
  return point.alpha > 0 ? point : undefined;
}

/** The minimum of the cubic through two points, at least a tenth of the interval away from its ends; the middle if there is none. */
function between(a: LinePoint, b: LinePoint): number {
  const width = b.alpha - a.alpha;
  const d1 = a.slope + b.slope - (3 * (b.value - a.value)) / width;
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  const part = 1 - (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
  return a.alpha + width * (Number.isFinite(part) ? Math.min(0.9, Math.max(0.1, part)) : 0.5);
}
