// Runs one kernel on values. A kernel that the reference has is called directly through the Backend interface, on views that begin in the middle
// of a storage. A derived kernel that it lacks runs as its lowering.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Backend, DType, KernelDefinition, KernelName, Shape, Tensor, View } from '@sinapse/core';
import { dispatch, kernelDefinitions, makerOn, scope, sizeOf, specOf, writeAt } from '@sinapse/core';
import { reference, type ReferencePrecision } from '../src/index.ts';

/** A tensor's contents, outside of any backend. */
export interface Values {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: readonly number[];
}

type Slots<T> = Readonly<Record<string, T | readonly T[]>>;

/** The arguments of a kernel call; `out` says which outputs to allocate. */
export interface Call {
  readonly in?: Slots<Values>;
  readonly out: Slots<Pick<Values, 'dtype' | 'shape'>>;
  readonly attrs?: object;
  readonly scalars?: Readonly<Record<string, number>>;
}

export function float(shape: Shape, data: readonly number[]): Values {
  return { dtype: 'float32', shape, data };
}

export function int(shape: Shape, data: readonly number[]): Values {
  return { dtype: 'int32', shape, data };
}

export function uint8(shape: Shape, data: readonly number[]): Values {
  return { dtype: 'uint8', shape, data };
}

export function bool(shape: Shape, data: readonly number[]): Values {
  return { dtype: 'bool', shape, data };
}

/** Multiples of 1/8 in [-2, 2), the same every time. */
export function arbitrary(shape: Shape, seed = 1): Values {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0);
  return float(
    shape,
    Array.from({ length: sizeOf(shape) }, () => ((next() >>> 16) % 32) / 8 - 2),
  );
}

/** How many elements lie around a view, which no kernel may touch. */
const BEFORE = 3;
const AFTER = 2;
const GUARD = 77;

function allocate(backend: Backend, dtype: DType, shape: Shape, data: readonly number[] | undefined): View {
  const spec = specOf(dtype, shape);
  const whole = specOf(dtype, [BEFORE + spec.size + AFTER]);
  const view: View = { ...spec, storage: backend.allocate(whole), offset: BEFORE };
  const guards = { ...whole, storage: view.storage };
  for (const offset of [0, BEFORE + spec.size]) {
    backend.write({ ...guards, shape: [2], size: 2, offset }, new Uint8Array(2).fill(GUARD));
  }
  backend.write({ ...guards, shape: [1], size: 1, offset: 2 }, new Uint8Array(1).fill(GUARD));
  if (data !== undefined) backend.write(view, Float64Array.from(data));
  return view;
}

function take(backend: Backend, view: View): Values {
  const size = BEFORE + view.size + AFTER;
  const whole = [...backend.readSync!({ ...view, shape: [size], size, offset: 0 })];
  const data = whole.slice(BEFORE, BEFORE + view.size);
  expect([...whole.slice(0, BEFORE), ...whole.slice(BEFORE + view.size)], 'elements around the view').toEqual(
    Array(BEFORE + AFTER).fill(GUARD),
  );
  return { dtype: view.dtype, shape: view.shape, data };
}

function mapSlots<T, U>(slots: Slots<T>, map: (value: T) => U): Slots<U> {
  return Object.fromEntries(
    Object.entries(slots).map(([name, slot]) => [name, Array.isArray(slot) ? (slot as readonly T[]).map(map) : map(slot as T)]),
  );
}

/** Runs a kernel and returns its outputs. */
export function run(backend: Backend, kernel: KernelName, call: Call): Slots<Values> {
  return backend.kernels[kernel] === undefined ? runLowering(backend, kernel, call) : runKernel(backend, kernel, call);
}

function runLowering(backend: Backend, kernel: KernelName, { in: inputs = {}, attrs = {}, scalars = {} }: Call): Slots<Values> {
  const definition = kernelDefinitions[kernel] as unknown as KernelDefinition<'unary', Tensor>;
  return scope(() => {
    const tensors = mapSlots(inputs, ({ dtype, shape, data }) => writeAt(makerOn(backend), specOf(dtype, shape), Float64Array.from(data)));
    const outputs: object = dispatch(definition, tensors as never, attrs as never, scalars as never, makerOn(backend));
    return mapSlots(outputs as Slots<Tensor>, (y): Values => ({ dtype: y.dtype, shape: y.shape, data: [...y.dataSync()] }));
  });
}

