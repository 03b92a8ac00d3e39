// Cutting boxes out of tensors and putting boxes into larger ones: each is the other's gradient.

import type { Rule } from '../autodiff/apply.ts';
import { apply, record } from '../autodiff/apply.ts';
import type { Check } from '../contract/checks.ts';
import * as check from '../contract/checks.ts';
import { ShapeError } from '../contract/errors.ts';
import type { Attrs, Pair } from '../contract/kernels.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions, checkValue } from '../contract/options.ts';
import type { Shape } from '../contract/shape.ts';
import { checkIsList, formatShape, normalizeAxes, normalizeAxis, sameShape, stridesOf } from '../contract/shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import { shown } from '../contract/shown.ts';
import { specOf } from '../contract/storage.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkWeak } from './binary.ts';
import { reshape } from './reshape.ts';

export const sliceKernel: KernelDefinition<'slice', Tensor> = defineKernel({
  name: 'slice',
  moves: true,
  infer: ({ x }, { begin, size, step }) => {
    const rank = x.shape.length;
    if (begin.length !== rank || size.length !== rank || step.length !== rank)
      throw new ShapeError(`slice: ${formatShape(x.shape)} needs a begin, size and step for each of ${rank} axes`);
    for (let i = 0; i < rank; i++) {
      const first = begin[i]!;
      const count = size[i]!;
      const last = first + (count - 1) * step[i]!;
      const inside = (at: number): boolean => Number.isInteger(at) && at >= 0 && at < x.shape[i]!;
      const valid = Number.isInteger(count) && step[i] !== 0 && (count === 0 || (count > 0 && inside(first) && inside(last)));
      if (!valid)
        throw new ShapeError(
          `slice: axis ${i}: ${count} elements from ${first} in steps of ${step[i]} do not lie in ${formatShape(x.shape)}`,
        );
    }
    return { y: specOf(x.dtype, size) };
  },
});

function checkWidths(op: string, shape: Shape, ...widths: readonly (readonly number[])[]): void {
  if (widths.every((list) => list.length === shape.length && list.every((count) => Number.isInteger(count) && count >= 0))) return;
  throw new ShapeError(
    `${op}: ${formatShape(shape)} needs integers >= 0 for each of ${shape.length} axes, got before ${shown(widths[0])}, after ${shown(widths[1])}`,
  );
}

export const padKernel: KernelDefinition<'pad', Tensor> = defineKernel({
  name: 'pad',
  moves: true,
  infer: ({ x }, { before, after, interior }) => {
    checkWidths('pad', x.shape, before, after, interior);
    return {
      y: specOf(
        x.dtype,
        x.shape.map((length, i) => before[i]! + length + Math.max(0, length - 1) * interior[i]! + after[i]!),
      ),
    };
  },
});

const sliceRule: Rule<'slice'> = {
  kernel: sliceKernel,
  save: [],
  gradient: ({ d, specs, attrs }) => ({ x: d.y && putBack(d.y, specs.x.shape, attrs) }),
};

const padRule: Rule<'pad'> = {
  kernel: padKernel,
  save: [],
  gradient: ({ d, specs, attrs }) => ({
    x: d.y && sliceBox(d.y, { begin: attrs.before, size: specs.x.shape, step: attrs.interior.map((count) => count + 1) }),
  }),
};

/** The gradient of a slice: zeros of `shape`, with dy where the slice was taken. */
function putBack(dy: Tensor, shape: Shape, { begin, size, step }: Attrs<'slice'>): Tensor {
  const backwards = step.flatMap((s, i) => (s < 0 ? [i] : []));
  const forward = backwards.length === 0 ? dy : flip(dy, backwards);
  // The lowest index that the slice takes along each axis.
  const before = shape.map((length, i) => (size[i] === 0 ? length : step[i]! < 0 ? begin[i]! + (size[i]! - 1) * step[i]! : begin[i]!));
  const interior = step.map((s) => Math.abs(s) - 1);
  const after = shape.map((length, i) => (size[i] === 0 ? 0 : length - before[i]! - 1 - (size[i]! - 1) * (interior[i]! + 1)));
  return apply(padRule, { x: forward }, { before, after, interior }, { value: 0 }, dy).y;
}

