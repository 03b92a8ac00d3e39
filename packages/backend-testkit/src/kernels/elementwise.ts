// The kernel `elementwise`: random programs.

import type { BinaryOp, DType, Instruction, Program, Shape, UnaryOp } from '@sinapse/core';
import { typesOf } from '@sinapse/core';
import type { Draws } from '../grid/draws.ts';
import type { Cases, Grid } from '../grid/kernel-case.ts';
import { contentsOf, gridCases } from '../grid/kernel-case.ts';
import type { HostTensor, ValueClass } from '../grid/values.ts';
import { elementwiseErrors } from '../tolerances/elementwise-programs.ts';
import type { Records } from './record.ts';

const CLASSES: readonly ValueClass[] = ['ordinary', 'tens', 'ties', 'zeros', 'nan', 'infinities', 'wide', 'nearOne', 'extremes'];

/** The shapes of the input slots; every slot but the first is stretched to the first. */
const LAYOUTS: readonly (readonly Shape[])[] = [
  [[5]],
  [[]],
  [[3, 0], [3, 1]],
  [[17], [17], []],
  [[3, 4], [4], [3, 4]],
  [[33, 65], [33, 1], [65], [1]],
  [[2, 3, 1, 5], [3, 1, 1], [1, 1, 5], [2, 1, 1, 1]],
  [[1000], [1000], [1000], [1000]],
  [[70, 71], [70, 71], [71]],
]; // prettier-ignore

