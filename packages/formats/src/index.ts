// Bytes to named arrays and back. Nothing here reads a file, and nothing here trusts one.

export { FormatError } from './format-error.ts';
export type { NamedArray, NamedArrayDtype, TypedArray } from './named-array.ts';
export { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
export type { SafetensorsFile } from './safetensors.ts';