/** The elements of a box, given by attributes of the kernel. Private to core. */
export function sliceBox(x: Tensor, attrs: Attrs<'slice'>): Tensor {
  if (!x.backend.info.offsets || !isContiguous(x.shape, attrs)) return apply(sliceRule, { x }, attrs, NO_SCALARS, x).y;
  x.assertAlive('slice');
  const spec = sliceKernel.infer({ x }, attrs).y;
  if (sameShape(x.shape, spec.shape)) return reshape(x, x.shape);
  const strides = stridesOf(x.shape);
  const offset = attrs.begin.reduce((sum, first, i) => sum + first * strides[i]!, x.offset);
  return record(sliceRule, { x }, attrs, {}, { y: x.make(x.storage, spec.size === 0 ? x.offset : offset, spec) }).y;
}

/** Whether a slice is one run of memory: one index of each of the first axes, a range of the next axis, and all of the others. */
function isContiguous(shape: Shape, { size, step }: Attrs<'slice'>): boolean {
  let axis = 0;
  while (axis < shape.length && size[axis] === 1) axis++;
  for (let i = axis; i < shape.length; i++) if (step[i] !== 1 || (i > axis && size[i] !== shape[i])) return false;
  return true;
}

/**
 * A range along one axis: from `begin` to `end`, exclusive, in steps of `step` (default 1); by default the whole axis. Negative indices count
 * from the end.
 */
export interface Range {
  readonly begin?: number | undefined;
  readonly end?: number | undefined;
  readonly step?: number | undefined;
}

/**
 * A box of x: for each axis a number (one index; the axis is dropped), a range, or null for the whole axis. Axes not given are whole.
 * A range of rows is a view without a copy. Ranges are clamped to the axis, as in NumPy; single indices are not.
 * @throws ShapeError when there are more ranges than axes or an index is out of range
 */
export function slice(x: Tensor, ranges: readonly (number | Range | null)[]): Tensor {
  checkTensor('slice', x);
  checkIsList('slice', ranges, 'a list of ranges, one for each axis, e.g. [{ begin: 1 }, null, 0]');
  const rank = x.shape.length;
  if (ranges.length > rank) throw new ShapeError(`slice: ${ranges.length} ranges for the ${rank} axes of ${formatShape(x.shape)}`);
  const begin: number[] = [];
  const size: number[] = [];
  const step: number[] = [];
  const kept: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const length = x.shape[axis]!;
    const range = ranges[axis] ?? WHOLE;
    const [first, count, stride] =
      typeof range === 'number'
        ? [normalizeIndex(range, length, axis), 1, 1]
        : range === WHOLE
          ? [0, length, 1]
          : resolveRange(range, length);
    begin.push(first);
    size.push(count);
    step.push(stride);
    if (typeof range !== 'number') kept.push(count);
  }
  const box = sliceBox(x, { begin, size, step });
  return kept.length === rank ? box : reshape(box, kept);
}

const WHOLE: Range = {};
const INDEX: Check = { expected: 'an integer', accepts: Number.isInteger };
const RANGE: OptionChecks<Range> = {
  begin: INDEX,
  end: INDEX,
  step: { expected: 'an integer other than 0', accepts: (value) => Number.isInteger(value) && value !== 0 },
};

function normalizeIndex(index: number, length: number, axis: number): number {
  const normal = index < 0 ? index + length : index;
  if (!Number.isInteger(index) || normal < 0 || normal >= length)
    throw new ShapeError(`slice: index ${index} is out of range for axis ${axis} of length ${length}`);
  return normal;
}

