// Encodes element-wise programs for kernels/program: constants are separated, values that are not alive at the same time share buffers, and
// consecutive plain float ops pass their result on in registers.

import type { BinaryOp, DType, Instruction, Program, UnaryOp } from '@sinapse/core';
import { BYTES, typesOf } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import { BINARY_OPS, STEP_OPS as STEPS, UNARY_OPS } from '../engine/names.ts';
import { lastUses } from './last-uses.ts';

/** Instructions on float32 whose results can be passed on in registers. */
const PLAIN: Readonly<Partial<Record<Instruction['op'], number>>> = {
  add: STEPS.add,
  sub: STEPS.sub,
  mul: STEPS.mul,
  div: STEPS.div,
  max: STEPS.max,
  min: STEPS.min,
  neg: STEPS.neg,
  abs: STEPS.abs,
  sqrt: STEPS.sqrt,
};

/** Instructions that may take a product of two values in memory. */
const TAKES_PRODUCTS: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'div']);

/** The same op with its operands exchanged. */
const EXCHANGED: Readonly<Record<number, number>> = {
  [STEPS.add]: STEPS.add,
  [STEPS.sub]: STEPS.subFrom,
  [STEPS.mul]: STEPS.mul,
  [STEPS.div]: STEPS.divInto,
  [STEPS.max]: STEPS.maxWith,
  [STEPS.min]: STEPS.minWith,
};

/**
 * Number of the Operand of a step in registers, by its number of factors, and whether the last factor is a tensor or a number; as in
 * kernels/program/tile.h.
 */
const OPERANDS: readonly (readonly [tensor: number, number: number])[] = [
  [0, 1],
  [3, 2],
];

const NONE = 0xffff;
/** 16-bit fields of a step, and how many fit in a double. */
const STEP_FIELDS = 8;
const FIELDS_PER_DOUBLE = 4;

/** An output and an input that is read after that output is written: they must not be the same tensor. */
export interface Clash {
  readonly output: number;
  readonly input: number;
}

export interface Encoding {
  /** What `ElementwiseProgram` of kernels/program/elementwise.h reads. */
  readonly code: Float64Array;
  readonly clashes: readonly Clash[];
}

/** Elements of a thread's task, by the cost of one, as in kernels/elementwise/loops.h. A single op is cut as in its own kernel. */
function grainOf(steps: number, functions: number, costly: number): number {
  const cost = steps / 4 + functions * 3 + costly * 15;
  return Math.max(1 << 12, 2 ** Math.floor(16 - Math.log2(Math.max(1, cost))));
}

/**
 * @param late whether outputs are written after all other steps of a tile, so that they may be the same tensors as any inputs. Otherwise each is
 * written when it is known, and `clashes` says which tensors must then differ
 */
export function encode(program: Program, late: boolean): Encoding {
  return new Encoder(program, late).encode();
}

class Encoder {
  private readonly program: Program;
  private readonly late: boolean;
  private readonly dtypes: readonly DType[];
  /** The number of the first instruction's value. */
  private readonly first: number;
  private readonly last: Int32Array;
  /** How often each value is taken by instructions or is an output. */
  private readonly uses: Int32Array;
  /** The DType and value of each number. */
  private readonly numbers: number[] = [];
  /** The slot of each value: inputs, numbers (scalars, then constants), outputs, buffers; -1 if it is only in registers, or no longer needed. */
  private readonly slots: Int32Array;
  private readonly firstOutput: number;
  private readonly firstBuffer: number;
  private buffers = 0;
  private readonly free: number[] = [];
  private readonly fields: number[] = [];
  /** Products without a step of their own: the instruction that takes one multiplies first. A number is the last factor. */
  private readonly products: ReadonlyMap<number, readonly number[]>;
  /** The value that the previous step left in registers. */
  private held = -1;
  /** The step that writes each output, and the last step that reads each input. */
  private readonly written: number[];
  private readonly read: number[];
  private functions = 0;
  private costly = 0;

  constructor(program: Program, late: boolean) {
    const { inputs, scalars, instructions, outputs } = program;
    this.program = program;
    this.late = late;
    this.dtypes = typesOf(program);
    this.first = inputs.length + scalars.length;
    this.last = lastUses(program, this.first);
    this.uses = new Int32Array(this.dtypes.length);
    for (const { of } of instructions) for (const operand of of) this.uses[operand]++;
    for (const output of outputs) this.uses[output]++;
    this.slots = new Int32Array(this.dtypes.length).fill(-1);
    for (let value = 0; value < this.first; value++) this.slots[value] = value;
    for (const { dtype } of scalars) this.numbers.push(dtypeNumber(dtype), 0);
    instructions.forEach((instruction, i) => {
      if (instruction.op !== 'constant') return;
      this.slots[this.first + i] = inputs.length + this.numbers.length / 2;
      this.numbers.push(dtypeNumber(instruction.dtype), instruction.value);
    });
    this.firstOutput = inputs.length + this.numbers.length / 2;
    this.firstBuffer = this.firstOutput + outputs.length;
    this.products = this.putOffProducts();
    this.written = outputs.map(() => -1);
    this.read = inputs.map(() => -1);
  }

