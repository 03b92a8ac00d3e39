// Sound in WAV files: PCM of 8, 16, 24 and 32 bits, and floating point (Microsoft, Multimedia Programming Interface 1.0, 1991).

import { SinapseError, check, checkValue } from '@sinapse/core';

/** A recording. */
export interface Sound {
  /** Samples -1 to 1 in turns of the channels, float32 `[length, channels]`. */
  readonly data: Float32Array;
  /** Samples of a channel. */
  readonly length: number;
  readonly channels: number;
  /** Samples of a second. */
  readonly rate: number;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/**
 * Reads a WAV file.
 * @param name names the file in an error
 * @throws SinapseError when it is no WAV file, is damaged, or holds compressed sound
 */
export function parseWav(bytes: Uint8Array, name = 'WAV'): Sound {
  checkValue('parseWav', bytes, check.bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') throw new SinapseError(`${name} is no WAV file`);
  let format: { code: number; channels: number; rate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (word(at) === 'fmt ') {
      if (size < 16 || start + size > bytes.length) throw new SinapseError(`${name} is cut off in its format`);
      const code = view.getUint16(start, true);
      const inner = code === EXTENSIBLE && size >= 26 ? view.getUint16(start + 24, true) : code;
      format = { code: inner, channels: view.getUint16(start + 2, true), rate: view.getUint32(start + 4, true), bits: view.getUint16(start + 14, true) }; // prettier-ignore
    } else if (word(at) === 'data') {
      if (format === undefined) throw new SinapseError(`${name} has sound before its format`);
      // A file that was recorded until a disk was full, or streamed, says more than there is.
      return samples(view, start, Math.min(size, bytes.length - start), format, name);
    }
    at = start + size + (size % 2);
  }
  throw new SinapseError(`${name} has no sound`);
}

function samples(
  view: DataView,
  start: number,
  size: number,
  format: { code: number; channels: number; rate: number; bits: number },
  name: string,
): Sound {
  const { code, channels, rate, bits } = format;
  const read = reader(view, code, bits);
  if (read === undefined)
    throw new SinapseError(`${name} holds sound of form ${code} with ${bits} bits; PCM of 8, 16, 24 or 32 bits and floats can be read`);
  if (channels < 1 || rate < 1) throw new SinapseError(`${name} has ${channels} channels of ${rate} samples a second`);
  const width = bits / 8;
  const length = Math.floor(size / (width * channels));
  if (length === 0) throw new SinapseError(`${name} has no sound`);
  const data = new Float32Array(length * channels);
  for (let i = 0, at = start; i < data.length; i++, at += width) {
    const value = read(at);
    data[i] = Number.isFinite(value) ? value : 0;
  }
  return { data, length, channels, rate };
}

function reader(view: DataView, code: number, bits: number): ((at: number) => number) | undefined {
  if (code === FLOAT && bits === 32) return (at) => view.getFloat32(at, true);
  if (code === FLOAT && bits === 64) return (at) => view.getFloat64(at, true);
  if (code !== PCM) return undefined;
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (at) => (view.getUint8(at) + 2 ** 8 * view.getInt16(at + 1, true)) / 2 ** 23;
  if (bits === 32) return (at) => view.getInt32(at, true) / 2 ** 31;
  return undefined;
}

/**
 * Writes sound as a WAV file of 16 bits; samples beyond -1 to 1 are cut off.
 * @throws SinapseError when the samples do not fill the channels
 */
export function encodeWav(sound: Sound): Uint8Array {
  checkSound('encodeWav', sound);
  const { data, channels, rate } = sound;
  const bytes = new Uint8Array(44 + 2 * data.length);
  const view = new DataView(bytes.buffer);
  const word = (at: number, text: string): void => bytes.set(new TextEncoder().encode(text), at);
  word(0, 'RIFF');
  view.setUint32(4, 36 + 2 * data.length, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate * channels, true);
  view.setUint16(32, 2 * channels, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, 2 * data.length, true);
  data.forEach((value, i) => view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round(value * 32768))), true));
  return bytes;
}

/** @throws SinapseError unless the value is a sound whose samples fill its channels */
export function checkSound(owner: string, sound: Sound): void {
  checkValue(owner, sound, {
    expected: 'a sound, { data, length, channels, rate }',
    accepts: (value) => {
      if (typeof value !== 'object' || value === null) return false;
      const { data, length, channels, rate } = value as Partial<Sound>;
      return data instanceof Float32Array && [length, channels, rate].every(check.count.accepts) && data.length === length! * channels!;
    },
  });
}
