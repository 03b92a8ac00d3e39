/** The largest absolute value; 0 of nothing. NaN does not count: it is for the comparison itself to find. */
export function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > largest) largest = Math.abs(values[i]!);
  return largest;
}
