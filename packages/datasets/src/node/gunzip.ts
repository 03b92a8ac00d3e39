import { SinapseError } from '@sinapse/core';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unpack = promisify(gunzip);

/**
 * Decompresses gzip data; other data is returned unchanged.
 * @param limit most bytes of the result, because a small file can unpack to more than the memory holds
 * @param name names the data in an error
 * @throws SinapseError when the data is cut off, damaged, or unpacks to more than `limit`
 */
export async function gunzipBounded(bytes: Uint8Array, limit: number, name: string): Promise<Uint8Array> {
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!compressed) {
    if (bytes.length > limit) throw new SinapseError(`${name} has ${bytes.length} bytes, expected at most ${limit}`);
    return plain(bytes);
  }
  try {
    return plain(await unpack(bytes, { maxOutputLength: limit }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new SinapseError(`${name} unpacks to more than ${limit} bytes`);
    if (code === 'Z_BUF_ERROR') throw new SinapseError(`${name} is cut off: the gzip data ends too early; copy or download it again`);
    throw new SinapseError(`${name} is damaged: ${(error as Error).message}; copy or download it again`);
  }
}

/** The same memory as a plain Uint8Array, whose `slice` copies; a Buffer's `slice` shares memory. */
function plain({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
