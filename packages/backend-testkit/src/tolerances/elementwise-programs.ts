// How far a program's results may be off: running error analysis, value by value (Higham 2002, "Accuracy and Stability of Numerical
// Algorithms", 3.3). Infinity means that any result is right, because a rounding may have turned a value into an infinity or a NaN.

import type { Instruction, Program, TypedArray, UnaryOp } from '@sinapse/core';
import { typesOf } from '@sinapse/core';
import { SMALLEST_NORMAL } from '../grid/values.ts';
import type { Expectation } from './expectation.ts';
import { powerError, U, ulp } from './rounding.ts';

/** Above this, float32 may overflow although float64 does not. */
const OVERFLOW = 2 ** 126;

/** One element of a value: its exact value, and how far a computed one may be off. */
interface Element {
  readonly value: number;
  readonly error: number;
}

export function elementwiseErrors({ call, outputs, rerun }: Expectation<'elementwise'>): readonly (Float64Array | undefined)[] {
  const { program, items } = call.attrs;
  const types = typesOf(program);
  const all = types.map((_, value) => value);
  const data = rerun({ attrs: { ...call.attrs, program: { ...program, outputs: all } } });
  const inputs = program.inputs.length + program.scalars.length;
  return outputs.map((_, i) => {
    const item = i % items;
    const values = all.map((value) => data[value * items + item]!);
    const errors: Float64Array[] = [];
    all.forEach((value) => {
      const instruction = program.instructions[value - inputs];
      errors.push(instruction === undefined ? new Float64Array(values[value]!.length) : errorsOf(instruction, program, values[value]!, values, errors)); // prettier-ignore
    });
    return errors[program.outputs[Math.floor(i / items)]!];
  });
}

function errorsOf(
  instruction: Instruction,
  program: Program,
  y: TypedArray,
  values: readonly TypedArray[],
  errors: readonly Float64Array[],
): Float64Array {
  // prettier-ignore
  const { op, of } = instruction;
  const types = typesOf(program);
  const float = types[of[0] ?? -1] === 'float32';
  const own = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const operands = of.map((value): Element => ({ value: values[value]![i]!, error: errors[value]![i]! }));
    if (op === 'select') own[i] = operands[operands[0]!.value === 0 ? 2 : 1]!.error;
    else if (operands.some(({ error }) => error === Infinity)) own[i] = Infinity;
    else if (op === 'cast') own[i] = types[of[0]] === 'int32' && instruction.dtype === 'float32' ? U * Math.abs(y[i]!) : operands[0]!.error;
    else if (float && op !== 'constant') own[i] = errorOf(op, y[i]!, operands);
  }
  return own;
}

/** The error that comes from the operands, plus the rounding of the operation. */
function errorOf(op: string, y: number, operands: readonly Element[]): number {
  const inherited = inheritedError(op, y, operands);
  if (EXACT.has(op)) return inherited;
  if (!Number.isFinite(y)) return inherited === 0 || operands.some(({ value }) => !Number.isFinite(value)) ? inherited : Infinity;
  const error = inherited + (ULPS[op] ?? 1) * ulp(Math.abs(y) + inherited) + SMALLEST_NORMAL;
  return Math.abs(y) + error > OVERFLOW ? Infinity : error;
}

/** Operations that do not round: they only choose, change a sign, or give integers or bools of exact operands. */
const EXACT: ReadonlySet<string> = new Set(['neg', 'abs', 'sign', 'floor', 'ceil', 'round', 'max', 'min', 'isNaN', 'equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual']); // prettier-ignore

/** Allowed errors in units in the last place, as for `unary` and `binary`; half a unit is correct rounding. */
const ULPS: Readonly<Record<string, number>> = { div: 2.5, exp: 4.5, expm1: 4.5, log: 4.5, log1p: 4.5, sin: 4.5, cos: 4.5, tanh: 4.5, sigmoid: 4.5, erf: 4.5, erfc: 8.5, sqrt: 1.5 }; // prettier-ignore

/** Increasing functions: they map the ends of an interval of x to the ends of the interval of y. */
const GROWING: Partial<Record<UnaryOp, (x: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

function inheritedError(op: string, y: number, [a, b]: readonly Element[] & { 0?: Element }): number {
  const [x, e] = [a!.value, a!.error];
  const grows = GROWING[op as UnaryOp];
  if (grows !== undefined) return e === 0 ? 0 : Math.max(distance(grows(x + e), grows(x)), distance(grows(x), grows(x - e)));
  switch (op) {
    case 'sin':
    case 'cos':
      return Number.isFinite(x) ? e + U * (Math.abs(x) + e) : 0;
    case 'erf':
    case 'erfc':
      return 1.13 * e; // 2 / √π at its steepest
    case 'add':
    case 'sub':
      return e + b!.error;
    case 'max':
    case 'min':
      return Math.max(e, b!.error);
    case 'mul':
      return productError(a!, b!);
    case 'div':
      return quotientError(a!, b!);
    case 'pow': // operands are exact; a zero may have either sign
      return x === 0 && b!.value < 0 ? Infinity : powerError(y, x, b!.value);
    case 'mod': // operands and remainder are exact; adding the divisor, for the sign, rounds
      return 0;
    default:
      return e;
  }
}

/** The distance between two values of a function. If one is NaN or both are infinite, any result counts as right. */
function distance(a: number, b: number): number {
  const between = Math.abs(a - b);
  return Number.isNaN(between) ? Infinity : between;
}

function productError(a: Element, b: Element): number {
  const [m, n] = [Math.abs(a.value), Math.abs(b.value)];
  if ((m === Infinity && b.error >= n && b.error > 0) || (n === Infinity && a.error >= m && a.error > 0)) return Infinity;
  return m === Infinity || n === Infinity ? 0 : m * b.error + n * a.error + a.error * b.error;
}

/** The error of a quotient. If the divisor may be 0, the result depends on the sign of that zero, which is not fixed. */
function quotientError(a: Element, b: Element): number {
  const [m, n] = [Math.abs(a.value), Math.abs(b.value)];
  if (n <= b.error) return Infinity;
  if (Number.isNaN(m) || Number.isNaN(n) || n === Infinity || m === Infinity) return 0;
  return (m + a.error) / (n - b.error) - m / n;
}
