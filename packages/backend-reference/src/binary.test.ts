import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DType, Shape } from '@sinapse/core';
import { sizeOf, stridesOf } from '@sinapse/core';
import { reference } from './index.ts';
import { arbitrary, bool, compute, float, inBothPrecisions, int, testRecorded, uint8 } from '../test/harness.ts';

testRecorded('binary');

/** The index of the element of `shape` that is used for element `index` of `target`. */
function stretchedIndex(shape: Shape, target: Shape, index: number): number {
  const strides = stridesOf(shape);
  const targetStrides = stridesOf(target);
  const missing = target.length - shape.length;
  return shape.reduce((at, length, axis) => {
    const position = Math.floor(index / targetStrides[axis + missing]) % target[axis + missing];
    return at + (length === 1 ? 0 : position * strides[axis]);
  }, 0);
}

/** A shape, and two that stretch to it: some lengths replaced by 1, some leading axes left out. */
const broadcastable = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((target) => {
  const operand = fc
    .tuple(fc.array(fc.boolean(), { minLength: target.length, maxLength: target.length }), fc.nat(target.length))
    .map(([ones, dropped]) => target.map((length, axis) => (ones[axis] ? 1 : length)).slice(dropped));
  return fc.tuple(operand, operand).map(([a, b]) => ({ a, b, target: stretch(a, b) }));
});

function stretch(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[a.length - rank + axis] ?? 1;
    const n = b[b.length - rank + axis] ?? 1;
    return m === 1 ? n : m;
  });
}

describe('broadcasting', () => {
  const backend = reference({ poison: true });

  it('combines the elements that NumPy would', () => {
    fc.assert(
      fc.property(broadcastable, ({ a, b, target }) => {
        const [x, y] = [arbitrary(a, 1), arbitrary(b, 2)];
        const expected = Array.from(
          { length: sizeOf(target) },
          (_, i) => x.data[stretchedIndex(a, target, i)] - y.data[stretchedIndex(b, target, i)],
        );
        expect(compute(backend, 'binary', { in: { a: x, b: y }, attrs: { op: 'sub' } }, 'float32', target)).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('selects among three shapes', () => {
    fc.assert(
      fc.property(broadcastable, ({ a, b, target }) => {
        const condition = bool(
          target.slice(-1),
          Array.from({ length: target.at(-1) ?? 1 }, (_, i) => i % 2),
        );
        const [x, y] = [arbitrary(a, 1), arbitrary(b, 2)];
        const expected = Array.from({ length: sizeOf(target) }, (_, i) =>
          condition.data[stretchedIndex(condition.shape, target, i)]
            ? x.data[stretchedIndex(a, target, i)]
            : y.data[stretchedIndex(b, target, i)],
        );
        expect(compute(backend, 'select', { in: { condition, a: x, b: y } }, 'float32', target)).toEqual(expected);
      }),
      { seed: 1 },
    );
  });
});

inBothPrecisions((backend, precision) => {
  it.each<[op: string, y: number[]]>([
    ['and', [0, 0, 0, 1]],
    ['or', [0, 1, 1, 1]],
    ['xor', [0, 1, 1, 0]],
    ['equal', [1, 0, 0, 1]],
    ['less', [0, 1, 0, 0]],
  ])('%s of bool', (op, y) => {
    const inputs = { a: bool([4], [0, 0, 1, 1]), b: bool([4], [0, 1, 0, 1]) };
    expect(compute(backend, 'binary', { in: inputs, attrs: { op } }, 'bool', [4])).toEqual(y);
  });

  it('compares uint8', () => {
    const call = { in: { a: uint8([3], [200, 7, 0]), b: uint8([1], [7]) }, attrs: { op: 'greaterEqual' } };
    expect(compute(backend, 'binary', call, 'bool', [3])).toEqual([1, 1, 0]);
  });

  it.each<[DType, op: string]>([
    ['float32', 'and'],
    ['bool', 'add'],
    ['uint8', 'mul'],
  ])('refuses %s %s', (dtype, op) => {
    const operand = { dtype, shape: [1], data: [1] };
    expect(() => compute(backend, 'binary', { in: { a: operand, b: operand }, attrs: { op } }, dtype, [1])).toThrow(
      `${op} is not defined on ${dtype}`,
    );
  });

  describe('binaryScalar', () => {
    const scalar = (op: string, reversed: boolean, x: ReturnType<typeof float>, value: number, dtype: DType = x.dtype): readonly number[] =>
      compute(backend, 'binaryScalar', { in: { x }, attrs: { op, reversed }, scalars: { value } }, dtype, x.shape);

    it('puts the number on either side', () => {
      expect(scalar('sub', false, float([2], [5, 7]), 2)).toEqual([3, 5]);
      expect(scalar('sub', true, float([2], [5, 7]), 2)).toEqual([-3, -5]);
      expect(scalar('div', true, int([2], [5, -7]), 36)).toEqual([7, -5]);
      expect(scalar('less', false, uint8([3], [1, 2, 3]), 2, 'bool')).toEqual([1, 0, 0]);
      expect(scalar('xor', false, bool([2], [0, 1]), 1)).toEqual([1, 0]);
    });

    it("rounds the number to x's precision first", () => {
      const round = precision === 'float32' ? Math.fround : (value: number) => value;
      expect(scalar('mul', false, float([1], [3]), 0.1)).toEqual([round(3 * round(0.1))]);
      expect(scalar('equal', false, float([1], [0.1]), 0.1, 'bool')).toEqual([1]);
    });
  });
});
