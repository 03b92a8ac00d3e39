// Writes tensors for people. Numbers follow NumPy's rules: the fewest digits that tell a float32 from its neighbours, at most 8 decimals, and
// exponents for very large or small ones. Rows stand in aligned columns, and long axes are shortened to their ends.

import type { DType, TypedArray } from '../contract/dtype.ts';
import { isFloat, isHalf } from '../contract/dtype.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape, stridesOf } from '../contract/shape.ts';

/** The longest line, in characters. */
const WIDTH = 80;
/** Tensors with more elements, or that would take more lines, are shortened. */
const MOST_ELEMENTS = 100;
const MOST_LINES = 20;
/** The number of wide numbers that fit on a line. */
const PER_LINE = 6;
/** A shortened tensor of more axes shows its first values only. */
const DEEPEST = 3;
/** The number of elements shown at either end of a shortened axis, the last one first; fewer numbers with decimals fit into a row. */
const EDGE = 3;
const EDGES = [2, 3, 1];
/** The longest text of values among other things, in an object or a list. */
const LINE_OF_VALUES = 60;
const DECIMALS = 8;

/** `float32 [2] [1, 0.00001]`: a vector stands on the line of its dtype and shape where it fits, and rows below it. `note` follows the shape. */
export function formatTensor(dtype: DType, shape: Shape, data: TypedArray, note = ''): string {
  const head = `${dtype} ${formatShape(shape)}${note}`;
  if (data.length === 0) return `${head} (empty)`;
  const rank = shape.length;
  const shorten = data.length > MOST_ELEMENTS || linesOf(shape) > MOST_LINES;
  if (shorten && rank > DEEPEST) return `${head} ${firstValues(dtype, data)}`;
  const strides = stridesOf(shape);
  const edges = shorten ? shape.map((_, axis) => edgeOf(rank, axis, dtype)) : shape;
  const indices = shape.map((length, axis) => visible(length, edges[axis]!));
  const shown: number[] = [];
  collect(0, 0);
  if (rank <= 1) {
    const texts = formatNumbers(shown, dtype);
    const items = rank === 0 ? texts : indices[0]!.map((index) => (index < 0 ? '…' : texts.shift()!));
    const line = rank === 0 ? items[0]! : `[${items.join(', ')}]`;
    if (head.length + 1 + line.length <= WIDTH) return `${head} ${line}`;
    if (line.length <= WIDTH) return `${head}\n${line}`;
  }
  const texts = formatColumns(shown, dtype);
  return `${head}\n${render(0, ' ')}`;

  function collect(axis: number, offset: number): void {
    if (axis === rank) shown.push(valueAt(dtype, data, offset));
    else for (const index of indices[axis]!) if (index >= 0) collect(axis + 1, offset + index * strides[axis]!);
  }

  function render(axis: number, indent: string): string {
    const items = indices[axis]!.map((index) => (index < 0 ? '…' : axis === rank - 1 ? texts.shift()! : render(axis + 1, `${indent} `)));
    if (axis < rank - 1) return `[${items.join(`,${'\n'.repeat(rank - 1 - axis)}${indent}`)}]`;
    const perLine = Math.max(1, Math.floor((WIDTH - indent.length) / (items[0]!.length + 2)));
    const lines = Array.from({ length: Math.ceil(items.length / perLine) }, (_, i) =>
      items.slice(i * perLine, (i + 1) * perLine).join(', '),
    );
    return `[${lines.join(`,\n${indent}`)}]`;
  }
}

/** On one line, as among other things in an object or a list: `float32 [2,2] [[1, 2], [3, 4]]`, or the first values of many. */
export function formatTensorLine(dtype: DType, shape: Shape, data: TypedArray): string {
  const head = `${dtype} ${formatShape(shape)}`;
  if (data.length === 0) return `${head} (empty)`;
  if (data.length > LINE_OF_VALUES / 2) return `${head} ${firstValues(dtype, data)}`;
  const texts = formatNumbers(Array.from(data, (_, i) => valueAt(dtype, data, i)), dtype); // prettier-ignore
  const nested = (axis: number): string =>
    axis === shape.length ? texts.shift()! : `[${Array.from({ length: shape[axis]! }, () => nested(axis + 1)).join(', ')}]`;
  const line = nested(0);
  return `${head} ${line.length <= LINE_OF_VALUES ? line : firstValues(dtype, data)}`;
}

