import { describe, expect, it } from 'vitest';
import { readsMutated } from '../../test/mutated.ts';
import { encodeWav, parseWav, spectrogram, spokenDigits } from '../index.ts';
import type { Sound } from '../index.ts';
import { fft } from './fft.ts';

const tone = (frequency: number, length = 1024, rate = 8000): Sound => ({
  data: Float32Array.from({ length }, (_, t) => 0.5 * Math.sin((2 * Math.PI * frequency * t) / rate)),
  length,
  channels: 1,
  rate,
});

it('the transform is the sum of its definition', () => {
  const count = 32;
  const re = Float64Array.from({ length: count }, (_, i) => ((i * 7) % 11) - 4);
  const im = Float64Array.from({ length: count }, (_, i) => ((i * 5) % 13) - 6);
  const [a, b] = [re.slice(), im.slice()];
  fft(a, b);
  for (let k = 0; k < count; k++) {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < count; i++) {
      const angle = (-2 * Math.PI * k * i) / count;
      real += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
      imaginary += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
    }
    expect(a[k]).toBeCloseTo(real, 11); // 32 terms of at most 8, each with an error of a few 2^-53
    expect(b[k]).toBeCloseTo(imaginary, 11);
  }
});

describe('parseWav', () => {
  it('reads what encodeWav writes, to half a step of 16 bits', () => {
    const sound = { ...tone(440), channels: 2, length: 512 };
    const read = parseWav(encodeWav(sound));
    expect([read.length, read.channels, read.rate]).toEqual([512, 2, 8000]);
    read.data.forEach((value, i) => expect(Math.abs(value - sound.data[i]!)).toBeLessThanOrEqual(0.5 / 32768));
  });

  it('reads 8, 24 and 32 bits, floats, and other chunks between', () => {
    const file = (code: number, bits: number, samples: Uint8Array): Uint8Array => {
      const bytes = new Uint8Array(54 + samples.length);
      bytes.set(encodeWav({ data: new Float32Array(1), length: 1, channels: 1, rate: 100 }).subarray(0, 36));
      const view = new DataView(bytes.buffer);
      view.setUint16(20, code, true);
      view.setUint16(34, bits, true);
      bytes.set(new TextEncoder().encode('LIST'), 36);
      view.setUint32(40, 1, true); // odd: a byte of padding follows
      bytes.set(new TextEncoder().encode('data'), 46);
      view.setUint32(50, samples.length, true);
      bytes.set(samples, 54);
      return bytes;
    };
    expect([...parseWav(file(1, 8, Uint8Array.of(0, 128, 192))).data]).toEqual([-1, 0, 0.5]);
    expect([...parseWav(file(1, 24, Uint8Array.of(0, 0, 0x80, 0, 0, 0x40))).data]).toEqual([-1, 0.5]);
    expect([...parseWav(file(1, 32, new Uint8Array(Int32Array.of(-(2 ** 31), 2 ** 30).buffer))).data]).toEqual([-1, 0.5]);
    expect([...parseWav(file(3, 32, new Uint8Array(Float32Array.of(0.25, NaN).buffer))).data]).toEqual([0.25, 0]);
    expect(() => parseWav(file(2, 4, new Uint8Array(4)), 'x.wav')).toThrow('x.wav holds sound of form 2 with 4 bits; PCM of 8, 16, 24 or 32 bits'); // prettier-ignore
  });

  it('reads damaged files, or refuses them in one line', async () => {
    const original = encodeWav(tone(440, 64));
    expect(await readsMutated(original, (bytes) => parseWav(bytes), ({ data, length, channels }) => expect(data).toHaveLength(length * channels))).toBeGreaterThan(0); // prettier-ignore
    expect(() => parseWav(new Uint8Array(4))).toThrow('WAV is no WAV file');
  });
});

describe('spectrogram', () => {
  it('has a quarter of the power of a sine at its frequency', () => {
    const { data, shape } = spectrogram(tone(1000), { window: 256, decibels: false });
    expect(shape).toEqual([7, 129, 1]);
    const row = data.subarray(3 * 129, 4 * 129);
    expect(row.indexOf(Math.max(...row))).toBe(32); // 1000 Hz of 8000 in windows of 256
    expect(row[32]).toBeCloseTo(0.5 ** 2 / 4, 6);
    expect(row[40]).toBeCloseTo(0, 6);
  });

  it('in decibels and mel bands', () => {
    const loud = spectrogram(tone(1000), { window: 256 }).data[32]!;
    expect(loud).toBeCloseTo(10 * Math.log10(1 / 16), 4);
    expect(spectrogram({ ...tone(1), data: new Float32Array(1024) }).data[5]).toBeCloseTo(-100, 9);
    const { data, shape } = spectrogram(tone(1000), { mels: 20, decibels: false });
    expect(shape).toEqual([7, 20, 1]);
    // 1000 Hz is 1000 mel of 2146 up to 4000 Hz: in 21 steps the middle of band 9 lies at 1022 mel.
    expect([...data.subarray(0, 20)].indexOf(Math.max(...data.subarray(0, 20)))).toBe(9);
  });

  it('says what is wrong', () => {
    expect(() => spectrogram(tone(1, 100))).toThrow('spectrogram: the sound has 100 samples, fewer than a window of 256');
    expect(() => spectrogram(tone(1), { window: 100 })).toThrow('spectrogram: window: expected a power of two from 16 to 65,536, got 100');
    expect(() => spectrogram({} as never)).toThrow('spectrogram: expected a sound, { data, length, channels, rate }, got an object');
  });
});

it('spoken digits: the same for the same seed, and told apart by their mean spectra', () => {
  const { sounds, labels } = spokenDigits({ count: 40, seed: 1 });
  expect(spokenDigits({ count: 3, seed: 1 }).sounds[2]).toEqual(sounds[2]);
  expect([...labels.subarray(8, 12)]).toEqual([8, 9, 0, 1]);
  const features = (sound: Sound): number[] => {
    const { data: decibels, shape } = spectrogram(sound, { mels: 16, window: 256 });
    const data = [...decibels];
    const loud = Array.from({ length: 32 }, () => 0);
    let [first, last] = [shape[0]!, 0];
    const power = (t: number): number => data.slice(t * 16, (t + 1) * 16).reduce((sum, value) => sum + Math.max(0, value + 50), 0);
    for (let t = 0; t < shape[0]!; t++) if (power(t) > 40) [first, last] = [Math.min(first, t), t];
    for (let t = first; t <= last; t++)
      for (let k = 0; k < 16; k++) loud[(t > (first + last) / 2 ? 16 : 0) + k]! += Math.max(0, data[t * 16 + k]! + 50);
    const size = Math.hypot(...loud);
    return loud.map((value) => value / size);
  };
  const all = sounds.map(features);
  const means = Array.from({ length: 10 }, (_, digit) =>
    all[0]!.map((__, k) => [1, 2, 3].reduce((sum, i) => sum + all[10 * i + digit]![k]!, 0)),
  );
  const right = all.slice(0, 10).filter((feature, digit) => {
    const likeness = means.map((mean) => mean.reduce((sum, value, k) => sum + value * feature[k]!, 0) / Math.hypot(...mean));
    return likeness.indexOf(Math.max(...likeness)) === digit;
  });
  expect(right.length).toBeGreaterThanOrEqual(6); // by chance it would be 1
});
