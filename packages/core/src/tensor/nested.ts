// Converts nested JavaScript arrays to flat values with a shape, and back.

import type { DType, TypedArray } from '../contract/dtype.ts';
import { ShapeError, SinapseError } from '../contract/errors.ts';
import type { Shape } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';

/** A number, a boolean, or an array of these at any depth. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** Converts flat values to nested arrays, each value by `convert`. */
export function nest(data: TypedArray, shape: Shape, dtype: DType, convert = (value: number): number => value): NestedArray {
  let at = 0;
  const build = (axis: number): NestedArray => {
    if (axis < shape.length) return Array.from({ length: shape[axis]! }, () => build(axis + 1));
    const value = data[at++]!;
    return dtype === 'bool' ? value !== 0 : convert(value);
  };
  return build(0);
}

/** The shape of nested arrays, their values in row-major order, and whether they are booleans. */
export interface Flattened {
  readonly shape: Shape;
  readonly values: readonly number[];
  readonly boolean: boolean;
}

/**
 * @throws ShapeError when rows differ in length or depth
 * @throws SinapseError when a value is neither a number nor a boolean, or both occur
 */
export function flattenNested(nested: NestedArray): Flattened {
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = (level as readonly NestedArray[])[0]!) shape.push(level.length);
  const values: number[] = [];
  const kinds = new Set<string>();
  const visit = (value: NestedArray, axis: number): void => {
    if (Array.isArray(value)) {
      const row = value as readonly NestedArray[];
      if (axis >= shape.length || row.length !== shape[axis])
        throw new ShapeError(
          `tensor: rows differ: expected ${shape[axis] ?? 'a number'}${axis < shape.length ? ' items' : ''} at depth ${axis}, got ${row.length} items`,
        );
      for (const item of row) visit(item, axis + 1);
    } else {
      if (axis !== shape.length) throw new ShapeError(`tensor: rows differ in depth: a value stands at depth ${axis} of ${shape.length}`);
      if (typeof value !== 'number' && typeof value !== 'boolean')
        throw new SinapseError(`tensor: values are numbers or booleans, got ${shown(value)}`);
      kinds.add(typeof value);
      values.push(Number(value));
    }
  };
  visit(nested, 0);
  if (kinds.size > 1) throw new SinapseError('tensor: numbers and booleans are mixed');
  return { shape, values, boolean: kinds.has('boolean') };
}
