// Random element-wise programs on every engine give the same bits as their ops run one by one with that engine's kernels.

import { afterAll, describe, expect, it } from 'vitest';
import type { Backend, BinaryOp, DType, Instruction, Program, Shape, TypedArray, UnaryOp, View } from '@sinapse/core';
import { hostArray, sizeOf, specOf, typesOf } from '@sinapse/core';
import { engines, FULL } from './fuzz.ts';

const FLOAT_UNARY: readonly UnaryOp[] = [
  'neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'sigmoid', 'erf', 'erfc', 'isNaN',
]; // prettier-ignore
const ARITHMETIC: readonly BinaryOp[] = ['add', 'sub', 'mul', 'div', 'mod', 'pow', 'max', 'min'];
const PLAIN = ['add', 'sub', 'mul', 'div', 'max', 'min', 'neg', 'abs', 'sqrt'] as const;
const COMPARISONS: readonly BinaryOp[] = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'];
const LOGIC: readonly BinaryOp[] = ['and', 'or', 'xor'];
const DTYPES = ['float32', 'int32', 'uint8', 'bool'] as const;

/** Numbers in [0, n), the same in every run. */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1);
  }
  word(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return (Math.imul(this.state ^ (this.state >>> 16), 0x45d9f3b) ^ (this.state >>> 7)) >>> 0;
  }
  below(n: number): number {
    return this.word() % n;
  }
  from<T>(all: readonly T[]): T {
    return all[this.below(all.length)];
  }
}

/** Infinities, NaN, zeros of both signs, denormals, the ends of the ranges, and ordinary numbers. */
const SPECIAL: Readonly<Record<(typeof DTYPES)[number], readonly number[]>> = {
  float32: [Infinity, -Infinity, NaN, 0, -0, 1e-42, -3e-45, 1.1754942e-38, 3.4e38, -3.4e38, 1, -1, 2, 0.5, 88.7, -104, 2147483648, 8388609],
  int32: [0, 1, -1, 2, -2147483648, 2147483647, 65536, -7],
  uint8: [0, 1, 2, 127, 128, 255],
  bool: [0, 1],
};

function someNumber(random: Random, dtype: DType): number {
  if (random.below(4) === 0) return random.from(SPECIAL[dtype as 'float32']);
  const word = random.word();
  if (dtype === 'float32') return Math.fround((word / 2 ** 31 - 1) * 2 ** (random.below(9) - 4));
  return dtype === 'int32' ? (random.below(2) === 0 ? word | 0 : (word % 41) - 20) : dtype === 'uint8' ? word & 255 : word & 1;
}

function data(random: Random, dtype: DType, shape: Shape): TypedArray {
  const all = hostArray(dtype, sizeOf(shape));
  for (let i = 0; i < all.length; i++) all[i] = someNumber(random, dtype);
  return all;
}

function randomProgram(random: Random): Program {
  const plain = random.below(3) === 0; // only float32 arithmetic, like an optimizer's step
  const dtypes: DType[] = Array.from({ length: 1 + random.below(4) }, () => (plain ? 'float32' : random.from(['float32', ...DTYPES])));
  const inputs = [...dtypes];
  const scalars = Array.from({ length: random.below(3) }, (_, i) => {
    const dtype: DType = plain ? 'float32' : random.from(['float32', 'float32', 'int32', 'bool']);
    dtypes.push(dtype);
    return { name: `s${i}`, dtype };
  });
  const instructions: Instruction[] = [];
  const add = (instruction: Instruction, dtype: DType): void => void (instructions.push(instruction), dtypes.push(dtype));
  /** A value of a dtype, preferably a late one; undefined if there is none. */
  const pick = (dtype: DType): number | undefined => {
    const all = dtypes.flatMap((each, i) => (each === dtype ? [i] : []));
    return random.below(2) === 0 ? all.at(-1) : all.length === 0 ? undefined : random.from(all);
  };
  const count = 1 + random.below(random.below(8) === 0 ? 60 : 12);
  for (let tries = 0; instructions.length < count && tries < 500; tries++) {
    const dtype: DType = plain ? 'float32' : random.from(['float32', ...DTYPES]);
    const [a, b, condition] = [pick(dtype), pick(dtype), pick('bool')];
    const kind = random.below(plain ? 10 : 16);
    if (kind === 9) add({ op: 'constant', of: [], value: someNumber(random, dtype), dtype }, dtype);
    if (a === undefined || b === undefined || kind === 9) continue;
    if (kind < 5 && dtype === 'float32') {
      const op = random.from(PLAIN);
      if (op === 'neg' || op === 'abs' || op === 'sqrt') add({ op, of: [a] }, dtype);
      else add({ op, of: [a, b] }, dtype);
    } else if (kind < 9) {
      if (dtype === 'float32' && random.below(2) === 0) {
        const op = random.from(plain ? FLOAT_UNARY.slice(0, -1) : FLOAT_UNARY);
        add({ op, of: [a] }, op === 'isNaN' ? 'bool' : dtype);
      } else if (dtype === 'float32' || dtype === 'int32') add({ op: random.from(ARITHMETIC), of: [a, b] }, dtype);
      else if (dtype === 'bool') add(random.below(3) === 0 ? { op: 'not', of: [a] } : { op: random.from(LOGIC), of: [a, b] }, dtype);
    } else if (kind === 10 && dtype === 'int32') add({ op: random.from(['neg', 'abs', 'sign'] as const), of: [a] }, dtype);
    else if (kind < 12) add({ op: random.from(COMPARISONS), of: [a, b] }, 'bool');
    else if (kind < 14) {
      const to = random.from(DTYPES);
      add({ op: 'cast', of: [a], dtype: to }, to);
    } else if (condition !== undefined) add({ op: 'select', of: [condition, a, b] }, dtype);
  }
  const outputs = Array.from({ length: 1 + random.below(3) }, () =>
    random.below(6) === 0 ? random.below(dtypes.length) : dtypes.length - 1 - random.below(Math.min(4, dtypes.length)),
  );
  return { inputs, scalars, instructions, outputs };
}

