import { cosine, sine } from '../maths/elementary.ts';

/**
 * The discrete Fourier transform of complex numbers, in place: radix 2 (Cooley, Tukey 1965).
 * @param re, im their parts, as many as a power of two
 */
export function fft(re: Float64Array, im: Float64Array): void {
  const count = re.length;
  for (let i = 1, j = 0; i < count; i++) {
    let bit = count >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  const { cosines, sines } = turnsOf(count);
  for (let size = 2; size <= count; size *= 2) {
    const half = size / 2;
    const step = count / size;
    for (let start = 0; start < count; start += size)
      for (let k = 0; k < half; k++) {
        const [c, s] = [cosines[k * step]!, sines[k * step]!];
        const [a, b] = [start + k, start + k + half];
        const real = re[b]! * c + im[b]! * s;
        const imaginary = im[b]! * c - re[b]! * s;
        re[b] = re[a]! - real;
        im[b] = im[a]! - imaginary;
        re[a]! += real;
        im[a]! += imaginary;
      }
  }
}

const turns = new Map<number, { readonly cosines: Float64Array; readonly sines: Float64Array }>();

/** The first half of the circle in `count` parts. */
function turnsOf(count: number): { readonly cosines: Float64Array; readonly sines: Float64Array } {
  let found = turns.get(count);
  if (found === undefined) {
    const angle = (k: number): number => (2 * Math.PI * k) / count;
    found = {
      cosines: Float64Array.from({ length: count / 2 }, (_, k) => cosine(angle(k))),
      sines: Float64Array.from({ length: count / 2 }, (_, k) => sine(angle(k))),
    };
    turns.set(count, found);
  }
  return found;
}
