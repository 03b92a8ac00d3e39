// Bytes to named arrays and back. The caller reads and writes the files, and no file is trusted.

export { widenHalves } from './half-floats.ts';
export { FormatError } from './format-error.ts';
export type { NamedArray, NamedArrayDtype, TypedArray } from './named-array.ts';
export { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
export type { DecodeOptions, SafetensorsFile } from './safetensors.ts';
