// Finds the array of a file for each parameter and state of a model, and brings its values into the model's order.

import type { Shape } from '@sinapse/core';
import { formatShape, sameShape, sizeOf } from '@sinapse/core';
import type { NamedArray, TypedArray } from '@sinapse/formats';
import { asFloat32 } from './as-float32.ts';
import { fromTorchOrder } from './layout.ts';
import type { Misfit } from './misfits.ts';
import type { StoredCell } from './stored-cell.ts';

/** What a file has for a model. */
export interface FittedArrays {
  /** Values in the model's order and shape, by path. */
  readonly arrays: ReadonlyMap<string, NamedArray>;
  readonly misfits: readonly Misfit[];
  /** The names of tensors that belong to cells which are not meant. */
  readonly left: readonly string[];
}

/** What PyTorch counts beside a running average; nothing is computed from it unless momentum is None. */
const COUNTER = /(^|\.)num_batches_tracked$/;

/**
 * Fits the arrays of a file to cells. Names may have one prefix in common: `state_dict.`, or `module.` of a model that was trained on several
 * devices. A bias before a normalisation, which the model does not have, is subtracted from the running mean.
 * @param isMeant whether the cell of a path is to be filled
 */
export function fitArrays(
  cells: readonly StoredCell[],
  given: ReadonlyMap<string, NamedArray>,
  isMeant: (path: string) => boolean,
): FittedArrays {
  const prefix = prefixOf(cells, given);
  const file = new Map([...given].filter(([name]) => name.startsWith(prefix) && !COUNTER.test(name)));
  const arrays = new Map<string, NamedArray>();
  const misfits: Misfit[] = [];
  const used = new Set<string>();
  const left = new Set<string>();
  for (const cell of cells) {
    const name = prefix + cell.name;
    const { path, shape } = cell;
    const array = file.get(name);
    used.add(name);
    if (!isMeant(path)) {
      if (array !== undefined) left.add(name);
      continue;
    }
    const expected = formatShape(shape);
    if (array === undefined) {
      misfits.push({ problem: 'missing', name, path, expected });
      continue;
    }
    const wide = cell.cell.dtype === 'float32' ? asFloat32(array) : array;
    if (wide.dtype !== cell.cell.dtype)
      misfits.push({ problem: 'dtype', name, path, expected: cell.cell.dtype, found: foundDtype(wide, cell) });
    else if (!fits(wide.shape, cell)) misfits.push({ problem: 'shape', name, path, expected, found: formatShape(wide.shape) });
    else arrays.set(path, { ...wide, shape: cell.cell.shape, data: valuesOf(cell, wide.data) });
  }
  for (const { mean, bias } of biasesBeforeNorms(cells)) {
    const [name, before] = [prefix + bias, arrays.get(mean)];
    const array = file.get(name);
    if (array === undefined || before === undefined || !sameShape(array.shape, before.shape)) continue;
    const { data } = asFloat32(array);
    arrays.set(mean, { ...before, data: Float32Array.from(before.data as Float32Array, (value, i) => value - Number(data[i])) });
    used.add(name);
  }
  for (const [name, { shape }] of file) if (!used.has(name)) misfits.push({ problem: 'unexpected', name, found: formatShape(shape) });
  return { arrays, misfits, left: [...left] };
}

/** The dtype of a tensor that a cell cannot take; of float64, why it cannot. */
function foundDtype({ dtype }: NamedArray, { cell }: StoredCell): string {
  return dtype === 'float64' && cell.dtype === 'float32' ? 'float64 past the range of float32' : dtype;
}

/** A cell's values in the model's order. */
function valuesOf({ cell, kernel, part }: StoredCell, data: TypedArray): TypedArray {
  const own = part === undefined ? data : data.slice(part.index * cell.size, (part.index + 1) * cell.size);
  return kernel === undefined ? own : fromTorchOrder(own, kernel);
}

function fits(found: Shape, { shape, mayDivide = false }: StoredCell): boolean {
  const isDivided = mayDivide && sizeOf(found) === sizeOf(shape) && sameShape(found.slice(0, -2), shape.slice(0, -2));
  return isDivided || sameButForOnes(found, shape);
}

/** Whether two shapes differ at most by axes of length 1, which leave the order of values as it is. */
function sameButForOnes(a: Shape, b: Shape): boolean {
  const lengths = (shape: Shape): Shape => shape.filter((length) => length !== 1);
  return sizeOf(a) === sizeOf(b) && sameShape(lengths(a), lengths(b));
}

/** What stands before every name of the file; nothing if a name of the model is there as it is. */
function prefixOf(cells: readonly StoredCell[], file: ReadonlyMap<string, NamedArray>): string {
  if (cells.some(({ name }) => file.has(name))) return '';
  for (const { name } of cells) for (const found of file.keys()) if (found.endsWith(`.${name}`)) return found.slice(0, -name.length);
  return '';
}

/** The normalisations right after a convolution without bias: the path of their running mean, and the name that a bias would have. */
function biasesBeforeNorms(cells: readonly StoredCell[]): { mean: string; bias: string }[] {
  const names = new Map(cells.map(({ path, name }) => [path, name]));
  return [...names.keys()].flatMap((mean) => {
    const layer = mean.slice(0, -'mean'.length);
    const kernel = names.get(`${layer}kernel`);
    if (mean !== `${layer}mean` || kernel === undefined || names.has(`${layer}bias`)) return [];
    return [{ mean, bias: kernel.replace(/(weight|kernel)$/, 'bias') }];
  });
}
