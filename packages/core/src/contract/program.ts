// A program of element-wise operations in static single assignment form: what the kernel `elementwise` runs for every element.
//
// Its values are numbered: the inputs, then the scalars, then one for each instruction. An instruction reads only values before its own.

import type { DType } from './dtype.ts';
import { BYTES, isFloat, isHalf, isNumeric } from './dtype.ts';
import { DTypeError, SinapseError } from './errors.ts';
import type { BinaryOp, UnaryOp } from './operations.ts';

export interface Program {
  /** The dtype of each input slot. */
  readonly inputs: readonly DType[];
  /** Run-time numbers, each with its name in the call's scalars. */
  readonly scalars: readonly ScalarSlot[];
  readonly instructions: readonly Instruction[];
  /** The numbers of the values that are outputs; an input may be an output. */
  readonly outputs: readonly number[];
}

export interface ScalarSlot {
  readonly name: string;
  readonly dtype: DType;
}

/** An operation on the values numbered in `of`. `select` reads condition, a, b. A constant is converted to its dtype as by `fill`. */
export type Instruction =
  | { readonly op: UnaryOp; readonly of: readonly [number] }
  | { readonly op: BinaryOp; readonly of: readonly [number, number] }
  | { readonly op: 'select'; readonly of: readonly [number, number, number] }
  | { readonly op: 'cast'; readonly of: readonly [number]; readonly dtype: DType }
  | { readonly op: 'constant'; readonly of: readonly []; readonly value: number; readonly dtype: DType };

/** What an operation takes: operands of one dtype. Its result has that dtype, too, unless `gives` says bool. */
interface Signature {
  readonly operands: number;
  readonly takes: (dtype: DType) => boolean;
  readonly gives?: 'bool';
}

const FLOAT: Signature = { operands: 1, takes: isFloat };
const SIGNED: Signature = { operands: 1, takes: isNumeric };
const ARITHMETIC: Signature = { operands: 2, takes: isNumeric };
const COMPARISON: Signature = { operands: 2, takes: () => true, gives: 'bool' };
const LOGIC: Signature = { operands: 2, takes: (dtype) => dtype === 'bool' };

/** The signature of each operation, in programs and in the kernels `unary`, `binary` and `binaryScalar`. */
export const SIGNATURES: Readonly<Record<UnaryOp | BinaryOp, Signature>> = {
  neg: SIGNED,
  abs: SIGNED,
  sign: SIGNED,
  floor: FLOAT,
  ceil: FLOAT,
  round: FLOAT,
  exp: FLOAT,
  expm1: FLOAT,
  log: FLOAT,
  log1p: FLOAT,
  sqrt: FLOAT,
  sin: FLOAT,
  cos: FLOAT,
  tanh: FLOAT,
  sigmoid: FLOAT,
  erf: FLOAT,
  erfc: FLOAT,
  not: { operands: 1, takes: (dtype) => dtype === 'bool' },
  isNaN: { operands: 1, takes: isFloat, gives: 'bool' },
  add: ARITHMETIC,
  sub: ARITHMETIC,
  mul: ARITHMETIC,
  div: ARITHMETIC,
  mod: ARITHMETIC,
  pow: ARITHMETIC,
  max: ARITHMETIC,
  min: ARITHMETIC,
  equal: COMPARISON,
  notEqual: COMPARISON,
  less: COMPARISON,
  lessEqual: COMPARISON,
  greater: COMPARISON,
  greaterEqual: COMPARISON,
  and: LOGIC,
  or: LOGIC,
  xor: LOGIC,
};

/** Cached, as programs do not change. */
const typesOfPrograms = new WeakMap<Program, readonly DType[]>();

/**
 * The dtype of every value of a program.
 * @throws SinapseError when an instruction or output reads a value not yet computed, DTypeError when operands do not fit their operation
 */
export function typesOf(program: Program): readonly DType[] {
  let types = typesOfPrograms.get(program);
  if (types === undefined) typesOfPrograms.set(program, (types = inferTypes(program)));
  return types;
}

function inferTypes({ inputs, scalars, instructions, outputs }: Program): readonly DType[] {
  const types = [...inputs, ...scalars.map(({ dtype }) => dtype)];
  const check = (who: string, value: number): void => {
    if (types[value] === undefined) throw new SinapseError(`elementwise: ${who} reads value ${value} of ${types.length}`);
  };
  for (const instruction of instructions) {
    instruction.of.forEach((value) => check(`instruction ${instruction.op}`, value));
    types.push(typeOf(instruction, types));
  }
  outputs.forEach((value) => check('an output', value));
  return types;
}

/**
 * The dtype of an instruction's value.
 * @param types those of the values before it
 * @throws DTypeError when its operands do not fit
 */
export function typeOf(instruction: Instruction, types: readonly DType[]): DType {
  const of = instruction.of.map((value) => types[value]!);
  const refuse = (): never => {
    throw new DTypeError(`elementwise: ${instruction.op} does not take ${of.join(', ') || 'nothing'}`);
  };
  if (instruction.op === 'constant' || instruction.op === 'cast') {
    if (!(instruction.dtype in BYTES) || of.length !== (instruction.op === 'cast' ? 1 : 0)) refuse();
    return instruction.dtype;
  }
  if (instruction.op === 'select') return of.length === 3 && of[0] === 'bool' && of[1] === of[2] ? of[1]! : refuse();
  const { operands, takes, gives } = SIGNATURES[instruction.op] ?? refuse();
  if (of.length !== operands || of.some((dtype) => dtype !== of[0]) || !takes(of[0]!)) refuse();
  return gives ?? of[0]!;
}

const wideForms = new WeakMap<Program, Program>();

/** The program with float32 for every half-precision dtype in it. */
export function widened(program: Program): Program {
  let wide = wideForms.get(program);
  if (wide === undefined) wideForms.set(program, (wide = widen(program)));
  return wide;
}

function widen({ inputs, scalars, instructions, outputs }: Program): Program {
  const wide = (dtype: DType): DType => (isHalf(dtype) ? 'float32' : dtype);
  return {
    inputs: inputs.map(wide),
    scalars: scalars.map(({ name, dtype }) => ({ name, dtype: wide(dtype) })),
    instructions: instructions.map((each) => ('dtype' in each ? { ...each, dtype: wide(each.dtype) } : each)),
    outputs,
  };
}
