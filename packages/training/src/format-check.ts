// Checks that a file is one of Sinapse's and of this version.

import { check, checkValue, quote } from '@sinapse/core';
import { TrainingError } from './errors.ts';

/**
 * @param kind what the file should be, for the message, e.g. `a checkpoint`
 * @throws TrainingError when a safetensors file has another format or version
 */
export function checkFormat(metadata: Readonly<Record<string, string>>, format: string, version: string, kind: string): void {
  const { format: found, version: foundVersion } = metadata;
  if (found !== format)
    throw new TrainingError(`this file is not ${kind} of Sinapse${found === undefined ? '' : `; its format is ${quote(found)}`}`);
  if (foundVersion !== version)
    throw new TrainingError(
      `this file is ${kind} of version ${quote(foundVersion ?? 'none')}; this @sinapse/training reads version ${version}`,
    );
}

/** @throws SinapseError unless a function was given bytes */
export function checkBytes(owner: string, bytes: unknown): void {
  checkValue(owner, bytes, { ...check.bytes, expected: 'the bytes of a file, a Uint8Array' });
}
