import { expect, test } from 'vitest';
import { random } from '../test/mutate.ts';
import { crc32 } from './crc32.ts';

test('the checksum of nine digits is the published one, of nothing 0', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

/** The remainder bit by bit. */
function byBits(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

test('bytes of any length and place', () => {
  const next = random(1);
  const bytes = Uint8Array.from({ length: 100 }, () => next() * 256);
  for (let start = 0; start < 9; start++)
    for (let end = start; end <= 40; end++) expect(crc32(bytes.subarray(start, end))).toBe(byBits(bytes.subarray(start, end)));
});