function resolveRange(range: Range, length: number): [number, number, number] {
  checkOptions('slice', range, RANGE);
  const { begin, end, step = 1 } = range;
  const clamp = (index: number, low: number, high: number): number => Math.min(high, Math.max(low, index < 0 ? index + length : index));
  const forward = step > 0;
  const first = begin === undefined ? (forward ? 0 : length - 1) : clamp(begin, forward ? 0 : -1, forward ? length : length - 1);
  const last = end === undefined ? (forward ? length : -1) : clamp(end, forward ? 0 : -1, forward ? length : length - 1);
  const count = Math.max(0, Math.ceil((last - first) / step));
  return [count === 0 ? 0 : first, count, step];
}

/** x with the order of elements reversed along an axis or several (default: all). */
export function flip(x: Tensor, axis?: number | readonly number[]): Tensor {
  checkTensor('flip', x);
  const flipped = new Set(normalizeAxes('flip', axis, x.shape.length));
  return sliceBox(x, {
    begin: x.shape.map((length, i) => (flipped.has(i) && length > 0 ? length - 1 : 0)),
    size: x.shape,
    step: x.shape.map((_, i) => (flipped.has(i) ? -1 : 1)),
  });
}

/**
 * x with a border, filled with `value`.
 * @param widths so many elements on every side, or for each axis its `[before, after]`
 * @throws ShapeError unless the widths are integers >= 0, a pair for each axis
 */
export function pad(x: Tensor, widths: number | readonly Pair[], value: Scalar = 0): Tensor {
  checkTensor('pad', x);
  checkValue('pad', value, check.scalar, 'value');
  checkWeak('pad', x.dtype, value);
  const { before, after } = sidesOf('pad', x, widths);
  return padWithGaps(x, { before, after, interior: before.map(() => 0) }, value);
}

/** The widths of a border before and after each axis. @throws ShapeError unless they are integers >= 0, a pair for each axis */
export function sidesOf(op: string, { shape }: Tensor, widths: number | readonly Pair[]): { before: number[]; after: number[] } {
  const rank = shape.length;
  const pairs = typeof widths === 'number' ? shape.map((): Pair => [widths, widths]) : widths;
  checkIsList(op, pairs, 'a width or a list of [before, after]');
  if (pairs.length !== rank)
    throw new ShapeError(`${op}: ${formatShape(shape)} needs [before, after] for each of ${rank} axes, got ${pairs.length}`);
  const before: number[] = [];
  const after: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const pair = pairs[axis];
    checkIsList(op, pair, `[before, after] of axis ${axis}`);
    before.push(pair![0]);
    after.push(pair![1]);
  }
  checkWidths(op, shape, before, after);
  return { before, after };
}

/** Pads x, and also puts gaps between its elements, as the gradients of strided windows need. Private to core. */
export function padWithGaps(x: Tensor, attrs: Attrs<'pad'>, value: Scalar = 0): Tensor {
  return apply(padRule, { x }, attrs, { value }, x).y;
}

/** The lengths of parts, in a list of its own. */
function lengthsOf(parts: number | readonly number[], length: number): number[] {
  if (typeof parts !== 'number') {
    checkIsList('split', parts, 'a number of parts or a list of lengths');
    return [...parts];
  }
  checkValue('split', parts, check.count, 'parts');
  return length % parts === 0 ? Array.from({ length: parts }, () => length / parts) : [NaN];
}

/**
 * x cut along an axis into parts of equal length, or of the given lengths.
 * @throws ShapeError when the lengths do not add up to the axis
 */
export function split(x: Tensor, parts: number | readonly number[], axis = 0): Tensor[] {
  checkTensor('split', x);
  const at = normalizeAxis('split', axis, x.shape.length);
  const length = x.shape[at]!;
  const lengths = lengthsOf(parts, length);
  if (!lengths.every((part) => Number.isInteger(part) && part >= 0) || lengths.reduce((a, b) => a + b, 0) !== length) {
    throw new ShapeError(
      `split: axis ${axis} of ${formatShape(x.shape)} does not divide into ${typeof parts === 'number' ? `${parts} equal parts` : shown(parts)}`,
    );
  }
  let begin = 0;
  return lengths.map((part) => {
    const ranges = x.shape.map((_, i) => (i === at ? { begin, end: begin + part } : null));
    begin += part;
    return slice(x, ranges);
  });
}
