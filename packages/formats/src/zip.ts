// Reads zip archives, which hold the arrays of NumPy and PyTorch. A small file cannot ask for more memory than deflate could have packed into it.

import type { UnzipFileInfo } from 'fflate';
import { unzipSync } from 'fflate';
import { crc32 } from './crc32.ts';
import { FormatError, quote } from './format-error.ts';

/** The first bytes of an archive that is not empty. */
const SIGNATURE = [0x50, 0x4b, 3, 4];

/** Deflate packs at most 258 bytes into two bits. */
const MOST_DEFLATED = 1032;

/** How many files an archive may have: each needs 46 bytes in its directory. */
const DIRECTORY_ENTRY = 46;

/** Whether bytes look like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * The files of an archive by name, stored or deflated.
 * @param label begins every error message
 * @throws FormatError when the bytes are not an archive, a name comes twice, or a file differs from its checksum
 */
export function readZip(bytes: Uint8Array, label: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const fail = (problem: string): FormatError => new FormatError(`${label}: ${problem}`);
  if (!isZip(bytes)) throw fail('the file is not a zip archive');
  const lengths = new Map<string, number>();
  const checksums: number[] = [];
  let entry: number | undefined;
  let stored = 0;
  let inflated = 0;
  const check = ({ name, size, originalSize, compression }: UnzipFileInfo): boolean => {
    if (lengths.has(name)) throw fail(`the file ${quote(name)} comes twice`);
    if (lengths.size * DIRECTORY_ENTRY > bytes.length) throw fail('its directory has more files than fit into it');
    if (name === '__proto__') throw fail(`no file can have the name ${quote(name)}`);
    if (compression !== 0 && compression !== 8) throw fail(`the file ${quote(name)} is neither stored nor deflated`);
    lengths.set(name, originalSize);
    entry = entry === undefined ? directoryOf(bytes) : nextEntry(bytes, entry);
    checksums.push(uint(bytes, entry + 16, 4));
    stored += size;
    inflated += originalSize;
    if (stored > bytes.length || inflated > MOST_DEFLATED * bytes.length || (compression === 0 && size !== originalSize))
      throw fail(`the file ${quote(name)} says that it has ${originalSize} bytes, which the archive cannot hold`);
    return true;
  };
  const files = unzipped(bytes, check, fail);
  return new Map(
    [...lengths].map(([name, length], i) => {
      const file = files[name]!;
      if (file.length !== length) throw fail(`the file ${quote(name)} has ${file.length} bytes instead of ${length}`);
      // PyTorch can be told to leave checksums out (torch.serialization.set_crc32_options): they are 0 then.
      if (checksums[i] !== 0 && checksums[i] !== crc32(file)) throw fail(`the file ${quote(name)} is damaged: its checksum (CRC-32) differs; copy or download the archive again`); // prettier-ignore
      return [name, file];
    }),
  );
}

/** A little-endian number of the archive. */
function uint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}

/** Where the directory's first entry lies (APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16): `unzipSync`, which finds it so too, keeps it to itself. */
function directoryOf(bytes: Uint8Array): number {
  let end = bytes.length - 22;
  while (uint(bytes, end, 4) !== 0x06054b50) end--;
  if (uint(bytes, end - 20, 4) === 0x07064b50) {
    const end64 = uint(bytes, end - 12, 8);
    if (uint(bytes, end64, 4) === 0x06064b50) return uint(bytes, end64 + 48, 8);
  }
  return uint(bytes, end + 16, 4);
}

/** Where the entry after one begins: behind its name, extra field and comment. */
function nextEntry(bytes: Uint8Array, entry: number): number {
  return entry + DIRECTORY_ENTRY + uint(bytes, entry + 28, 2) + uint(bytes, entry + 30, 2) + uint(bytes, entry + 32, 2);
}

/** The names of an archive's files; nothing is unpacked. */
export function namesInZip(bytes: Uint8Array, label: string): ReadonlySet<string> {
  const names = new Set<string>();
  const note = ({ name }: UnzipFileInfo): boolean => {
    if (names.has(name)) throw new FormatError(`${label}: the file ${quote(name)} comes twice`);
    names.add(name);
    return false;
  };
  unzipped(bytes, note, (problem) => new FormatError(`${label}: ${problem}`));
  return names;
}

function unzipped(
  bytes: Uint8Array,
  filter: (file: UnzipFileInfo) => boolean,
  fail: (problem: string) => FormatError,
): Record<string, Uint8Array<ArrayBuffer>> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw fail(`the archive is broken: ${error instanceof Error ? error.message : String(error)}`);
  }
}
