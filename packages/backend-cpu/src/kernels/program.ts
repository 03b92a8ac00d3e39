// Element-wise programs, and what follows from one: the dtypes of its values, and when each is needed last.

import type { BinaryOp, DType, UnaryOp } from '@sinapse/core';
import { OPS as BINARY } from './binary.ts';

/** A program in static single assignment form. Values are numbered: input slots first, then scalar slots, then one value for each instruction. */
export interface Program {
  readonly inputs: readonly DType[];
  /** Run-time numbers, by name in the call's scalars. */
  readonly scalars: readonly { readonly name: string; readonly dtype: DType }[];
  readonly instructions: readonly Instruction[];
  /** Numbers of the values that are outputs. */
  readonly outputs: readonly number[];
}

export type Instruction =
  | { readonly op: UnaryOp; readonly of: readonly [number] }
  | { readonly op: BinaryOp; readonly of: readonly [number, number] }
  | { readonly op: 'select'; readonly of: readonly [number, number, number] }
  | { readonly op: 'cast'; readonly of: readonly [number]; readonly dtype: DType }
  | { readonly op: 'constant'; readonly of: readonly []; readonly value: number; readonly dtype: DType };

/** The dtype of every value. */
export function dtypesOf({ inputs, scalars, instructions }: Program): readonly DType[] {
  const dtypes = [...inputs, ...scalars.map(({ dtype }) => dtype)];
  for (const instruction of instructions) dtypes.push(resultOf(instruction, dtypes));
  return dtypes;
}

function resultOf(instruction: Instruction, dtypes: readonly DType[]): DType {
  if (instruction.op === 'cast' || instruction.op === 'constant') return instruction.dtype;
  if (instruction.op === 'select') return dtypes[instruction.of[1]];
  if (instruction.op === 'isNaN' || (instruction.of.length === 2 && BINARY[instruction.op as BinaryOp] >= BINARY.equal)) return 'bool';
  return dtypes[instruction.of[0]];
}

/** For each value the number of the last instruction that takes it, -1 where no output needs it. Outputs are taken behind the last instruction. */
export function lastUses({ instructions, outputs }: Program, first: number): Int32Array {
  const last = new Int32Array(first + instructions.length).fill(-1);
  for (const output of outputs) last[output] = instructions.length;
  for (let i = instructions.length - 1; i >= 0; i--) {
    if (last[first + i] < 0) continue;
    for (const operand of instructions[i].of) last[operand] = Math.max(last[operand], i);
  }
  return last;
}
