import { checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { cosine, exponential, sine } from '../maths/elementary.ts';
import type { Sound } from '../sound/wav.ts';
import { NOISE, SYNTHETIC, keyOf, streamOf } from './options.ts';
import type { SyntheticOptions } from './options.ts';

export interface SpokenDigitOptions extends SyntheticOptions {
  /** Standard deviation of the noise, which is uniform; the voice has amplitudes up to 1. @default 0.02 */
  readonly noise?: number;
}

const SPOKEN: OptionChecks<SpokenDigitOptions> = { ...SYNTHETIC, noise: NOISE };

/** Sounds with their classes. */
export interface SpokenDigits {
  readonly sounds: readonly Sound[];
  /** 0 to 9. */
  readonly labels: Int32Array;
}

const RATE = 8000;
const LENGTH = 4096;
/** Samples between two steps of the glide. */
const GLIDE = 32;

/**
 * The first two formants of the vowels in the English words zero to nine, in hertz, from the start of the word to its end: after the means of Peterson and
 * Barney 1952 for men, rounded, consonants left out.
 */
const FORMANTS: readonly (readonly [from: readonly [number, number], to: readonly [number, number]])[] = [
  [[390, 1990], [570, 840]],
  [[640, 1190], [530, 1840]],
  [[300, 870], [300, 900]],
  [[490, 1350], [270, 2290]],
  [[570, 840], [490, 1350]],
  [[730, 1090], [390, 1990]],
  [[390, 1990], [390, 2100]],
  [[530, 1840], [640, 1190]],
  [[530, 1840], [270, 2290]],
  [[660, 1720], [730, 1090]],
]; // prettier-ignore

/**
 * Tones like spoken digits, to learn on: harmonics of a voice, loud near two formants that glide from one vowel to another. Voice, speed, loudness and
 * start are drawn anew for each. Digits take turns.
 * @returns sounds of 4096 samples, 8000 a second
 * @throws SinapseError when an option is out of range
 */
export function spokenDigits(options: SpokenDigitOptions = {}): SpokenDigits {
  checkOptions('spokenDigits', options, SPOKEN);
  const { count = 1000, noise = 0.02 } = options;
  const key = keyOf('spoken digits', options);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  const sounds = Array.from(labels, (digit, i): Sound => {
    const random = streamOf(key, i);
    const pitch = 90 + 130 * random.uniform();
    const size = 0.9 + 0.25 * random.uniform(); // a shorter throat raises all formants
    const loudness = 0.4 + 0.5 * random.uniform();
    const duration = Math.floor(LENGTH * (0.55 + 0.3 * random.uniform()));
    const start = random.below(LENGTH - duration);
    const [from, to] = FORMANTS[digit]!;
    const data = new Float32Array(LENGTH);
    const harmonics = Math.floor(3400 / pitch);
    const loud = new Float64Array(harmonics + 1);
    for (let t = 0; t < duration; t++) {
      const part = t / duration;
      if (t % GLIDE === 0) {
        const [first, second] = [0, 1].map((k) => size * (from[k]! + (to[k]! - from[k]!) * part)) as [number, number];
        for (let n = 1; n <= harmonics; n++) loud[n] = resonance(n * pitch, first, 60) + 0.5 * resonance(n * pitch, second, 90);
      }
      const angle = ((2 * Math.PI * pitch) / RATE) * t;
      const twiceCosine = 2 * cosine(angle);
      let [value, before, harmonic] = [0, 0, sine(angle)];
      for (let n = 1; n <= harmonics; n++) {
        value += loud[n]! * harmonic;
        [before, harmonic] = [harmonic, twiceCosine * harmonic - before]; // sin((n + 1) x) = 2 cos x sin(n x) - sin((n - 1) x)
      }
      data[start + t] = loudness * 0.5 * Math.min(1, 12 * part, 12 * (1 - part)) * value;
    }
    for (let t = 0; t < LENGTH; t++)
      data[t] = Math.max(-1, Math.min(1, data[t]! + (noise > 0 ? noise * Math.sqrt(3) * (2 * random.uniform() - 1) : 0)));
    return { data, length: LENGTH, channels: 1, rate: RATE };
  });
  return { sounds, labels };
}

/** How much of a frequency a formant lets through. */
function resonance(frequency: number, formant: number, width: number): number {
  const distance = (frequency - formant) / (2 * width);
  return distance * distance > 12 ? 0 : exponential(-distance * distance);
}
