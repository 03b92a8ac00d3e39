// Checks of examples and their targets, before anything is computed.

import type { Tensor } from '@sinapse/core';
import { DTypeError, ShapeError, SinapseError, all, check, checkValue, formatShape, isFinite, scope } from '@sinapse/core';

/**
 * @param owner the function that takes them, for the message
 * @param features how many columns are right; any number if left out
 * @throws SinapseError unless x is a tensor, DTypeError unless it is float32, ShapeError unless it is `[examples, features]` with at least one of each
 */
export function checkRows(owner: string, x: Tensor, features?: number): void {
  checkValue(owner, x, check.tensor, 'x');
  if (x.dtype !== 'float32') throw new DTypeError(`${owner}: x must be float32, got ${x.dtype}; cast it`);
  const { shape } = x;
  if (shape.length !== 2 || shape[0] === 0 || shape[1] === 0)
    throw new ShapeError(`${owner}: x must be [examples, features] with at least one of each, got ${formatShape(shape)}`);
  if (features !== undefined && shape[1] !== features)
    throw new ShapeError(`${owner}: x must have ${features} features, as what it has learnt from, got ${formatShape(shape)}`);
}

/** As `checkRows`, and that every value is finite. */
export async function checkExamples(owner: string, x: Tensor): Promise<void> {
  checkRows(owner, x);
  if (!(await holds(() => all(isFinite(x))))) throw new SinapseError(`${owner}: x has values that are not finite`);
}

/**
 * @param y what belongs to each example, one number or several
 * @throws DTypeError unless y is float32, ShapeError unless it is `[examples]` or `[examples, outputs]`
 */
export async function checkTargets(owner: string, x: Tensor, y: Tensor): Promise<void> {
  checkValue(owner, y, check.tensor, 'y');
  if (y.dtype !== 'float32') throw new DTypeError(`${owner}: y must be float32, got ${y.dtype}; cast it`);
  const { shape } = y;
  if (shape.length < 1 || shape.length > 2 || shape[0] !== x.shape[0] || shape[1] === 0)
    throw new ShapeError(`${owner}: y must be [${x.shape[0]}] or [${x.shape[0]}, outputs], a row for each of x, got ${formatShape(shape)}`);
  if (!(await holds(() => all(isFinite(y))))) throw new SinapseError(`${owner}: y has values that are not finite`);
}

/**
 * @returns the class of each example
 * @throws DTypeError unless y is int32, ShapeError unless it is `[examples]`, SinapseError when a class is not 0 to classes - 1
 */
export async function checkClasses(owner: string, x: Tensor, y: Tensor, classes: number): Promise<Int32Array> {
  checkValue(owner, y, check.tensor, 'y');
  if (y.dtype !== 'int32') throw new DTypeError(`${owner}: y must be class numbers, int32, got ${y.dtype}; cast it`);
  if (y.shape.length !== 1 || y.shape[0] !== x.shape[0])
    throw new ShapeError(`${owner}: y must be [${x.shape[0]}], a class for each row of x, got ${formatShape(y.shape)}`);
  const labels = (await y.data()) as Int32Array;
  const wrong = labels.find((label) => label < 0 || label >= classes);
  if (wrong !== undefined) throw new SinapseError(`${owner}: y must be classes from 0 to ${classes - 1}, got ${wrong}`);
  return labels;
}

/** Whether a bool scalar is true. */
export async function holds(condition: () => Tensor): Promise<boolean> {
  return (await numberFrom(condition)) !== 0;
}

/** The number that a scalar holds. */
export async function numberFrom(compute: () => Tensor): Promise<number> {
  const [value] = await valuesFrom(compute);
  return value!;
}

/** The values of a tensor, which is released. */
export async function valuesFrom(compute: () => Tensor): Promise<Float32Array> {
  const result = scope(compute);
  const data = await result.data();
  result.dispose();
  return data as Float32Array;
}