/** A shape that broadcasts to another. */
function operandShape(random: Random, target: Shape): Shape {
  const kind = random.below(6);
  if (kind < 2) return target;
  if (kind === 2) return random.from([[], target.map(() => 1)]);
  const own = target.map((length) => (random.below(2) === 0 ? 1 : length));
  if (kind === 3) return own;
  return kind === 4 ? target.slice(random.below(target.length + 1)) : own.slice(random.below(target.length + 1));
}

const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 130, 255, 256, 257, 300, 1000];
function randomShape(random: Random): Shape {
  const rank = random.below(4);
  const shape = Array.from({ length: rank }, () =>
    random.below(30) === 0 ? 0 : random.from(LENGTHS.slice(0, rank === 1 ? undefined : 18)),
  );
  if (random.below(12) === 0) return [random.from([4095, 4096, 4097, 16_385, 70_001])];
  while (sizeOf(shape) > 20_000) shape[shape.indexOf(Math.max(...shape))] = 3;
  return shape;
}

/** A backend's views, made and released together; each is in the middle of its storage. */
class Bench {
  readonly backend: Backend;
  private readonly views: View[] = [];
  private readonly offset: number;

  constructor(backend: Backend, offset: number) {
    this.backend = backend;
    this.offset = offset;
  }
  make(dtype: DType, shape: Shape, values?: TypedArray): View {
    const spec = specOf(dtype, shape);
    const length = this.offset + spec.size + 16;
    const storage = this.backend.allocate(specOf(dtype, [length]));
    this.backend.write({ ...specOf(dtype, [length]), storage, offset: 0 }, hostArray(dtype, length).fill(77));
    const view = { ...spec, storage, offset: this.offset };
    if (values !== undefined) this.backend.write(view, values);
    this.views.push(view);
    return view;
  }
  /** Returns the elements, after checking that those around them are unchanged. */
  read(view: View): TypedArray {
    const length = this.offset + view.size + 16;
    const whole = this.backend.readSync!({ ...view, ...specOf(view.dtype, [length]), offset: 0 });
    const around = [...whole.subarray(0, this.offset), ...whole.subarray(this.offset + view.size)];
    if (around.some((value) => value !== 77)) throw new Error('a kernel wrote beyond its result');
    return whole.slice(this.offset, this.offset + view.size);
  }
  close(): void {
    for (const { storage } of this.views) this.backend.release(storage);
  }
}

