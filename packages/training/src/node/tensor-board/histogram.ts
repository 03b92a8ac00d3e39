// How values are spread: counts in bins of equal width.

/** As many as TensorFlow's summaries have by default. */
const BINS = 30;

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  /** The upper limit of each bin. */
  readonly limits: readonly number[];
  /** The number of values in each bin, from the limit before (or `min`) to its own, which belongs to the last bin alone. */
  readonly counts: readonly number[];
}

/** The histogram of the finite values; undefined if there are none. */
export function histogramOf(values: ArrayLike<number>): Histogram | undefined {
  let [min, max, count, sum, squares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count++;
    sum += value;
    squares += value * value;
  }
  if (count === 0) return undefined;
  if (min === max) return { min, max, count, sum, squares, limits: [max], counts: [count] };
  const width = (max - min) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) counts[Math.min(BINS - 1, Math.floor((value - min) / width))]!++;
  }
  return { min, max, count, sum, squares, limits: counts.map((_, i) => (i === BINS - 1 ? max : min + (i + 1) * width)), counts };
}
