// Reads zip archives, which hold the arrays of NumPy and PyTorch. A small file cannot ask for more memory than deflate could have packed into it.

import type { UnzipFileInfo } from 'fflate';
import { unzipSync } from 'fflate';
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
 * @throws FormatError when the bytes are not an archive, or a name comes twice
 */
export function readZip(bytes: Uint8Array, label: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const fail = (problem: string): FormatError => new FormatError(`${label}: ${problem}`);
  if (!isZip(bytes)) throw fail('the file is not a zip archive');
  const lengths = new Map<string, number>();
  let stored = 0;
  let inflated = 0;
  const check = ({ name, size, originalSize, compression }: UnzipFileInfo): boolean => {
    if (lengths.has(name)) throw fail(`the file ${quote(name)} comes twice`);
    if (lengths.size * DIRECTORY_ENTRY > bytes.length) throw fail('its directory has more files than fit into it');
    if (name === '__proto__') throw fail(`no file can have the name ${quote(name)}`);
    if (compression !== 0 && compression !== 8) throw fail(`the file ${quote(name)} is neither stored nor deflated`);
    lengths.set(name, originalSize);
    stored += size;
    inflated += originalSize;
    if (stored > bytes.length || inflated > MOST_DEFLATED * bytes.length || (compression === 0 && size !== originalSize))
      throw fail(`the file ${quote(name)} says that it has ${originalSize} bytes, which the archive cannot hold`);
    return true;
  };
  const files = unzipped(bytes, check, fail);
  return new Map(
    [...lengths].map(([name, length]) => {
      const file = files[name]!;
      if (file.length !== length) throw fail(`the file ${quote(name)} has ${file.length} bytes instead of ${length}`);
      return [name, file];
    }),
  );
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
