// Reads arrays in whichever format they are.

import { checkBytes } from './arguments.ts';
import type { DecodeOptions } from './decode-options.ts';
import { FormatError } from './format-error.ts';
import { isHdf5 } from './is-hdf5.ts';
import type { NamedArray } from './named-array.ts';
import { decodeNpy, isNpy } from './npy.ts';
import { decodeNpz } from './npz.ts';
import { decodePyTorch, isPickle } from './pytorch.ts';
import { decodeSafetensors } from './safetensors.ts';
import { isZip, namesInZip } from './zip.ts';

/**
 * Reads the arrays of a safetensors, .npy, .npz, .pt or .pth file; the bytes tell which it is. The array of an .npy file is called `array`.
 * @throws FormatError when the bytes are none of these, or not right; what the format's own function refuses is refused here
 */
export function decodeArrays(bytes: Uint8Array, options: DecodeOptions = {}): ReadonlyMap<string, NamedArray> {
  checkBytes('arrays', bytes);
  if (isHdf5(bytes)) throw new FormatError('arrays: the file is HDF5; read it with decodeKeras or decodeHdf5 of @sinapse/formats/hdf5');
  if (isNpy(bytes)) return new Map([['array', decodeNpy(bytes, options)]]);
  if (isPickle(bytes)) return decodePyTorch(bytes, options);
  if (!isZip(bytes)) return decodeSafetensors(bytes, options).arrays;
  const files = [...namesInZip(bytes, 'arrays')];
  if (files.includes('model.weights.h5'))
    throw new FormatError('arrays: the file is one of Keras; read it with decodeKeras of @sinapse/formats/hdf5');
  return files.length > 0 && files.every((file) => file.endsWith('.npy')) ? decodeNpz(bytes, options) : decodePyTorch(bytes, options);
}