/** `(1000 values: 0, 1, 2, …)` */
function firstValues(dtype: DType, data: TypedArray): string {
  const first = Array.from({ length: Math.min(EDGE, data.length) }, (_, i) => valueAt(dtype, data, i));
  return `(${data.length} values: ${formatNumbers(first, dtype).join(', ')}${data.length > EDGE ? ', …' : ''})`;
}

/** The shortest decimal number that rounds to the same float32. */
export function shortest(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value; // keeps the sign of -0
  for (let precision = 1; precision < 9; precision++) {
    const rounded = Number(value.toPrecision(precision));
    if (Math.fround(rounded) === Math.fround(value)) return rounded;
  }
  return Number(value.toPrecision(9));
}

/** About the number of lines of all elements: a row takes one for each six numbers, and each axis further out adds blank lines between its items. */
function linesOf(shape: Shape): number {
  let lines = 1;
  let blocks = 1;
  for (let axis = 0; axis < shape.length - 1; axis++) {
    lines += blocks * (shape[axis]! - 1) * (shape.length - 1 - axis);
    blocks *= shape[axis]!;
  }
  return lines + blocks * (Math.ceil((shape.at(-1) ?? 1) / PER_LINE) - 1);
}

function edgeOf(rank: number, axis: number, dtype: DType): number {
  return rank === 1 || (axis === rank - 1 && !isFloat(dtype)) ? EDGE : EDGES[rank - 1 - axis]!;
}

/** The indices of an axis that are shown; -1 stands for those left out. */
function visible(length: number, edge: number): number[] {
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  return length > 2 * edge ? [...range(0, edge), -1, ...range(length - edge, length)] : range(0, length);
}

/** An element as a number; the host holds the bits of half-precision ones. */
function valueAt(dtype: DType, data: TypedArray, index: number): number {
  const value = data[index]!;
  if (!isHalf(dtype)) return value;
  if (dtype === 'bfloat16') return new Float32Array(Uint32Array.of(value << 16).buffer)[0]!;
  const [sign, exponent, fraction] = [value >> 15 ? -1 : 1, (value >> 10) & 31, value & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Each value by itself, all in one notation. */
function formatNumbers(values: readonly number[], dtype: DType): string[] {
  if (dtype === 'bool') return values.map((value) => (value === 0 ? 'false' : 'true'));
  if (!isFloat(dtype)) return values.map(String);
  const numbers = values.map(shortest);
  const exponents = needExponents(numbers);
  return numbers.map((value) => finite(value, () => (exponents ? value.toExponential() : trimmed(value.toFixed(DECIMALS)))));
}

/** All values with the same number of decimals, right-aligned. */
function formatColumns(values: readonly number[], dtype: DType): string[] {
  let texts = formatNumbers(values, dtype);
  if (isFloat(dtype)) {
    const decimals = Math.max(...texts.map((text) => /\.(\d+)/.exec(text)?.[1]!.length ?? 0));
    const numbers = values.map(shortest);
    const exponents = needExponents(numbers);
    texts = numbers.map((value) => finite(value, () => (exponents ? value.toExponential(decimals) : value.toFixed(decimals))));
  }
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

function needExponents(values: readonly number[]): boolean {
  return values.some((value) => Number.isFinite(value) && value !== 0 && (Math.abs(value) >= 1e8 || Math.abs(value) < 1e-5));
}

/** NaN and Infinity have one text; the sign of -0, which number formats drop, is kept. */
function finite(value: number, format: () => string): string {
  return Number.isFinite(value) ? (Object.is(value, -0) ? `-${format()}` : format()) : String(value);
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.?0+$/, '');
}