  encode(): Encoding {
    const { inputs, scalars, instructions, outputs } = this.program;
    const live: number[] = [];
    instructions.forEach(({ op }, i) => {
      if (op !== 'constant' && this.last[this.first + i] >= 0 && !this.products.has(this.first + i)) live.push(i);
    });
    live.forEach((i, order) => {
      const op = this.inRegisters(i);
      if (op === undefined) this.fromMemory(i);
      else this.plain(op, i, live[order + 1]);
    });
    this.writeOutputs();

    const steps = this.fields.length / STEP_FIELDS;
    const dtypes = [...inputs, ...outputs.map((value) => this.dtypes[value])].map(dtypeNumber);
    const grain = grainOf(steps, this.functions, this.costly);
    const header = [inputs.length, scalars.length, this.numbers.length / 2, outputs.length, this.buffers, steps, grain];
    const start = header.length + this.numbers.length + dtypes.length;
    const code = new Float64Array(start + this.fields.length / FIELDS_PER_DOUBLE);
    code.set([...header, ...this.numbers, ...dtypes]);
    new Uint16Array(code.buffer, start * code.BYTES_PER_ELEMENT).set(this.fields);
    return { code, clashes: this.clashes() };
  }

  /**
   * Finds products of values in memory that only one instruction takes, as its second operand: its first operand can then stay in registers. The
   * factors live until that instruction.
   */
  private putOffProducts(): Map<number, readonly number[]> {
    const { instructions } = this.program;
    const products = new Map<number, readonly number[]>();
    instructions.forEach(({ op, of }, i) => {
      if (this.last[this.first + i] < 0 || of.length !== 2 || !TAKES_PRODUCTS.has(op)) return;
      const product = of.find((operand) => {
        const at = operand - this.first;
        const factors = instructions[at]?.of as readonly number[] | undefined;
        return (
          instructions[at]?.op === 'mul' &&
          this.dtypes[operand] === 'float32' &&
          this.uses[operand] === 1 &&
          // If a factor is the result of the previous instruction, it is in registers, and the product is better computed there.
          !factors!.some((factor) => products.has(factor) || (factor === operand - 1 && this.uses[factor] === 1))
        );
      });
      if (product === undefined) return;
      const [a, b] = instructions[product - this.first].of as readonly number[];
      const factors = this.isNumber(a) ? [b, a] : [a, b];
      products.set(product, factors);
      for (const factor of factors) this.last[factor] = Math.max(this.last[factor], i);
    });
    return products;
  }

  private isNumber(value: number): boolean {
    return this.slots[value] >= this.program.inputs.length && this.slots[value] < this.firstOutput;
  }

  private clashes(): Clash[] {
    const { inputs, outputs } = this.program;
    const clashes: Clash[] = [];
    outputs.forEach((value, output) => {
      inputs.forEach((dtype, input) => {
        if (dtype === this.dtypes[value] && this.read[input] > this.written[output]) clashes.push({ output, input });
      });
    });
    return clashes;
  }

  /** The step of an instruction that can pass its result on in registers: plain float32 arithmetic, or a cast that changes nothing. */
  private inRegisters(i: number): number | undefined {
    const instruction = this.program.instructions[i];
    const dtype = this.dtypes[instruction.of[0]!];
    if (instruction.op === 'cast') return instruction.dtype === dtype && BYTES[dtype] === 4 ? STEPS.copy : undefined;
    return dtype === 'float32' ? PLAIN[instruction.op] : undefined;
  }

  /** Writes a step in registers. Its first operand is in registers or loaded first; its second may be a postponed product. */
  private plain(op: number, i: number, next: number | undefined): void {
    const value = this.first + i;
    const operands = this.program.instructions[i].of as readonly number[];
    const [a, b] = operands;
    // The second operand is the one that is a product, or is not in registers, or is a number.
    const exchanged =
      b !== undefined &&
      a !== b &&
      (this.products.has(a) || (!this.products.has(b) && (this.held === b || (this.held !== a && this.isNumber(a)))));
    const [from, other] = exchanged ? [b, a] : [a, b];
    const factors = this.products.get(other) ?? (other === undefined ? [] : [other]);
    const isHeld = from === this.held && from !== other;
    this.note(isHeld ? factors : [from, ...factors]);
    const slots = factors.map((factor) => this.slots[factor]);
    const operand = OPERANDS[factors.length - 1]?.[this.isNumber(factors.at(-1)!) ? 1 : 0] ?? 0;
    const first = isHeld ? NONE : this.slots[from];
    this.release([from, ...factors], i);
    const target = this.isHandedOn(value, next) ? NONE : this.target(value, true);
    this.step(exchanged ? EXCHANGED[op] : op, operand, 'float32', 'float32', target, first, slots[0] ?? 0, slots[1] ?? 0);
    this.slots[value] = target === NONE ? -1 : target;
    this.held = value;
  }

