// Where an operand's element lies: the code that turns a word's number into an index, and the index into offsets.

import type { Shape } from '@sinapse/core';
import { stridesOf } from '@sinapse/core';
import type { Parameters } from '../pass.ts';

/** An operand that is read along the axes of a shape: its first word, and the words between neighbours along each axis. */
export interface Operand {
  readonly start?: number;
  readonly strides: readonly number[];
}

export interface Indexing {
  /** Statements that declare an i32 for each operand: where it has the element that belongs to item `from`. */
  readonly code: string;
  readonly parameters: Parameters;
}

/**
 * Turns item `from`, counted in row-major order through `shape`, into offsets of operands.
 * @param operands by the names that the code gives their offsets
 * @param prefix of the parameters' names, different for each indexing of a pass
 */
export function indexing(shape: Shape, operands: Readonly<Record<string, Operand>>, from = 'i', prefix = 'n'): Indexing {
  const parameters: Record<string, number> = {};
  const names = Object.keys(operands);
  let code = `u32 ${prefix}Rest = ${from};\n`;
  for (const name of names) {
    parameters[`${prefix}_${name}`] = operands[name]!.start ?? 0;
    code += `i32 ${name} = asInt($${prefix}_${name});\n`;
  }
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    parameters[`${prefix}${axis}`] = shape[axis]!;
    code += `u32 ${prefix}At${axis} = ${axis === 0 ? `${prefix}Rest` : `${prefix}Rest % $${prefix}${axis}`};\n`;
    if (axis > 0) code += `${prefix}Rest = ${prefix}Rest / $${prefix}${axis};\n`;
    for (const name of names) {
      parameters[`${prefix}${axis}_${name}`] = operands[name]!.strides[axis]!;
      code += `${name} += asInt(${prefix}At${axis}) * asInt($${prefix}${axis}_${name});\n`;
    }
  }
  return { code, parameters };
}

/** The strides of a shape that is stretched to another: 0 along stretched axes. */
export function stretchedStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!));
}
