// Kernels that compute element by element, with their bias gradients, the steps of optimizers, and recurrent cells, on every engine. Lengths are near
// the sizes of vectors and of the parts that threads take. Tolerances are those of the testkit.

import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { BinaryOp, DType, KernelName, Shape, UnaryOp } from '@sinapse/core';
import type { Data, FuzzCall } from './fuzz.ts';
import { anyBits, dataOf, fuzz, FUZZ_TIMEOUT, movedDTypes, seeds, shapes } from './fuzz.ts';
import { conforming, uniform } from './tolerance.ts';

const RUNS = { quick: 80, full: 1500 };
/** For kernels whose tolerance takes longer to compute than the kernel. */
const FEWER = { quick: 15, full: 300 };

/** Lengths near vectors of 4, 8 and 16, and near COSTLY_GRAIN, FUNCTION_GRAIN and MEMORY_GRAIN of kernels/elementwise/loops.h and their multiples. */
const lengths = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 70 }) },
  { weight: 3, arbitrary: fc.integer({ min: 500, max: 4000 }) },
  { weight: 2, arbitrary: fc.constantFrom(4095, 4096, 4097, 8193, 12_289) },
  { weight: 2, arbitrary: fc.constantFrom(16_383, 16_384, 16_385, 32_771, 49_153) },
  { weight: 2, arbitrary: fc.constantFrom(65_535, 65_536, 65_537, 131_075) },
);
const vector = (length: number): readonly number[] => [length];
const anyShape: fc.Arbitrary<readonly number[]> = fc.oneof(lengths.map(vector), shapes(0, 4, 60_000));

/** Any bit patterns, or numbers of ordinary size. */
function values(dtype: DType, shape: Shape, seed: number): Data {
  return dtype === 'float32' && seed % 2 === 0 ? uniform(shape, seed, 8) : anyBits(dtype, shape, seed);
}

const FLOAT_OPS: readonly UnaryOp[] = [
  'neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'sigmoid', 'erf', 'erfc', 'isNaN',
]; // prettier-ignore
const unaries: fc.Arbitrary<FuzzCall> = fc
  .tuple(
    fc.constantFrom<readonly [UnaryOp, DType]>(
      ...FLOAT_OPS.map((op) => [op, 'float32'] as const),
      ...FLOAT_OPS.slice(0, 3).map((op) => [op, 'int32'] as const),
      ['not', 'bool'],
    ),
    anyShape,
    seeds,
  )
  .map(([[op, dtype], shape, seed]) => ({
    kernel: 'unary',
    in: { x: values(dtype, shape, seed) },
    out: { y: { dtype: op === 'isNaN' ? 'bool' : dtype, shape } },
    attrs: { op },
  }));

const ARITHMETIC: readonly BinaryOp[] = ['add', 'sub', 'mul', 'div', 'mod', 'pow', 'max', 'min'];
const COMPARISONS: readonly BinaryOp[] = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'];
const binaryOps: fc.Arbitrary<readonly [BinaryOp, DType]> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...ARITHMETIC), fc.constantFrom<DType>('float32', 'int32')) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...COMPARISONS), movedDTypes) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom<BinaryOp>('and', 'or', 'xor'), fc.constant<DType>('bool')) },
);
const resultOf = (op: BinaryOp, dtype: DType): DType => (ARITHMETIC.includes(op) ? dtype : 'bool');

