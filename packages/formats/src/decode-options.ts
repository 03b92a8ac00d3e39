// The options of reading.

import { FormatError } from './format-error.ts';

export interface DecodeOptions {
  /** Whether arrays of float16 and bfloat16 stay bits in a Uint16Array. Otherwise they become float32. Default false. */
  readonly keepHalves?: boolean;
}

/** @throws FormatError when an option is unknown */
export function checkDecodeOptions(label: string, options: DecodeOptions): void {
  if (typeof options !== 'object' || options === null)
    throw new FormatError(`${label}: options: expected an object, got ${String(options)}`);
  for (const name of Object.keys(options))
    if (name !== 'keepHalves') throw new FormatError(`${label}: ${name} is no option; there is keepHalves`);
}