/** Operations and the dtypes that they take. Some need exact operands: a rounding could change their integer or bool result. */
const EXACT_FLOAT: readonly (UnaryOp | BinaryOp)[] = ['sign', 'floor', 'ceil', 'round', 'isNaN', 'mod', 'pow', 'equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual']; // prettier-ignore
const FLOAT: readonly (UnaryOp | BinaryOp)[] = ['neg', 'abs', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'sigmoid', 'erf', 'erfc', 'add', 'sub', 'mul', 'div', 'max', 'min', ...EXACT_FLOAT]; // prettier-ignore
const COMPARISONS: readonly BinaryOp[] = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'];
const OPS: Readonly<Record<string, readonly (UnaryOp | BinaryOp)[]>> = {
  float32: FLOAT,
  int32: ['neg', 'abs', 'sign', 'add', 'sub', 'mul', 'div', 'mod', 'pow', 'max', 'min', ...COMPARISONS],
  uint8: COMPARISONS,
  bool: ['not', 'and', 'or', 'xor', ...COMPARISONS],
};
const UNARY: readonly string[] = ['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'exp', 'expm1', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'sigmoid', 'erf', 'erfc', 'not', 'isNaN']; // prettier-ignore

/** Operations whose result is exact where their operands are. */
const KEEPS_EXACT: readonly string[] = ['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'max', 'min', 'select', 'constant'];

/** Constants that float32 has exactly, so that the float64 reference computes with the same numbers. */
const CONSTANTS: readonly number[] = [0, 1, -1, 2, 0.5, -3, 1.25, 255, 46341];

/** A program that is being built: its values, and which of them are computed without rounding. */
class RandomProgram {
  readonly types: DType[];
  readonly instructions: Instruction[] = [];
  private readonly exact: boolean[];
  private readonly random: Draws;
  private readonly dtypes: readonly DType[];

  constructor(inputs: readonly DType[], random: Draws, dtypes: readonly DType[]) {
    this.types = [...inputs];
    this.exact = inputs.map(() => true);
    this.random = random;
    this.dtypes = dtypes;
  }

  /** Adds one instruction. */
  extend(): void {
    const dtype = this.types[this.random.below(this.types.length)]!;
    const kind = this.random.below(10);
    if (kind === 0) this.push({ op: 'constant', of: [], value: pick(this.random, CONSTANTS), dtype });
    else if (kind === 1) this.castOf(dtype);
    else if (kind === 2) this.selectOf(dtype);
    else this.operation(dtype);
  }

  private operation(dtype: DType): void {
    const op = pick(this.random, OPS[dtype]!);
    const exactly = dtype === 'float32' && EXACT_FLOAT.includes(op);
    const a = this.operand(dtype, exactly);
    if (a === undefined) return;
    if (UNARY.includes(op)) this.push({ op: op as UnaryOp, of: [a] });
    else this.push({ op: op as BinaryOp, of: [a, this.operand(dtype, exactly) ?? a] });
  }

  private castOf(from: DType): void {
    const dtype = pick(this.random, this.dtypes);
    const x = this.operand(from, dtype !== 'float32');
    if (x !== undefined && from !== dtype) this.push({ op: 'cast', of: [x], dtype });
  }

  private selectOf(dtype: DType): void {
    const condition = this.operand('bool', true);
    const [a, b] = [this.operand(dtype, false), this.operand(dtype, false)];
    if (condition !== undefined && a !== undefined && b !== undefined) this.push({ op: 'select', of: [condition, a, b] });
  }

  /** A random value of a dtype. Later values are likelier, so that programs become chains. */
  private operand(dtype: DType, exactly: boolean): number | undefined {
    const fitting = [...this.types.keys()].filter((i) => this.types[i] === dtype && (!exactly || this.exact[i]));
    const [one, two] = [this.random.below(fitting.length), this.random.below(fitting.length)];
    return fitting[Math.max(one, two)];
  }

  private push(instruction: Instruction): void {
    const { op, of } = instruction;
    const result = resultOf(instruction, this.types);
    const fromBytes = op === 'cast' && ['uint8', 'bool'].includes(this.types[instruction.of[0]]!);
    this.exact.push(of.every((value) => this.exact[value]!) && (KEEPS_EXACT.includes(op) || result !== 'float32' || fromBytes));
    this.types.push(result);
    this.instructions.push(instruction);
  }
}

function resultOf(instruction: Instruction, types: readonly DType[]): DType {
  const program = { inputs: types, scalars: [], instructions: [instruction], outputs: [] };
  return typesOf(program).at(-1)!;
}

function pick<T>(random: Draws, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}

interface Row {
  readonly layout: readonly Shape[];
  readonly length: number;
  readonly items: number;
  readonly shared: boolean;
  /** Whether output i takes over the storage of input i, as in an optimizer's step. */
  readonly donated: boolean;
}

function elementwiseCases(grid: Grid): Cases<'elementwise'> {
  const dtypes = grid.integerLimit < 2 ** 31 ? (['float32', 'uint8', 'bool'] as const) : (['float32', 'int32', 'uint8', 'bool'] as const);
  const own = dtypes.filter((dtype) => grid.dtypes.includes(dtype));
  return gridCases<'elementwise', Row>(grid, 'elementwise', {
    contents: contentsOf(grid, own, CLASSES),
    parameters: { layout: LAYOUTS, length: [0, 1, 3, 10, 40], items: [1, 2, 5], shared: [false, true], donated: [false, true] },
    allowed: ({ layout, shared }) => !shared || layout.length > 1,
    build: ({ layout, length, items, shared, donated, dtype, values }, random) => {
      const draws = random.random;
      const inputs = layout.map((_, slot) => (slot < 2 ? dtype : pick(draws, own)));
      const scalars = [{ name: 'rate', dtype: 'float32' as const }];
      const made = new RandomProgram([...inputs, 'float32'], draws, own);
      for (let i = 0; i < length; i++) made.extend();
      const { types, instructions } = made;
      const lastOf = (wanted: DType): number => types.lastIndexOf(wanted);
      const outputs = donated ? [lastOf(dtype)] : [types.length - 1, draws.below(types.length), lastOf('float32')];
      const program: Program = { inputs, scalars, instructions, outputs };
      // Items differ in the length of their first axis, if all slots have it.
      const shapeOf = (shape: Shape, item: number): Shape => (layout.every((s) => s.length === 1 && s[0] === layout[0]![0]) && !shared ? [shape[0]! + item] : shape); // prettier-ignore
      const tensors: HostTensor[] = [];
      layout.forEach((shape, slot) => {
        const count = shared && slot === layout.length - 1 ? 1 : items;
        for (let item = 0; item < count; item++) tensors.push(random.tensor(inputs[slot]!, shapeOf(shape, item), values));
      });
      return {
        inputs: { xs: tensors },
        attrs: { program, items, shared: shared ? 1 : 0 },
        scalars: { rate: pick(draws, CONSTANTS) },
        donated,
      };
    },
  });
}

export const elementwiseRecords: Records<'elementwise'> = {
  elementwise: {
    cases: elementwiseCases,
    why: 'as its operations one by one, each with what the errors of its operands make of it',
    allowed: elementwiseErrors,
  },
};