/** Shapes of operands that broadcast to one shape: each axis may be stretched, and leading axes of length 1 may be left out. */
const operandsOf = (count: number): fc.Arbitrary<{ readonly shape: Shape; readonly operands: Shape[] }> =>
  anyShape.chain((drawn) =>
    fc
      .array(fc.tuple(fc.constantFrom(0, 0, 1, 2), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.boolean()), {
        minLength: count,
        maxLength: count,
      })
      .map((choices) => {
        const operands = choices.map(([stretches, where, shorter]) => {
          // Stretched along no axes, some, or all.
          const own = drawn.map((length, axis) => (stretches === 2 || (stretches === 1 && where[axis]) ? 1 : length));
          const first = own.findIndex((length) => length !== 1);
          return shorter ? own.slice(first < 0 ? own.length : first) : own;
        });
        const rank = Math.max(...operands.map((own) => own.length));
        // The longest length of each axis, or 0, to which 1 stretches.
        const shape = Array.from({ length: rank }, (_, axis) => {
          const all = operands.map((own) => own[axis - rank + own.length] ?? 1);
          return all.includes(0) ? 0 : Math.max(...all);
        });
        return { shape, operands };
      }),
  );

const binaries: fc.Arbitrary<FuzzCall> = fc.tuple(binaryOps, operandsOf(2), seeds).map(([[op, dtype], { shape, operands }, seed]) => ({
  kernel: 'binary',
  in: { a: values(dtype, operands[0], seed), b: values(dtype, operands[1], seed + 2) },
  out: { y: { dtype: resultOf(op, dtype), shape } },
  attrs: { op },
}));

const binaryScalars: fc.Arbitrary<FuzzCall> = fc
  .tuple(binaryOps, anyShape, seeds, fc.boolean(), fc.constantFrom(0, 1, -1, 2, -3, 0.5, -0.25, 7, 255, 46_341, 2 ** 100, Infinity, NaN))
  .map(([[op, dtype], shape, seed, reversed, value]) => ({
    kernel: 'binaryScalar',
    in: { x: values(dtype, shape, seed) },
    out: { y: { dtype: resultOf(op, dtype), shape } },
    attrs: { op, reversed },
    scalars: { value },
  }));

const selects: fc.Arbitrary<FuzzCall> = fc.tuple(movedDTypes, operandsOf(3), seeds).map(([dtype, { shape, operands }, seed]) => ({
  kernel: 'select',
  in: {
    condition: anyBits('bool', operands[0], seed),
    a: anyBits(dtype, operands[1], seed + 1),
    b: anyBits(dtype, operands[2], seed + 2),
  },
  out: { y: { dtype, shape } },
}));

const words = fc.oneof(fc.constantFrom(0, 1, 0x80000000, 0xffffffff), seeds);
const randomBits: fc.Arbitrary<FuzzCall> = fc.tuple(anyShape, words, words).map(([shape, keyLow, keyHigh]) => ({
  kernel: 'randomBits',
  in: {},
  out: { y: { dtype: 'int32', shape } },
  attrs: { shape },
  scalars: { keyLow, keyHigh },
}));

const dropouts: fc.Arbitrary<FuzzCall> = fc
  .tuple(anyShape, words, words, fc.constantFrom(0, 0.1, 0.5, 0.75, 0.999), seeds)
  .map(([shape, keyLow, keyHigh, rate, seed]) => ({
    kernel: 'dropout',
    in: { x: values('float32', shape, seed) },
    out: { y: { dtype: 'float32', shape } },
    scalars: { keyLow, keyHigh, rate },
  }));

/** Rows of channels: kernels join short rows and cut long ones. */
const rows = fc
  .record({
    channels: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 32, 33, 63, 64, 65, 127, 130, 513, 1000, 5000, 70_001)),
    rows: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(127, 128, 129, 257), fc.integer({ min: 500, max: 30_000 })),
    activation: fc.constantFrom('linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh'),
    alpha: fc.constantFrom(0.25, 0.3, 1.6),
    bias: fc.boolean(),
    seed: seeds,
  })
  .map((drawn) => ({ ...drawn, shape: [Math.max(1, Math.min(drawn.rows, Math.floor(140_000 / drawn.channels))), drawn.channels] }));

