// Programs of element-wise operations as shaders for tfjs's WebGL backend, one for each output. tfjs's own shaders call the functions of the driver,
// which promises little of its exponential and nothing of its sine; these are the functions of @sinapse/shaders.

import type { BinaryOp, DType, Program, UnaryOp } from '@sinapse/core';
import { GLSL_PRELUDE, libraryFor, statementsOf, withWords } from '@sinapse/shaders';

/** A shader as tfjs's WebGL backend takes it. */
export interface Shader {
  readonly variableNames: readonly string[];
  readonly outputShape: readonly number[];
  readonly customUniforms: readonly { readonly name: string; readonly type: 'float' }[];
  readonly userCode: string;
}

/** The word of a number that tfjs holds in a float. */
function wordOf(dtype: DType, value: string): string {
  return dtype === 'float32' ? `asWord(${value})` : `asUnsigned(int(${value}))`;
}

/** The float in which tfjs holds a word. */
function floatOf(dtype: DType, word: string): string {
  return dtype === 'float32' ? `asFloat(${word})` : `float(${dtype === 'int32' ? `asInt(${word})` : word})`;
}

function codeOf(program: Program, output: number, dtype: DType): string {
  const inputs = program.inputs.map((input, slot) => wordOf(input, `getX${slot}AtOutCoords()`));
  const scalars = program.scalars.map((_, k) => `scalar${k}`);
  const only = { ...program, outputs: [program.outputs[output]!] };
  const statements = withWords(statementsOf(only, inputs), scalars, (k) => wordOf(program.scalars[k]!.dtype, `s${k}`));
  return `${GLSL_PRELUDE}${libraryFor(statements)}void main() {\nu32 r0;\n${statements}\nsetOutput(${floatOf(dtype, 'r0')});\n}\n`;
}

/** Code of programs, which do not change, by output. */
const codes = new WeakMap<Program, string[]>();

/**
 * The shader of one output of a program.
 * @param dtype of that output
 * @param shape of all outputs, to which the inputs broadcast
 */
export function shaderOf(program: Program, output: number, dtype: DType, shape: readonly number[]): Shader {
  let outputs = codes.get(program);
  if (outputs === undefined) codes.set(program, (outputs = []));
  return {
    variableNames: program.inputs.map((_, slot) => `X${slot}`),
    outputShape: shape,
    customUniforms: program.scalars.map((_, k) => ({ name: `s${k}`, type: 'float' })),
    userCode: (outputs[output] ??= codeOf(program, output, dtype)),
  };
}

const single = new Map<string, Program>();

/** The program of one operation on floats. */
export function operation(op: UnaryOp | BinaryOp, operands: 1 | 2): Program {
  let program = single.get(op);
  if (program === undefined) {
    const of = [0, 1].slice(0, operands);
    const instructions = [{ op, of }] as unknown as Program['instructions'];
    single.set(op, (program = { inputs: of.map(() => 'float32'), scalars: [], instructions, outputs: [operands] }));
  }
  return program;
}