/** Runs the kernel, and checks that nothing around the outputs and no input changed. */
function runKernel(backend: Backend, kernel: KernelName, call: Call): Slots<Values> {
  const inputs = mapSlots(call.in ?? {}, ({ dtype, shape, data }) => allocate(backend, dtype, shape, data));
  const before = mapSlots(inputs, (view) => take(backend, view));
  const outputs = mapSlots(call.out, ({ dtype, shape }) => allocate(backend, dtype, shape, undefined));
  const implementation = backend.kernels[kernel] as (call: unknown) => void;
  implementation({ in: inputs, out: outputs, attrs: call.attrs ?? {}, scalars: call.scalars ?? {} });
  for (const [name, view] of Object.entries(inputs)) {
    const unchanged = [before[name]].flat();
    [view].flat().forEach((each, i) => expectClose(take(backend, each).data, unchanged[i].data, EXACT, `input ${name}`));
  }
  const result = mapSlots(outputs, (view) => take(backend, view));
  for (const view of [...Object.values(inputs).flat(), ...Object.values(outputs).flat()]) backend.release(view.storage);
  return result;
}

/** The data of a kernel's only output. */
export function compute(
  backend: Backend,
  kernel: KernelName,
  call: Omit<Call, 'out'>,
  dtype: DType,
  shape: Shape,
  output = 'y',
): readonly number[] {
  return (run(backend, kernel, { ...call, out: { [output]: { dtype, shape } } })[output] as Values).data;
}

/** An element may be off by `relative` times its size plus `absolute`. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

export const EXACT: Tolerance = { relative: 0, absolute: 0 };
/** One unit in the last place of a float32: the most by which a float64 sum, rounded once, may differ from the rounded exact sum. */
export const ONE_ULP: Tolerance = { relative: 2 ** -23, absolute: 2 ** -149 };
/** For a lowering in float32, which rounds after every op. It only shows that the lowering runs; the testkit has sharp bounds. */
const ROUNDED_OFTEN: Tolerance = { relative: 1e-5, absolute: 1e-5 };
export const DOUBLE: Tolerance = { relative: 1e-12, absolute: 1e-14 };

export function expectClose(actual: readonly number[], expected: readonly number[], { relative, absolute }: Tolerance, what = ''): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i];
    if (value === wanted || (Number.isNaN(value) && Number.isNaN(wanted))) return;
    if (Math.abs(value - wanted) <= relative * Math.abs(wanted) + absolute) return;
    expect.fail(`${what}: element ${i} is ${value}, expected ${wanted}`);
  });
}

interface RecordedCase {
  readonly name: string;
  readonly kernel: KernelName;
  readonly in: Readonly<Record<string, string>>;
  readonly attrs: object;
  readonly scalars: Readonly<Record<string, number>>;
  readonly out: Readonly<Record<string, string>>;
}

export function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

/** An array of a fixture: dtype, shape and elements, `float32 [2,2] 1 -0 NaN 0.5`. */
export function parse(text: string): Values {
  const [dtype, shape, ...elements] = text.split(' ');
  return { dtype: dtype as DType, shape: JSON.parse(shape) as number[], data: elements.map(Number) };
}

/** Both precisions of the reference, with poisoned memory. */
export function inBothPrecisions(test: (backend: Backend, precision: ReferencePrecision) => void): void {
  for (const precision of ['float32', 'float64'] as const) {
    describe(`in ${precision}`, () => {
      test(reference({ precision, poison: true }), precision);
    });
  }
}

/** One test for each case that fixtures/record.py wrote to a file: of kernels of the reference, and of lowerings. */
export function testRecorded(file: string): void {
  const { origin, cases } = readFixture(file) as { origin: string; cases: readonly RecordedCase[] };
  describe(`as recorded by ${origin}`, () => {
    const { kernels } = reference();
    inBothPrecisions((backend, precision) => {
      it.each(cases.map((each) => [each.kernel, each.name, each] as const))('%s: %s', (kernel, _, each) => {
        const expected = mapSlots(each.out, parse) as Readonly<Record<string, Values>>;
        const actual = run(backend, kernel, { in: mapSlots(each.in, parse), attrs: each.attrs, scalars: each.scalars, out: expected });
        for (const [name, { dtype, data }] of Object.entries(expected)) {
          const got = (actual[name] as Values).data;
          if (dtype !== 'float32') expectClose(got, data, EXACT, name);
          else if (precision === 'float64') expectClose(got, data, DOUBLE, name);
          else if (kernels[kernel] !== undefined) expectClose(got, data.map(Math.fround), ONE_ULP, name);
          else expectClose(got, data.map(Math.fround), ROUNDED_OFTEN, name);
        }
      });
    });
  });
}
