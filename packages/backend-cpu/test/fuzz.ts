// Random calls of kernels on every engine that is built here, compared with the TypeScript reference.

import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import type { Backend, DType, KernelName, Shape, TypedArray, View } from '@sinapse/core';
import { BYTES, hostArray, sizeOf, specOf } from '@sinapse/core';
import { cpu } from '../src/index.ts';
import { fusedReference } from '@sinapse/backend-reference/fused';

export const FULL: boolean = process.env['SINAPSE_TEST_TIER'] === 'full';

const CANDIDATES = [
  { engine: 'native', instructionSet: 'avx512' },
  { engine: 'native', instructionSet: 'avx2' },
  { engine: 'native', instructionSet: 'sse2' },
  { engine: 'native', instructionSet: 'neon' },
  { engine: 'wasm', instructionSet: 'relaxed-simd' },
  { engine: 'wasm', instructionSet: 'simd128' },
] as const;

/** An engine with one thread (with two if the module for one is not built), and the same engine with three: they must give the same bits. */
export interface Engines {
  readonly name: string;
  readonly few: Backend;
  readonly many: Backend;
}

async function enginesHere(): Promise<Engines[]> {
  const found: Engines[] = [];
  for (const wish of CANDIDATES) {
    try {
      const options = { ...wish, poison: true };
      found.push({
        name: `${wish.engine} ${wish.instructionSet}`,
        few: await cpu({ ...options, threads: 1 }).catch(() => cpu({ ...options, threads: 2 })),
        many: await cpu({ ...options, threads: 3 }),
      });
    } catch (error) {
      if (/build it again|this package needs/.test(String(error))) throw error;
      // Not built, or not supported by this processor.
    }
  }
  return found;
}

/** Every engine that is built here and runs on this processor. */
export const engines: readonly Engines[] = await enginesHere();
const oracle = fusedReference({ precision: 'float64' });

/** A tensor's contents, outside any backend. */
export interface Data {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

type Slots<T> = Readonly<Record<string, T | readonly T[]>>;

export interface FuzzCall {
  readonly kernel: KernelName;
  readonly in: Slots<Data>;
  readonly out: Slots<{ readonly dtype: DType; readonly shape: Shape }>;
  readonly attrs?: object;
  readonly scalars?: Readonly<Record<string, number>>;
  /** Outputs by name, each written over the input named here. */
  readonly over?: Readonly<Record<string, string>>;
}

/** Elements on either side of a view that no kernel may touch: as many as a vector has. */
const GUARD = 16;

/** Runs a call on views that begin in the middle of their storages, `offset` elements after the guard; checks the elements around the outputs. */
function run(backend: Backend, call: FuzzCall, offset: number): TypedArray[] {
  const views: View[] = [];
  const makeView = ({ dtype, shape, data }: { dtype: DType; shape: Shape; data?: TypedArray }): View => {
    const spec = specOf(dtype, shape);
    const before = GUARD + offset;
    const view = { ...spec, storage: backend.allocate(specOf(dtype, [before + spec.size + GUARD])), offset: before };
    const whole = hostArray(dtype, before + spec.size + GUARD).fill(77);
    if (data !== undefined) whole.set(data, before);
    backend.write({ ...view, ...specOf(dtype, [whole.length]), offset: 0 }, whole);
    views.push(view);
    return view;
  };
  const makeViews = (slots: Slots<Omit<Data, 'data'>>): Record<string, View | View[]> =>
    Object.fromEntries(
      Object.entries(slots).map(([name, slot]) => [name, Array.isArray(slot) ? slot.map(makeView) : makeView(slot as Data)]),
    );
  const inputs = makeViews(call.in);
  const fresh = makeViews(call.out);
  const outputs = Object.fromEntries(Object.entries(fresh).map(([name, view]) => [name, inputs[call.over?.[name] ?? ''] ?? view]));
  const implementation = backend.kernels[call.kernel] as (call: unknown) => void;
  implementation({ in: inputs, out: outputs, attrs: call.attrs ?? {}, scalars: call.scalars ?? {} });
  const results = Object.values(outputs)
    .flat()
    .map((view) => {
      const whole = backend.readSync!({ ...view, ...specOf(view.dtype, [view.offset + view.size + GUARD]), offset: 0 });
      const around = [...whole.subarray(0, view.offset), ...whole.subarray(view.offset + view.size)];
      expect(
        around.every((value) => value === 77),
        'elements around the result',
      ).toBe(true);
      return whole.slice(view.offset, view.offset + view.size);
    });
  for (const view of views) backend.release(view.storage);
  return results;
}

function bitsOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Compares one output of a call, number `output` of all, with the reference's. */
export type Compare = (actual: TypedArray, expected: TypedArray, what: string, call: FuzzCall, output: number) => void;

/** The same numbers; zeros of either sign are equal, and so are all NaN. */
export const exactly: Compare = (actual, expected, what) => {
  const wrong = actual.findIndex((value, i) => value !== expected[i] && !(Number.isNaN(value) && Number.isNaN(expected[i])));
  if (wrong >= 0) expect.fail(`${what}, element ${wrong} of ${actual.length}: ${actual[wrong]}, expected ${expected[wrong]}`);
};

/** Floats may differ by a tolerance, absolute or relative to their size. */
export function within(tolerance: number): (actual: TypedArray, expected: TypedArray, what: string) => void {
  return (actual, expected, what) => {
    const wrong = actual.findIndex((value, i) => {
      const wanted = expected[i];
      if (value === wanted || (Number.isNaN(value) && Number.isNaN(wanted))) return false;
      return !(Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted)));
    });
    if (wrong >= 0) expect.fail(`${what}, element ${wrong} of ${actual.length}: ${actual[wrong]}, expected ${expected[wrong]}`);
  };
}