const biasActivations: fc.Arbitrary<FuzzCall> = rows.map(({ shape, channels, activation, alpha, bias, seed }) => ({
  kernel: 'biasActivation',
  in: { x: uniform(shape, seed, 8), ...(bias && { bias: uniform([channels], seed + 1) }) },
  out: { y: { dtype: 'float32', shape } },
  attrs: { activation },
  scalars: { alpha },
}));

const biasActivationGrads: fc.Arbitrary<FuzzCall> = rows.map(({ shape, channels, activation, alpha, bias, seed }) => ({
  kernel: 'biasActivationGrad',
  in: { y: uniform(shape, seed), dy: uniform(shape, seed + 1, 8) },
  out: { dx: { dtype: 'float32', shape }, dbias: { dtype: 'float32', shape: [bias ? channels : 0] } },
  attrs: { activation, bias },
  scalars: { alpha },
}));

describe('one by one', () => {
  it.each(Object.entries({ unaries, binaries, binaryScalars, selects, randomBits, dropouts }))(
    '%s',
    (_, calls) => fuzz(calls, conforming, RUNS)(),
    FUZZ_TIMEOUT,
  );
  it.each(Object.entries({ biasActivations, biasActivationGrads }))('%s', (_, calls) => fuzz(calls, conforming, FEWER)(), FUZZ_TIMEOUT);
});

/** Lengths near FUNCTION_GRAIN elements, a part of the work, which may hold many parameters, or begin and end within one. */
const parameterLengths = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 70 }) },
  { weight: 2, arbitrary: fc.integer({ min: 500, max: 4000 }) },
  { weight: 1, arbitrary: fc.constantFrom(16_383, 16_384, 16_385, 32_771) },
);
const parameters = fc.array(parameterLengths.map(vector), { minLength: 1, maxLength: 5 });
/** More parameters than the arguments of one call have room for. */
const manyParameters = fc.constant(Array.from({ length: 700 }, (_, i) => vector(i % 20)));
interface Step {
  readonly shapes: readonly Shape[];
  readonly skip: number | undefined;
  readonly weightDecay: number;
  readonly gradientScale: number | undefined;
  readonly seed: number;
  /** Whether there is a velocity, or a largest variance. */
  readonly slots: boolean;
  /** Whether there is Nesterov's momentum, or decoupled decay. */
  readonly flag: boolean;
}

const stepsOf = (of: fc.Arbitrary<(readonly number[])[]>): fc.Arbitrary<Step> =>
  fc.record({
    shapes: of,
    skip: fc.constantFrom(undefined, undefined, 0, 1),
    weightDecay: fc.constantFrom(0, 0.1),
    gradientScale: fc.constantFrom(undefined, 0.25),
    seed: seeds,
    slots: fc.boolean(),
    flag: fc.boolean(),
  });
const floats = (all: readonly Shape[]): { dtype: 'float32'; shape: Shape }[] => all.map((shape) => ({ dtype: 'float32', shape }));
const skipOf = (skip: number | undefined): FuzzCall['in'] => (skip === undefined ? {} : { skip: dataOf('bool', [], 0, () => skip) });
const scaleOf = (scale: number | undefined): FuzzCall['in'] =>
  scale === undefined ? {} : { gradientScale: dataOf('float32', [], 0, () => scale) };

const sgdSteps = (steps: fc.Arbitrary<Step>): fc.Arbitrary<FuzzCall> =>
  steps.map(({ shapes: all, skip, weightDecay, gradientScale, seed, slots, flag }) => ({
    kernel: 'sgdStep',
    in: {
      param: all.map((shape, i) => uniform(shape, seed + i)),
      grad: all.map((shape, i) => uniform(shape, seed + i + 1e4, 3)),
      ...(slots && { velocity: all.map((shape, i) => uniform(shape, seed + i + 2e4)) }),
      ...scaleOf(gradientScale),
      ...skipOf(skip),
    },
    out: { param: floats(all), velocity: slots ? floats(all) : [] },
    attrs: { nesterov: flag },
    scalars: { learningRate: 0.05, momentum: slots ? 0.9 : 0, weightDecay },
  }));

