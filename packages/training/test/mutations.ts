// Changes files as chance or an attacker would.

import type { RandomStream } from '@sinapse/core';
import { SinapseError } from '@sinapse/core';
import { FormatError } from '@sinapse/formats';

export const MUTATIONS: number = process.env['SINAPSE_TEST_TIER'] === 'full' ? 10_000 : 200;

const HOSTILE = [
  '0', '-1', '1e999', '9007199254740993', 'null', '[', '{', '"', '\\', ',', '"NaN"', '"__proto__"', '{"__proto__":1}', '[[[[[[[[', '\\ud800', '\0', 'model/', 'int64',
].map((text) => new TextEncoder().encode(text)); // prettier-ignore

/** Makes one to three changes in a safetensors file, mostly in its header. In most cases it corrects the header's length. */
export function mutated(original: Uint8Array, random: RandomStream): Uint8Array {
  let bytes = [...original];
  let header = Number(new DataView(original.buffer, original.byteOffset, 8).getBigUint64(0, true));
  for (let change = 1 + random.below(3); change > 0; change--) {
    const inHeader = random.below(10) < 8;
    const at = inHeader ? 8 + random.below(Math.max(header, 1)) : random.below(bytes.length);
    const before = bytes.length;
    switch (random.below(5)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes.splice(at, 1 + random.below(12));
        break;
      case 2:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random.below(60)));
        break;
      case 3:
        bytes.splice(at, 1 + random.below(2), ...HOSTILE[random.below(HOSTILE.length)]!);
        break;
      default: {
        // Changes a digit of a number, if there is one: of a count, an offset, a shape, a sum.
        const digit = bytes.findIndex((byte, i) => i >= at && byte >= 0x30 && byte <= 0x39);
        if (digit !== -1) bytes[digit] = 0x30 + random.below(10);
      }
    }
    if (inHeader) header += bytes.length - before;
  }
  if (random.below(20) === 0) bytes = bytes.slice(0, random.below(bytes.length));
  if (random.below(10) > 0 && header > 0 && bytes.length >= 8) for (let i = 0; i < 8; i++) bytes[i] = Math.floor(header / 256 ** i) % 256;
  return Uint8Array.from(bytes);
}

/** Returns the result of a reader, or undefined when it refuses the bytes with an error of one line. It passes on any other error. */
export function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Whether an error is one meant for callers: of a known class, and of one line. */
export function isRefusal(error: unknown): error is Error {
  return (error instanceof SinapseError || error instanceof FormatError) && !error.message.includes('\n');
}