/**
 * The body of a test. Random calls give the reference's results on every engine (the reference computes in float64), and the same bits with one
 * thread as with three.
 */
export function fuzz(calls: fc.Arbitrary<FuzzCall>, compare: Compare, runs: { readonly quick: number; readonly full: number }): () => void {
  const property = fc.property(calls, fc.nat(3), (call, offset) => {
    const expected = run(oracle, call, offset);
    for (const { name, few, many } of engines) {
      const actual = run(few, call, offset);
      const other = run(many, call, offset);
      expected.forEach((each, output) => {
        compare(actual[output], each, `${name}, output ${output}`, call, output);
        expect(Buffer.compare(bitsOf(other[output]), bitsOf(actual[output])), `${name}: threads change the bits`).toBe(0);
      });
    }
  });
  return () => fc.assert(property, { seed: 1, numRuns: FULL ? runs.full : runs.quick });
}

/** Milliseconds for the full tier on a slow machine. */
export const FUZZ_TIMEOUT = 1_800_000;

afterAll(async () => {
  for (const { few, many } of engines) {
    await few.close();
    await many.close();
  }
});

/** Lengths near the sizes at which kernels cut work: vectors, blocks and tiles. */
const length = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 4, arbitrary: fc.constantFrom(15, 16, 17, 31, 33, 63, 64, 65, 100, 130) },
  { weight: 2, arbitrary: fc.integer({ min: 200, max: 3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 10_000, max: 200_000 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);

/** Shapes of at most `most` elements; longer axes are cut. */
export function shapes(minRank: number, maxRank: number, most = 400_000): fc.Arbitrary<number[]> {
  return fc.array(length, { minLength: minRank, maxLength: maxRank }).map((lengths) => {
    let left = most;
    return lengths.map((wanted) => {
      const cut = Math.min(wanted, left);
      left = Math.floor(left / Math.max(cut, 1));
      return cut;
    });
  });
}

/** Data computed by a function of random unsigned 32-bit words, which follow from `seed`. */
export function dataOf(dtype: DType, shape: Shape, seed: number, value: (word: number) => number): Data {
  const data = hostArray(dtype, sizeOf(shape));
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = value((Math.imul(state ^ (state >>> 16), 0x45d9f3b) ^ (state >>> 7)) >>> 0);
  }
  return { dtype, shape, data };
}

export const seeds: fc.Arbitrary<number> = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Any bits of a type, for kernels that only move values. */
export function anyBits(dtype: DType, shape: Shape, seed: number): Data {
  const { data } = dataOf('int32', [Math.ceil((sizeOf(shape) * BYTES[dtype]) / 4)], seed, (word) => word | 0);
  if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (data[i >> 2] >> (i & 3)) & 1) };
  const own = hostArray(dtype, 0).constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => TypedArray;
  return { dtype, shape, data: new own(data.buffer, 0, sizeOf(shape)) };
}

/** Small integers, whose sums are exact in float32 in any order. */
export function smallIntegers(dtype: DType, shape: Shape, seed: number): Data {
  return dataOf(dtype, shape, seed, (word) => (word % 17) - 8);
}

export const movedDTypes: fc.Arbitrary<DType> = fc.constantFrom<DType>('float32', 'int32', 'uint8', 'bool');
