// Bytes to named arrays and back. The caller reads and writes the files, and no file is trusted.

export { widenHalves } from './half-floats.ts';
export { FormatError } from './format-error.ts';
export type { NamedArray, NamedArrayDtype, TypedArray } from './named-array.ts';
export { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
export type { SafetensorsFile } from './safetensors.ts';
export type { DecodeOptions } from './decode-options.ts';
export { decodeArrays } from './decode-arrays.ts';
export { decodeNpy, encodeNpy } from './npy.ts';
export { decodeNpz, encodeNpz } from './npz.ts';
export { decodePyTorch } from './pytorch.ts';
