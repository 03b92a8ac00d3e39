// Bytes to named arrays and back. The caller reads and writes the files, and no file is trusted.

export { FormatError } from './format-error.ts';
export type { NamedArray, NamedArrayDtype, TypedArray } from './named-array.ts';
export { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
export type { SafetensorsFile } from './safetensors.ts';