/** The outputs of one item, computed with a kernel for each instruction. Numbers go to binaryScalar if the other operand is a tensor. */
function oneByOne(bench: Bench, program: Program, inputs: readonly View[], scalars: Readonly<Record<string, number>>): View[] {
  const { kernels } = bench.backend;
  const { shape } = inputs[0];
  const whole = (x: View): View => {
    const y = bench.make(x.dtype, shape);
    kernels.broadcastTo({ in: { x }, out: { y }, attrs: { shape }, scalars: {} });
    return y;
  };
  const values: (View | { readonly dtype: DType; readonly value: number })[] = [
    ...inputs,
    ...program.scalars.map(({ name, dtype }) => ({ dtype, value: scalars[name] })),
  ];
  const tensor = (value: number): View => {
    const each = values[value];
    if ('storage' in each) return each;
    const y = bench.make(each.dtype, shape);
    kernels.fill({ in: {}, out: { y }, attrs: { dtype: each.dtype, shape }, scalars: { value: each.value } });
    return y;
  };
  for (const instruction of program.instructions) {
    const { op } = instruction;
    if (op === 'constant') {
      values.push({ dtype: instruction.dtype, value: instruction.value });
      continue;
    }
    const operands = instruction.of.map((operand) => values[operand]);
    const boolean = op === 'isNaN' || COMPARISONS.includes(op as BinaryOp);
    const dtype = boolean ? 'bool' : op === 'cast' ? instruction.dtype : operands[op === 'select' ? 1 : 0].dtype;
    let y = bench.make(dtype, shape);
    const none = { attrs: {}, scalars: {} };
    if (op === 'select') {
      const [condition, a, b] = instruction.of.map(tensor);
      kernels.select({ in: { condition, a, b }, out: { y }, ...none });
    } else if (op === 'cast') {
      if (operands[0].dtype === dtype) y = whole(tensor(instruction.of[0]));
      else kernels.cast({ in: { x: whole(tensor(instruction.of[0])) }, out: { y }, attrs: { dtype }, scalars: {} });
    } else if (instruction.of.length === 1) {
      kernels.unary({ in: { x: whole(tensor(instruction.of[0])) }, out: { y }, attrs: { op: op as UnaryOp }, scalars: {} });
    } else {
      const [a, b] = operands;
      const attrs = { op: op as BinaryOp };
      if ('value' in b && 'storage' in a) {
        kernels.binaryScalar!({ in: { x: whole(a) }, out: { y }, attrs: { ...attrs, reversed: false }, scalars: { value: b.value } });
      } else if ('value' in a && 'storage' in b) {
        kernels.binaryScalar!({ in: { x: whole(b) }, out: { y }, attrs: { ...attrs, reversed: true }, scalars: { value: a.value } });
      } else if ('value' in b) {
        kernels.binaryScalar!({
          in: { x: tensor(instruction.of[0]) },
          out: { y },
          attrs: { ...attrs, reversed: false },
          scalars: { value: b.value },
        });
      } else kernels.binary({ in: { a: tensor(instruction.of[0]), b: tensor(instruction.of[1]) }, out: { y }, attrs, scalars: {} });
    }
    values.push(y);
  }
  return program.outputs.map((value) => whole(tensor(value)));
}

/** Expects the same bits, but any NaN equals any other: which operand's NaN comes through is not specified. */
function expectSame(actual: TypedArray, expected: TypedArray, what: string): void {
  const wrong = actual.findIndex((value, i) => !Object.is(value, expected[i]));
  if (wrong >= 0) expect.fail(`${what}, element ${wrong} of ${actual.length}: ${actual[wrong]}, one by one ${expected[wrong]}`);
}

interface Case {
  readonly program: Program;
  readonly items: number;
  readonly shared: number;
  /** For each item and slot, its contents; for each output, the input slot whose tensor it is. */
  readonly contents: readonly (readonly { readonly shape: Shape; readonly data: TypedArray }[])[];
  readonly over: readonly (readonly (number | undefined)[])[];
  readonly scalars: Readonly<Record<string, number>>;
}

function randomCase(random: Random, program = randomProgram(random), items = random.below(3) === 0 ? 1 + random.below(12) : 1): Case {
  const slots = program.inputs.length;
  const shared = random.below(3) === 0 ? random.below(slots) : 0;
  const sharedShapes = program.inputs.map((): Shape => (random.below(2) === 0 ? [] : [random.from([1, 3, 16])]));
  const common = program.inputs.map((dtype, slot) => data(random, dtype, sharedShapes[slot]));
  const dtypes = typesOf(program);
  const contents = Array.from({ length: items }, () => {
    let shape = randomShape(random);
    if (shared > 0)
      shape = [...shape.slice(0, 2), sizeOf(shape) === 0 ? 0 : 1].map((length, i, all) =>
        i === all.length - 1 ? lastOf(sharedShapes, slots - shared, length) : length,
      );
    return program.inputs.map((dtype, slot) => {
      if (slot >= slots - shared) return { shape: sharedShapes[slot], data: common[slot] };
      const own = slot === 0 ? shape : operandShape(random, shape);
      return { shape: own, data: data(random, dtype, own) };
    });
  });
  const over = contents.map((item) => {
    const taken = new Set<number>();
    return program.outputs.map((value) => {
      const slot = random.below(slots - shared);
      const fits = program.inputs[slot] === dtypes[value] && String(item[slot].shape) === String(item[0].shape);
      if (!fits || taken.has(slot) || random.below(3) === 0) return undefined;
      taken.add(slot);
      return slot;
    });
  });
  return {
    program,
    items,
    shared,
    contents,
    over,
    scalars: Object.fromEntries(
      program.scalars.map(({ name, dtype }) => [
        name,
        random.below(5) === 0 ? 2 : dtype === 'bool' ? random.below(2) : someNumber(random, dtype),
      ]),
    ),
  };
}

