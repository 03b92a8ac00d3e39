// All examples as a program has them: lists of numbers, typed arrays, tensors. They become arrays with a shape, as batches have them.

import type { ArrayOfNumbers, Tree, TypedArray } from '@sinapse/core';
import { arrayKind, dtypeOfArray, isFloat, isTensor, shown, shownName, sizeOf } from '@sinapse/core';
import type { BatchArray, HostArray } from '../batch.ts';
import { isBatchArray, isHostArray } from '../batch.ts';
import { TrainingError } from '../errors.ts';

/** Numbers or booleans in rows of one length, at any depth; rows may be typed arrays. */
export type Rows = readonly (number | boolean | ArrayOfNumbers | Rows)[];

/**
 * An array of all examples, `[examples, ...]`: rows, a typed array (one number for each example), an array with its shape, or a tensor. For a model of several
 * inputs or outputs: such arrays by name, or a list of arrays with their shapes.
 */
export type ArrayData = Rows | ArrayOfNumbers | BatchArray | readonly HostArray[] | { readonly [name: string]: ArrayData };

/** How lists of numbers become arrays: for inputs, float32 with an axis of features; for targets, whole numbers as int32, which are class numbers. */
export type Role = 'x' | 'y';

/**
 * The arrays of some examples.
 * @param owner, name of the data, for messages: `train: x`
 * @throws TrainingError when the data is empty, or is none of these; when rows differ; when a number is not finite
 */
export function arraysOf(owner: string, data: unknown, role: Role): Tree<BatchArray> {
  if (isBatchArray(data)) return isHostArray(data) ? finite(owner, ofBytes(owner, data, role)) : data;
  if (ArrayBuffer.isView(data)) return finite(owner, ofBytes(owner, vector(typedValues(owner, data), role), role));
  if (Array.isArray(data)) {
    const items: readonly unknown[] = data;
    if (items.length === 0) throw new TrainingError(`${owner} is empty`);
    if (items.every(isHostArray)) return items.map((item, i) => arraysOf(`${owner}.${i}`, item, role));
    return finite(owner, ofRows(owner, items, role));
  }
  if (typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype && Object.keys(data).length > 0)
    return Object.fromEntries(Object.entries(data).map(([name, item]) => [name, arraysOf(`${owner}.${shownName(name)}`, item, role)]));
  throw new TrainingError(`${owner}: expected numbers in rows, a typed array, { data, shape } or a tensor, got ${shown(data)}`);
}

/** Bytes as inputs, as pictures have them, are float32 with the same values, 0 to 255; those that are said to be `uint8` stay. */
function ofBytes(owner: string, array: HostArray, role: Role): HostArray {
  const { data, shape, dtype } = array;
  if (arrayKind(data)?.startsWith('Big'))
    throw new TrainingError(`${owner}: expected numbers, got ${shown(data)}; Number(value) makes them`);
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  return role === 'x' && bytes && dtype === undefined ? { data: Float32Array.from(data), shape } : array;
}

/** One number for each example: as input of a network, a row of one. */
function vector(data: TypedArray, role: Role): HostArray {
  return { data, shape: role === 'x' ? [data.length, 1] : [data.length] };
}

function typedValues(owner: string, data: ArrayBufferView): TypedArray {
  const kind = arrayKind(data);
  if (kind === undefined || kind.startsWith('Big')) throw new TrainingError(`${owner}: expected numbers, got ${shown(data)}`);
  const values = data as TypedArray;
  if (kind === 'Float64Array') return Float32Array.from(values);
  if (kind === 'Uint8ClampedArray') return Uint8Array.from(values);
  return dtypeOfArray(data) === undefined ? Int32Array.from(values) : values;
}

function ofRows(owner: string, rows: readonly unknown[], role: Role): HostArray {
  const shape = shapeOf(rows);
  const size = sizeOf(shape);
  const numbers = new Float64Array(size);
  let at = 0;
  let booleans = 0;
  const visit = (value: unknown, axis: number, example: number): void => {
    if (isRow(value)) {
      if (value.length !== shape[axis])
        throw new TrainingError(
          `${owner}: example ${example} has a row of ${value.length}, where example 0 has ${axis < shape.length ? `one of ${shape[axis]}` : 'a number'}`,
        );
      for (let i = 0; i < value.length; i++) visit(value[i], axis + 1, axis === 0 ? i : example);
    } else if (typeof value === 'string') {
      throw new TrainingError(
        `${owner}: example ${example} is ${shown(value)}; texts are given as numbers: const names = [...new Set(texts)]; texts.map((text) => names.indexOf(text))`,
      );
    } else if (typeof value === 'bigint') {
      throw new TrainingError(`${owner}: example ${example} is the bigint ${value}n; Number(value) makes it a number`);
    } else if (axis !== shape.length || (typeof value !== 'number' && typeof value !== 'boolean')) {
      throw new TrainingError(
        `${owner}: example ${example} holds ${shown(value)}, where example 0 has ${axis < shape.length ? 'a row' : 'a number'}`,
      );
    } else {
      if (typeof value === 'boolean') booleans++;
      numbers[at++] = Number(value);
    }
  };
  visit(rows, 0, 0);
  if (size > 0 && booleans === size) {
    const data = Uint8Array.from(numbers);
    return role === 'x'
      ? { data: Float32Array.from(numbers), shape: shape.length === 1 ? [size, 1] : shape }
      : { data, shape, dtype: 'bool' };
  }
  if (role === 'y' && shape.length === 1 && numbers.every((value) => (value | 0) === value))
    return { data: Int32Array.from(numbers), shape };
  const data = Float32Array.from(numbers);
  return shape.length === 1 ? vector(data, role) : { data, shape };
}

function isRow(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** The shape that the first item of each level gives. */
function shapeOf(rows: ArrayLike<unknown>): number[] {
  const first = rows[0];
  return [rows.length, ...(isRow(first) ? shapeOf(first) : [])];
}

/** @throws TrainingError when a number is NaN or infinite */
function finite(owner: string, array: HostArray): HostArray {
  const { data, shape, dtype } = array;
  if (dtype !== undefined && !isFloat(dtype)) return array;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return array;
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const example = Math.floor(at / (sizeOf(shape.slice(1)) || 1));
    throw new TrainingError(`${owner}: example ${example} holds ${data[at]}; leave out or replace what is missing`);
  }
  return array;
}

/** The number of examples of arrays, given by name, that fit each other. */
export function countExamples(owner: string, members: object): number {
  const counts: [string, number][] = [];
  const visit = (tree: Tree<BatchArray>, name: string): void => {
    if (isBatchArray(tree)) counts.push([name, isTensor(tree) || isHostArray(tree) ? (tree.shape[0] ?? 0) : tree.length]);
    else for (const [member, item] of Object.entries(tree)) visit(item, `${name}.${shownName(member)}`);
  };
  for (const [name, tree] of Object.entries(members)) visit(tree as Tree<BatchArray>, name);
  const [first] = counts;
  for (const [name, count] of counts)
    if (count !== first![1]) throw new TrainingError(`${owner}: ${first![0]} has ${first![1]} examples, ${name} has ${count}`);
  if (first === undefined || first[1] === 0) throw new TrainingError(`${owner}: the data is empty`);
  return first[1];
}
