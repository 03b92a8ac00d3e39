// Sound as a picture: how much of each pitch there is at each time.

import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import { cosine, exponential, logarithm } from '../maths/elementary.ts';
import type { HostArray } from '../pipeline/collate.ts';
import { fft } from './fft.ts';
import { checkSound } from './wav.ts';
import type { Sound } from './wav.ts';

export interface SpectrogramOptions {
  /** Samples of a window, a power of two, 16 to 65,536. @default 256 */
  readonly window?: number;
  /** Samples from one window to the next. @default half a window */
  readonly hop?: number;
  /** Bands of the mel scale, in place of the frequencies of the transform. */
  readonly mels?: number;
  /** Whether powers become decibels, 10 log₁₀, at least -100. @default true */
  readonly decibels?: boolean;
}

const SPECTROGRAM: OptionChecks<SpectrogramOptions> = {
  window: { expected: 'a power of two from 16 to 65,536', accepts: (value) => check.integer(16, 65_536).accepts(value) && Number.isInteger(Math.log2(value as number)) }, // prettier-ignore
  hop: check.count,
  mels: check.integer(1, 1024),
  decibels: check.flag,
};

/** Below it decibels end. */
const LEAST_POWER = 1e-10;

/**
 * The power spectrogram of a sound, of the mean of its channels: windows of Hann, |transform|² divided by the square of the sum of the window, so
 * that a sine of amplitude 1 has power 1/4 at its frequency.
 * @returns float32 `[times, frequencies, 1]`: frequency k is k · rate / window, from 0 to half the rate, or band k of `mels`
 * @throws SinapseError when an option is out of range, or the sound is shorter than a window
 */
export function spectrogram(sound: Sound, options: SpectrogramOptions = {}): HostArray {
  checkSound('spectrogram', sound);
  checkOptions('spectrogram', options, SPECTROGRAM);
  const { window: size = 256, hop = size / 2, mels, decibels = true } = options;
  const { data, length, channels, rate } = sound;
  if (length < size) throw new SinapseError(`spectrogram: the sound has ${length} samples, fewer than a window of ${size}`);
  const times = Math.floor((length - size) / hop) + 1;
  const frequencies = size / 2 + 1;
  const hann = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * cosine((2 * Math.PI * i) / size));
  const sum = hann.reduce((total, weight) => total + weight, 0);
  const bands = mels === undefined ? undefined : melBands(mels, frequencies, rate);
  const width = mels ?? frequencies;
  const out = new Float32Array(times * width);
  const [re, im, power] = [new Float64Array(size), new Float64Array(size), new Float64Array(frequencies)];
  for (let time = 0; time < times; time++) {
    im.fill(0);
    for (let i = 0; i < size; i++) {
      let value = 0;
      for (let channel = 0; channel < channels; channel++) value += data[(time * hop + i) * channels + channel]!;
      re[i] = (hann[i]! * value) / (channels * sum);
    }
    fft(re, im);
    for (let k = 0; k < frequencies; k++) power[k] = re[k]! * re[k]! + im[k]! * im[k]!;
    for (let k = 0; k < width; k++) {
      const value = bands === undefined ? power[k]! : bands[k]!.reduce((total, weight, i) => total + weight * power[i]!, 0);
      out[time * width + k] = decibels ? (10 / Math.LN10) * logarithm(Math.max(value, LEAST_POWER)) : value;
    }
  }
  return { data: out, shape: [times, width, 1] };
}

/** Triangles of equal width on the mel scale, 2595 log₁₀(1 + f / 700) (O'Shaughnessy 1987), of height 1. */
function melBands(count: number, frequencies: number, rate: number): Float64Array[] {
  const mel = (frequency: number): number => 2595 * (logarithm(1 + frequency / 700) / Math.LN10);
  const top = mel(rate / 2);
  const corners = Array.from({ length: count + 2 }, (_, i) => 700 * (exponential((((top * i) / (count + 1)) * Math.LN10) / 2595) - 1));
  return Array.from({ length: count }, (_, band) => {
    const [low, middle, high] = corners.slice(band, band + 3) as [number, number, number];
    return Float64Array.from({ length: frequencies }, (__, k) => {
      const frequency = (k * rate) / (2 * (frequencies - 1));
      return Math.max(0, Math.min((frequency - low) / (middle - low), (high - frequency) / (high - middle)));
    });
  });
}