/** The length of the last axis of items whose shared inputs have these shapes: all of them broadcast to it. */
function lastOf(shapes: readonly Shape[], first: number, otherwise: number): number {
  if (otherwise === 0) return 0;
  const lengths = new Set(shapes.slice(first).map((shape) => shape[0] ?? 1));
  return Math.max(...lengths);
}

function runCase(
  backend: Backend,
  { program, items, shared, contents, over, scalars }: Case,
  offset: number,
): { fused: TypedArray[]; expected: TypedArray[] } {
  const bench = new Bench(backend, offset);
  const make = (): View[][] => {
    const common = program.inputs.map((dtype, slot) =>
      slot < program.inputs.length - shared ? undefined : bench.make(dtype, contents[0][slot].shape, contents[0][slot].data),
    );
    return contents.map((item) => item.map((each, slot) => common[slot] ?? bench.make(program.inputs[slot], each.shape, each.data)));
  };
  const dtypes = typesOf(program);
  const one = make().map((inputs) => oneByOne(bench, program, inputs, scalars).map((view) => bench.read(view)));
  const inputs = make();
  const slotMajor = program.inputs.flatMap((_, slot) =>
    slot < program.inputs.length - shared ? inputs.map((item) => item[slot]) : [inputs[0][slot]],
  );
  const ys = program.outputs.flatMap((value, output) =>
    inputs.map((item, i) => {
      const slot = over[i][output];
      return slot === undefined ? bench.make(dtypes[value], item[0].shape) : item[slot];
    }),
  );
  const elementwise = backend.kernels.elementwise!;
  elementwise({ in: { xs: slotMajor }, out: { ys }, attrs: { program, items, shared }, scalars });
  const fused = ys.map((view) => bench.read(view));
  // Inputs that no output overwrites are unchanged.
  inputs.forEach((item, i) =>
    item.forEach((view, slot) => {
      if (!over[i].includes(slot)) expectSame(bench.read(view), contents[i][slot].data, `input ${slot} of item ${i}`);
    }),
  );
  bench.close();
  return { fused, expected: program.outputs.flatMap((_, output) => one.map((item) => item[output])) };
}

function check(each: Case, what: string, offset: number): void {
  for (const { name, few, many } of engines) {
    const { fused, expected } = runCase(few, each, offset);
    const where = `${what} on ${name}: ${JSON.stringify(each.program)}, output`;
    fused.forEach((actual, i) => expectSame(actual, expected[i], `${where} ${i}`));
    runCase(many, each, offset).fused.forEach((actual, i) => expectSame(actual, expected[i], `${where} ${i}, three threads`));
  }
}

describe('a program gives the bits of its ops one by one', () => {
  it('random ones', { timeout: 600_000 }, () => {
    for (let seed = 0; seed < (FULL ? 5000 : 120); seed++) {
      const random = new Random(seed);
      check(randomCase(random), `seed ${seed}`, random.below(4));
    }
  });

  it('of 1,500 instructions, more than the arguments have room for', () => {
    const instructions = Array.from({ length: 1500 }, (_, i): Instruction => ({
      op: i % 2 === 0 ? 'add' : 'mul',
      of: [i + 1, i % 3 === 0 ? 0 : 1],
    }));
    check(randomCase(new Random(1), { inputs: ['float32', 'float32'], scalars: [], instructions, outputs: [1501] }, 1), 'long', 0);
  });

  it('for 900 items', () => {
    const program: Program = {
      inputs: ['float32', 'float32'],
      scalars: [{ name: 'rate', dtype: 'float32' }],
      instructions: [{ op: 'mul', of: [1, 2] }, { op: 'sub', of: [0, 3] }],
      outputs: [4],
    }; // prettier-ignore
    const random = new Random(2);
    const contents = Array.from({ length: 900 }, (_, i) =>
      [0, 1].map(() => ({ shape: [i % 20], data: data(random, 'float32', [i % 20]) })),
    );
    const over = contents.map(() => [0]);
    check({ program, items: 900, shared: 0, contents, over, scalars: { rate: 0.1 } }, 'many items', 0);
  });

  it('exchanging two tensors in place', () => {
    const program: Program = { inputs: ['float32', 'float32'], scalars: [], instructions: [], outputs: [1, 0] };
    const random = new Random(3);
    const contents = [[0, 1].map(() => ({ shape: [300], data: data(random, 'float32', [300]) }))];
    check({ program, items: 1, shared: 0, contents, over: [[0, 1]], scalars: {} }, 'exchange', 0);
  });
});

afterAll(async () => {
  for (const { few, many } of engines) {
    await few.close();
    await many.close();
  }
});
