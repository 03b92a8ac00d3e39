// Converts a model's parameters and states to named arrays on the host, and back.

import type { Backend, DType, Named, Parameter, State, Tensor } from '@sinapse/core';
import {
  activeBackend,
  BYTES,
  formatShape,
  isFloat,
  isMeta,
  mul,
  nearestName,
  parametersOf,
  makerOn,
  sameShape,
  scope,
  stack,
  sum,
  walk,
  writeAt,
  quote,
} from '@sinapse/core';
import type { NamedArray } from '@sinapse/formats';
import { widenHalves } from '@sinapse/formats';
import { TrainingError } from './errors.ts';

/** Issues the read of a tensor. The promise gives the values at the time of the call. */
export async function readArray(tensor: Tensor): Promise<NamedArray> {
  const { dtype, shape } = tensor;
  const data = await tensor.data();
  // A backend in float64 mode, which tests use, returns float64 values for float32 tensors.
  return { dtype, shape, data: data instanceof Float64Array ? Float32Array.from(data) : data };
}

/**
 * Makes a tensor of an array on a backend.
 * @param path of the array, for the message
 * @throws TrainingError when tensors cannot have the array's dtype
 */
export function arrayToTensor(backend: Backend, path: string, { dtype, shape, data }: NamedArray): Tensor {
  if (!Object.hasOwn(BYTES, dtype)) throw new TrainingError(`weights: ${quote(path)} is ${dtype}; there are no such tensors`);
  return writeAt(makerOn(backend), { dtype: dtype as DType, shape, size: data.length }, data as Float32Array);
}

/** Issues the reads of all parameters and states and returns the values by path. */
export async function readWeights(model: object): Promise<Map<string, NamedArray>> {
  const reads = scope(() => walk(model).map(({ path, cell }) => [path, readArray(cell.value)] as const));
  return new Map(await Promise.all(reads.map(async ([path, read]) => [path, await read] as const)));
}

/** The most surplus names among which one like the missing name is looked for. */
const MOST_COMPARED = 1000;

/** An array as a cell takes it: float16 and bfloat16 are widened where the cell is float32. */
export function fitting(array: NamedArray, cell: Parameter | State): NamedArray {
  return cell.dtype === 'float32' ? widenHalves(array) : array;
}

/** float64 is not narrowed unasked: it loses digits, and numbers above 3.4e38. */
function remedy(array: NamedArray, cell: Parameter | State): string {
  return array.dtype === 'float64' && cell.dtype === 'float32' ? '; Float32Array.from(array.data) rounds it' : '';
}

/**
 * Checks that the arrays fit a model and returns the model's cells.
 * @param wanted the paths of these cells; by default all
 * @throws TrainingError when an array is missing, surplus, or of another shape or dtype; the message names its path
 */
export function checkWeights(
  model: object,
  arrays: ReadonlyMap<string, NamedArray>,
  wanted?: ReadonlySet<string>,
): readonly Named<Parameter | State>[] {
  const cells = walk(model).filter(({ path }) => wanted?.has(path) ?? true);
  const paths = new Set(cells.map(({ path }) => path));
  for (const { path, cell } of cells) {
    const array = arrays.get(path);
    if (array === undefined) {
      const surplus = nearestName(path, [...arrays.keys()].filter((name) => !paths.has(name)).slice(0, MOST_COMPARED)); // prettier-ignore
      throw new TrainingError(
        `weights: ${quote(path)} is missing${surplus === undefined ? '' : `; there is ${quote(surplus)}, which the model has not`}`,
      );
    }
    if (!sameShape(array.shape, cell.shape))
      throw new TrainingError(`weights: ${quote(path)} has shape ${formatShape(array.shape)}, the model's has ${formatShape(cell.shape)}`);
    if (fitting(array, cell).dtype !== cell.dtype)
      throw new TrainingError(`weights: ${quote(path)} is ${array.dtype}, the model's is ${cell.dtype}${remedy(array, cell)}`);
  }
  for (const name of arrays.keys()) if (!paths.has(name)) throw new TrainingError(`weights: the model has no ${quote(name)}`);
  return cells;
}

/**
 * Assigns arrays that fit. It makes every tensor before it changes the first cell. Cells that were made on `meta()` have no values yet: theirs go to
 * the backend in use.
 */
export function assignWeights(cells: readonly Named<Parameter | State>[], arrays: ReadonlyMap<string, NamedArray>): void {
  scope(() => {
    const values = cells.map(({ path, cell }) => {
      const { backend } = cell.value;
      return arrayToTensor(isMeta(backend) ? activeBackend() : backend, path, fitting(arrays.get(path)!, cell));
    });
    cells.forEach(({ cell }, i) => cell.assign(values[i]!));
  });
}

/**
 * The path of the first parameter that holds a NaN or an infinity, if there is one. It is computed on the parameters' device, from their
 * values at the time of the call. States are not checked, since they may hold infinities, as a mask does.
 */
export async function firstNonFinite(model: object): Promise<string | undefined> {
  const parameters = parametersOf(model).filter(({ cell }) => isFloat(cell.dtype) && cell.size > 0);
  if (parameters.length === 0) return undefined;
  // A finite number times 0 is 0, any other gives NaN, and a sum that contains NaN is NaN.
  const { read } = scope(() => ({ read: stack(parameters.map(({ cell }) => sum(mul(cell.value, 0)).cast('float32'))).data() }));
  const sums = await read;
  return parameters.find((_, i) => Number.isNaN(sums[i]))?.path;
}
