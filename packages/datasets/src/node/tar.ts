// Files in a tar archive (POSIX ustar). Nothing is written: a file's bytes are a view into the archive.

import { SinapseError } from '@sinapse/core';

const BLOCK = 512;

/**
 * The regular files of an archive, by name.
 * @param name names the archive in an error
 * @throws SinapseError when a header is damaged, or a file ends beyond the archive
 */
export function tarFiles(bytes: Uint8Array, name: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (at: number, length: number): string =>
    new TextDecoder('latin1').decode(bytes.subarray(at, at + length)).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= bytes.length;) {
    if (bytes[at] === 0) break; // the end is marked by zeros
    const size = Number.parseInt(text(at + 124, 12).trim(), 8);
    const sum = Number.parseInt(text(at + 148, 8).trim(), 8);
    let found = 8 * 0x20; // the checksum counts its own field as spaces
    for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) found += bytes[at + i]!;
    if (sum !== found || !(size >= 0)) throw new SinapseError(`${name} is no tar archive, or damaged at byte ${at}`);
    const start = at + BLOCK;
    if (start + size > bytes.length) throw new SinapseError(`${name} is cut off in ${JSON.stringify(text(at, 100))}`);
    const type = String.fromCharCode(bytes[at + 156]!);
    if (type === '0' || type === '\0') {
      const prefix = text(at + 345, 155);
      files.set(`${prefix === '' ? '' : `${prefix}/`}${text(at, 100)}`, bytes.subarray(start, start + size));
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
