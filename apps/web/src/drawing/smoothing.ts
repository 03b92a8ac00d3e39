/**
 * The moving mean of values: m ← w·m + (1 − w)·v, divided by 1 − wᵗ so that the first values are not drawn to 0 (Kingma and Ba, 2015, section 3).
 * Values that are not finite are left out of the mean.
 * @param weight of the mean so far, within [0, 1)
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  let mean = 0;
  let rest = 1;
  return values.map((value) => {
    if (Number.isFinite(value)) {
      mean = weight * mean + (1 - weight) * value;
      rest *= weight;
    }
    return rest === 1 ? value : mean / (1 - rest);
  });
}
