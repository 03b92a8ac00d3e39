// A model's parameters and states as named arrays on the host, and back.

import type { Backend, DType, Named, Parameter, State, Tensor } from '@sinapse/core';
import {
  BYTES,
  formatShape,
  isFloat,
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
import { TrainingError } from './errors.ts';

/** Issues the read of a tensor: the values are those of this moment, whatever comes before the promise resolves. */
export async function readArray(tensor: Tensor): Promise<NamedArray> {
  const { dtype, shape } = tensor;
  const data = await tensor.data();
  // A backend in its float64 mode, for tests, reads float32 tensors as such.
  return { dtype, shape, data: data instanceof Float64Array ? Float32Array.from(data) : data };
}

/**
 * A tensor of an array's values on a backend.
 * @throws TrainingError when the array is of a dtype that tensors have not
 */
export function arrayToTensor(backend: Backend, { dtype, shape, data }: NamedArray): Tensor {
  if (!Object.hasOwn(BYTES, dtype)) throw new TrainingError(`weights: there are no ${dtype} tensors`);
  return writeAt(makerOn(backend), { dtype: dtype as DType, shape, size: data.length }, data as Float32Array);
}

/** Issues the reads of all parameters and states, by their paths. */
export async function readWeights(model: object): Promise<Map<string, NamedArray>> {
  const reads = scope(() => walk(model).map(({ path, cell }) => [path, readArray(cell.value)] as const));
  return new Map(await Promise.all(reads.map(async ([path, read]) => [path, await read] as const)));
}

/**
 * Gives a model's parameters and states the values of a file. All or nothing: the model changes only when every array fits.
 * @param arrays by path; exactly the model's own
 * @throws TrainingError when one is missing, surplus, or of another shape or dtype; the message names its path
 */
export function loadWeights(model: object, arrays: ReadonlyMap<string, NamedArray>): void {
  assignWeights(checkWeights(model, arrays), arrays);
}

/** The model's cells, once it is sure that the arrays fit them. */
export function checkWeights(model: object, arrays: ReadonlyMap<string, NamedArray>): readonly Named<Parameter | State>[] {
  const cells = walk(model);
  const paths = new Set(cells.map(({ path }) => path));
  for (const { path, cell } of cells) {
    const array = arrays.get(path);
    if (array === undefined) {
      const surplus = nearestName(
        path,
        [...arrays.keys()].filter((name) => !paths.has(name)),
      );
      throw new TrainingError(
        `weights: ${quote(path)} is missing${surplus === undefined ? '' : `; there is ${quote(surplus)}, which the model has not`}`,
      );
    }
    if (!sameShape(array.shape, cell.shape))
      throw new TrainingError(`weights: ${quote(path)} has shape ${formatShape(array.shape)}, the model's has ${formatShape(cell.shape)}`);
    if (array.dtype !== cell.dtype) throw new TrainingError(`weights: ${quote(path)} is ${array.dtype}, the model's is ${cell.dtype}`);
  }
  for (const name of arrays.keys()) if (!paths.has(name)) throw new TrainingError(`weights: the model has no ${quote(name)}`);
  return cells;
}

/** Assigns arrays that fit: every tensor is made before the first cell changes. */
export function assignWeights(cells: readonly Named<Parameter | State>[], arrays: ReadonlyMap<string, NamedArray>): void {
  scope(() => {
    const values = cells.map(({ path, cell }) => arrayToTensor(cell.value.backend, arrays.get(path)!));
    cells.forEach(({ cell }, i) => cell.assign(values[i]!));
  });
}

/**
 * The path of the first parameter that holds a NaN or an infinity, if there is one. Computed where the parameters are, from their values at
 * the moment of the call. States may hold what they like: a mask is made of infinities.
 */
export async function firstNonFinite(model: object): Promise<string | undefined> {
  const parameters = parametersOf(model).filter(({ cell }) => isFloat(cell.dtype) && cell.size > 0);
  if (parameters.length === 0) return undefined;
  // A finite number times 0 is 0; anything else gives NaN, and NaN stays in a sum.
  const { read } = scope(() => ({ read: stack(parameters.map(({ cell }) => sum(mul(cell.value, 0)).cast('float32'))).data() }));
  const sums = await read;
  return parameters.find((_, i) => Number.isNaN(sums[i]))?.path;
}