const adamSteps = (steps: fc.Arbitrary<Step>): fc.Arbitrary<FuzzCall> =>
  fc.tuple(steps, fc.constantFrom(1, 2, 1000)).map(([{ shapes: all, skip, weightDecay, gradientScale, seed, slots, flag }, step]) => {
    const squares = (from: number): Data[] =>
      all.map((shape, i) => dataOf('float32', shape, seed + i + from, (word) => 0.001 + word / 2 ** 30));
    return {
      kernel: 'adamStep',
      in: {
        param: all.map((shape, i) => uniform(shape, seed + i)),
        grad: all.map((shape, i) => uniform(shape, seed + i + 1e4, 3)),
        m: all.map((shape, i) => uniform(shape, seed + i + 2e4)),
        v: squares(3e4),
        ...(slots && { maxV: squares(4e4) }),
        ...scaleOf(gradientScale),
        ...skipOf(skip),
      },
      out: { param: floats(all), m: floats(all), v: floats(all), maxV: slots ? floats(all) : [] },
      attrs: { decoupled: flag },
      scalars: {
        learningRate: 0.05,
        weightDecay,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        correction1: 1 - 0.9 ** step,
        correction2: 1 - 0.999 ** step,
      },
    };
  });

describe.each(Object.entries({ sgdSteps, adamSteps }))('%s', (_, calls) => {
  it('of parameters of any size', fuzz(calls(stepsOf(parameters)), conforming, FEWER), FUZZ_TIMEOUT);
  it(
    'of more parameters than one call has room for',
    fuzz(calls(stepsOf(manyParameters)), conforming, { quick: 1, full: 10 }),
    FUZZ_TIMEOUT,
  );
});

/** States of up to 20,000 elements: several tasks of COSTLY_GRAIN, which begin in the middle of a row. */
const cells = fc
  .tuple(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(128, 1000)), lengths, seeds)
  .map(([batch, drawn, seed]) => {
    const units = Math.min(drawn, 20_000);
    return { batch: Math.max(1, Math.min(batch, Math.floor(20_000 / units))), units, seed };
  });

const cellCalls = (
  kernel: KernelName,
  gates: number,
  sums: readonly string[],
  states: readonly string[],
  out: Readonly<Record<string, 'sums' | 'state'>>,
) =>
  cells.map(({ batch, units, seed }): FuzzCall => {
    const shapeOf = { sums: [batch, gates * units], state: [batch, units] };
    return {
      kernel,
      in: Object.fromEntries([
        ...sums.map((name, i) => [name, uniform(shapeOf.sums, seed + i, 5)]),
        ...states.map((name, i) => [name, uniform(shapeOf.state, seed + 10 + i, 2)]),
      ]) as FuzzCall['in'],
      out: Object.fromEntries(Object.entries(out).map(([name, what]) => [name, { dtype: 'float32' as const, shape: shapeOf[what] }])),
    };
  });

const lstmCells = cellCalls('lstmCell', 4, ['gates'], ['c'], { h: 'state', next: 'state' });
const lstmCellGrads = cellCalls('lstmCellGrad', 4, ['gates'], ['c', 'dh', 'dnext'], { dgates: 'sums', dc: 'state' });
const gruCells = cellCalls('gruCell', 3, ['x', 'hidden'], ['h'], { next: 'state' });
const gruCellGrads = cellCalls('gruCellGrad', 3, ['x', 'hidden'], ['h', 'dnext'], { dx: 'sums', dhidden: 'sums', dh: 'state' });

describe('cells of recurrent networks', () => {
  it.each(Object.entries({ lstmCells, lstmCellGrads, gruCells, gruCellGrads }))(
    '%s',
    (_, calls) => fuzz(calls, conforming, FEWER)(),
    FUZZ_TIMEOUT,
  );
});
