// The tensors of a file of weights that is no model of Sinapse: what `sinapse summary` shows of a .pt, .npz, .h5, .keras or foreign .safetensors file.

import { SinapseError, formatShape, sizeOf } from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { FormatError, decodeArrays, decodeSafetensors } from '@sinapse/formats';
import { decodeHdf5, decodeKeras } from '@sinapse/formats/hdf5';
import { columns } from '../output/columns.ts';
import { count, plural } from '../output/numbers.ts';
import type { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import { wrap } from '../output/wrap.ts';

/** Says that a file of weights cannot be read. The message is one line that names the file. */
class WeightsFileError extends SinapseError {
  override name = 'WeightsFileError';
}

/** Whether a file is to be listed: every file of arrays but those of Sinapse. Of a broken safetensors file the reader of models says what is wrong. */
export function isForeign(path: string, bytes: Uint8Array): boolean {
  if (!path.endsWith('.safetensors')) return true;
  try {
    return !(decodeSafetensors(bytes).metadata['format'] ?? '').startsWith('sinapse');
  } catch {
    return false;
  }
}

/** Shows name, dtype, shape and number of values of every tensor. */
export async function listArrays(path: string, bytes: Uint8Array, output: Output): Promise<void> {
  const arrays = [...(await decode(path, bytes))].map(([name, { dtype, shape }]) => ({
    name: printable(name),
    dtype,
    shape,
    size: sizeOf(shape),
  }));
  const values = arrays.reduce((sum, { size }) => sum + size, 0);
  output.event({ event: 'tensors', file: path, values, tensors: arrays });
  output.line(`${output.colors.bold(printable(path))}, ${plural(arrays.length, 'tensor')}`);
  output.line();
  const rows = arrays.map(({ name, dtype, shape, size }) => [name, dtype, formatShape(shape), count(size)]);
  const table = columns([...rows, ['total', '', '', count(values)]]);
  const fits = table.every((line) => line.length <= output.width);
  for (const line of fits ? table : rows.flatMap((row) => wrap(row, output.width, 2))) output.line(line);
  if (!fits) output.line(`total  ${count(values)}`);
}

async function decode(path: string, bytes: Uint8Array): Promise<ReadonlyMap<string, NamedArray>> {
  try {
    const options = { keepHalves: true };
    if (path.endsWith('.keras')) return await decodeKeras(bytes, options);
    return path.endsWith('.h5') || path.endsWith('.hdf5') ? await decodeHdf5(bytes, options) : decodeArrays(bytes, options);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new WeightsFileError(`${path}: ${error.message}`, { cause: error });
  }
}