  /** Whether only the next instruction takes a value, once, and from registers. */
  private isHandedOn(value: number, next: number | undefined): boolean {
    return next !== undefined && this.uses[value] === 1 && this.inRegisters(next) !== undefined && this.takes(next, value);
  }

  private takes(i: number, value: number): boolean {
    return (this.program.instructions[i].of as readonly number[]).includes(value);
  }

  private fromMemory(i: number): void {
    const instruction = this.program.instructions[i];
    const value = this.first + i;
    const operands = instruction.of as readonly number[];
    const [a, b, c] = operands;
    const target = this.target(
      value,
      operands.every((operand) => operand >= this.program.inputs.length),
    );
    const [op, function_, dtype] = this.inMemory(instruction);
    this.note(operands);
    this.step(op, function_, dtype, this.dtypes[value], target, this.slotOf(a), this.slotOf(b), this.slotOf(c));
    this.slots[value] = target;
    this.held = -1;
    this.release(operands, i);
    const output = this.program.outputs.indexOf(value);
    if (!this.late && output >= 0 && target >= this.firstBuffer) this.copy(value, this.firstOutput + output);
  }

  private inMemory(instruction: Instruction): readonly [op: number, function_: number, dtype: DType] {
    const { op } = instruction;
    const [a, b] = instruction.of as readonly number[];
    const dtype = this.dtypes[a];
    if (op === 'select') return [STEPS.select, 0, this.dtypes[b]];
    if (op === 'cast') return dtype === instruction.dtype ? [STEPS.copyBytes, 0, dtype] : [STEPS.cast, 0, dtype];
    if (op in UNARY_OPS) {
      this.functions++;
      return [STEPS.unary, UNARY_OPS[op as UnaryOp], dtype];
    }
    if (op === 'pow' || op === 'mod') this.costly++;
    return [op === 'pow' && dtype === 'float32' && this.isNumber(b) ? STEPS.powNumber : STEPS.binary, BINARY_OPS[op as BinaryOp], dtype];
  }

  /** Writes the outputs that are still missing. */
  private writeOutputs(): void {
    const { inputs, outputs } = this.program;
    if (this.late) {
      // An output may be the same tensor as an input that is also another output.
      for (const value of new Set(outputs)) if (value < inputs.length) this.slots[value] = this.copy(value, this.buffer());
    }
    outputs.forEach((value, output) => {
      if (this.written[output] < 0) this.copy(value, this.firstOutput + output);
    });
  }

  private copy(value: number, target: number): number {
    const dtype = this.dtypes[value];
    this.note([value]);
    this.step(BYTES[dtype] === 4 ? STEPS.copy : STEPS.copyBytes, 0, dtype, dtype, target, this.slots[value], 0, 0);
    this.held = -1;
    return target;
  }

  /** The slot for a value: its output if that may be written already, else a buffer. */
  private target(value: number, early: boolean): number {
    const output = this.program.outputs.indexOf(value);
    return early && !this.late && output >= 0 ? this.firstOutput + output : this.buffer();
  }

  private buffer(): number {
    return this.free.pop() ?? this.firstBuffer + this.buffers++;
  }

  /** Releases the buffers of operands that this instruction is the last to take. */
  private release(operands: readonly number[], i: number): void {
    for (const operand of operands) {
      if (this.last[operand] !== i || this.slots[operand] < this.firstBuffer) continue;
      this.free.push(this.slots[operand]);
      this.slots[operand] = -1;
    }
  }

  private slotOf(operand: number | undefined): number {
    return operand === undefined ? 0 : this.slots[operand];
  }

  /** Records that the next step reads these values from memory. */
  private note(values: readonly number[]): void {
    for (const value of values) {
      const slot = this.slots[value];
      if (slot < this.program.inputs.length) this.read[slot] = this.fields.length / STEP_FIELDS;
    }
  }

  private step(op: number, function_: number, dtype: DType, yDtype: DType, y: number, a: number, b: number, c: number): void {
    if (y >= this.firstOutput && y < this.firstBuffer) this.written[y - this.firstOutput] = this.fields.length / STEP_FIELDS;
    this.fields.push(op, function_, dtypeNumber(dtype), dtypeNumber(yDtype), y, a, b, c);
  }
}
