// Formats tensors for people: nested brackets, aligned columns, long axes shortened to their ends.

import type { DType, TypedArray } from '../contract/dtype.ts';
import { isFloat } from '../contract/dtype.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape, stridesOf } from '../contract/shape.ts';

/** The number of elements shown at either end of a long axis: fewer for more than three axes. */
function edgeOf(rank: number): number {
  return rank <= 3 ? 3 : 1;
}
/** Larger tensors with more axes than this are not shown, as nested rows would be unreadable. */
const DEEPEST = 8;
/** Tensors with more elements than this are shortened. */
const SHOWN = 200;

/** `float32 [2,2]`, then the values as nested rows. */
export function formatTensor(dtype: DType, shape: Shape, data: TypedArray): string {
  const head = `${dtype} ${formatShape(shape)}`;
  if (data.length === 0) return `${head} (empty)`;
  if (shape.length > DEEPEST && data.length > SHOWN) return `${head} (${data.length} elements)`;
  const shorten = data.length > SHOWN;
  const strides = stridesOf(shape);
  const indices = shape.map((length) => visible(length, shorten ? edgeOf(shape.length) : length));
  const shown: number[] = [];
  collect(0, 0);
  const texts = formatNumbers(shown, dtype);
  const width = Math.max(...texts.map((text) => text.length));
  let next = 0;
  const body = render(0, ' ');
  return shape.length === 0 ? `${head} ${body}` : `${head}\n${body}`;

  function collect(axis: number, offset: number): void {
    if (axis === shape.length) shown.push(data[offset]!);
    else for (const index of indices[axis]!) if (index >= 0) collect(axis + 1, offset + index * strides[axis]!);
  }

  function render(axis: number, indent: string): string {
    if (axis === shape.length) return shape.length === 0 ? texts[next++]! : texts[next++]!.padStart(width);
    const innermost = axis === shape.length - 1;
    const items = indices[axis]!.map((index) => (index < 0 ? '…' : render(axis + 1, `${indent} `)));
    return `[${items.join(innermost ? ', ' : `,${'\n'.repeat(shape.length - 1 - axis)}${indent}`)}]`;
  }
}

/** The indices of an axis that are shown; -1 stands for those left out. */
function visible(length: number, edge: number): number[] {
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  return length > 2 * edge + 1 ? [...range(0, edge), -1, ...range(length - edge, length)] : range(0, length);
}

/** Formats all values in one notation: decimal, or exponential if some are very large or small or they differ too much in size. */
function formatNumbers(values: readonly number[], dtype: DType): string[] {
  if (dtype === 'bool') return values.map((value) => (value === 0 ? 'false' : 'true'));
  if (!isFloat(dtype)) return values.map(String);
  const magnitudes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = Math.max(0, ...magnitudes);
  const smallest = Math.min(Infinity, ...magnitudes);
  if (largest >= 1e7 || (smallest < 1e-4 && largest < 1) || largest / smallest > 1e8)
    return values.map((value) => (Number.isFinite(value) ? value.toExponential(4) : String(value)));
  const decimals = Math.max(0, ...values.map((value) => decimalsOf(value)));
  return values.map((value) =>
    Number.isFinite(value) ? (Object.is(value, -0) ? `-${(0).toFixed(decimals)}` : value.toFixed(decimals)) : String(value),
  );
}

/** The number of decimals that a value needs, at most four. */
function decimalsOf(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const text = value.toFixed(4).replace(/0+$/, '');
  return text.length - text.indexOf('.') - 1;
}
