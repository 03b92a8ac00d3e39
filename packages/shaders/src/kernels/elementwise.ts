// Programs of element-wise operations: one pass for each item, with the program compiled to code.

import type { Instruction, KernelCall, Program, View } from '@sinapse/core';
import { typesOf } from '@sinapse/core';
import { binaryOf, castOf, unaryOf } from '../operations.ts';
import type { Kernels, Pass } from '../pass.ts';
import { wordOf } from '../words.ts';
import { indexing, stretchedStrides } from './indexing.ts';

/** The expression of an instruction on the variables `w0`, `w1`, …, which hold the values before it. */
function expressionOf(instruction: Instruction, types: readonly string[]): string {
  const [a, b, c] = instruction.of.map((value) => `w${value}`) as [string, string, string];
  const dtype = types[instruction.of[0] ?? 0] as Parameters<typeof unaryOf>[1];
  switch (instruction.op) {
    case 'constant':
      return `${wordOf(instruction.value, instruction.dtype)}u`;
    case 'cast':
      return castOf(dtype, instruction.dtype, a);
    case 'select':
      return `select(${c}, ${b}, ${a} != 0u)`;
    default:
      return instruction.of.length === 1
        ? unaryOf(instruction.op as Parameters<typeof unaryOf>[0], dtype, a)
        : binaryOf(instruction.op as Parameters<typeof binaryOf>[0], dtype, a, b);
  }
}

/** The statements of a program, whose inputs are read by the given expressions, and its scalars as `$scalar0`, `$scalar1`, … */
export function statementsOf(program: Program, inputs: readonly string[]): string {
  const types = typesOf(program);
  const given = [...inputs, ...program.scalars.map((_, k) => `$scalar${k}`)].map((read, k) => `u32 w${k} = ${read};`);
  const computed = program.instructions.map((instruction, k) => `u32 w${given.length + k} = ${expressionOf(instruction, types)};`);
  return [...given, ...computed, ...program.outputs.map((value, k) => `r${k} = w${value};`)].join('\n');
}

/** Keys of programs: programs do not change. */
const keys = new WeakMap<Program, string>();

function keyOf(program: Program): string {
  let key = keys.get(program);
  if (key === undefined) keys.set(program, (key = JSON.stringify(program)));
  return key;
}

/** The pass of one item. */
function passOf(program: Program, xs: readonly View[], ys: readonly View[], scalars: KernelCall<'elementwise'>['scalars']): Pass {
  const shape = ys[0]!.shape;
  const stretched = xs.map((x) => x.size !== ys[0]!.size);
  const operands = Object.fromEntries(
    xs.flatMap((x, k) => (stretched[k] ? [[`at${k}`, { strides: stretchedStrides(x.shape, shape) }]] : [])),
  );
  const { code, parameters } = stretched.includes(true) ? indexing(shape, operands) : { code: '', parameters: {} };
  const numbers = Object.fromEntries(program.scalars.map(({ name, dtype }, k) => [`scalar${k}`, wordOf(scalars[name]!, dtype)]));
  return {
    key: `elementwise ${keyOf(program)} ${stretched.map(Number).join('')} ${code === '' ? '' : shape.length}`,
    outputs: ys,
    inputs: xs,
    parameters: { ...parameters, ...numbers },
    code: () => {
      const reads = xs.map((_, k) => (stretched[k] ? `x${k}(asUnsigned(at${k}))` : `x${k}(i)`));
      return `void word(u32 i) {\n${code}${statementsOf(program, reads)}\n}\n`;
    },
  };
}

export const elementwise: Kernels = (device) => ({
  elementwise({ in: { xs }, out: { ys }, attrs: { program, items, shared }, scalars }) {
    const own = program.inputs.length - shared;
    for (let item = 0; item < items; item++) {
      const inputs = program.inputs.map((_, slot) => xs[slot < own ? slot * items + item : own * items + slot - own]!);
      const outputs = program.outputs.map((_, slot) => ys[slot * items + item]!);
      device.run(passOf(program, inputs, outputs, scalars));
    }
  },
});
