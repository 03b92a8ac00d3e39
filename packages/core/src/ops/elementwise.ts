// The kernel that runs a program of element-wise operations: many ops in one call. `fused` turns formulas into such programs.

import type { DType } from '../contract/dtype.ts';
import { asValueOf, isHalf } from '../contract/dtype.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { Attrs } from '../contract/kernels.ts';
import type { Program } from '../contract/program.ts';
import { typesOf, widened } from '../contract/program.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import type { TensorMaker } from '../tensor/tensor-maker.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Operand } from './binary.ts';
import { isTensorOperand } from './binary.ts';
import { binaryByName, unaryByName } from './by-name.ts';
import { cast } from './cast.ts';
import { fillAt } from './fill.ts';
import { where } from './select.ts';
import { broadcastTo } from './sum.ts';

/** The tensors of one item, in the order of the program's input slots. */
export function inputsOf<T>(xs: readonly T[], item: number, { program, items, shared }: Attrs<'elementwise'>): T[] {
  const own = program.inputs.length - shared;
  return program.inputs.map((_, slot) => xs[slot < own ? slot * items + item : own * items + slot - own]!);
}

/** Whether broadcasting `from` with `to` by NumPy's rule gives the shape `to`. */
export function stretches(from: Shape, to: Shape): boolean {
  const added = to.length - from.length;
  if (added < 0) return false;
  for (let i = 0; i < from.length; i++) if (from[i] !== 1 && from[i] !== to[i + added]) return false;
  return true;
}

function checkInput(x: Spec, slot: number, dtype: DType, shape: Shape): void {
  if (x.dtype !== dtype)
    throw new DTypeError(`elementwise: input ${slot} of the program is ${dtype}, got ${x.dtype} ${formatShape(x.shape)}`);
  if (x.shape !== shape && !stretches(x.shape, shape))
    throw new ShapeError(
      `elementwise: input ${slot} of shape ${formatShape(x.shape)} does not stretch to ${formatShape(shape)}, the shape of the item's first`,
    );
}

export const elementwiseKernel: KernelDefinition<'elementwise', Tensor> = defineKernel({
  name: 'elementwise',
  called: () => 'fused',
  donates: { ys: 'xs' },

  infer: ({ xs }, attrs) => {
    const { program, items, shared } = attrs;
    const types = typesOf(program);
    const slots = program.inputs.length;
    const own = slots - shared;
    if (!(own >= 1 && shared >= 0 && items >= 1))
      throw new SinapseError(
        `elementwise: ${items} items of ${slots} inputs, ${shared} of them shared; there must be one of each at least`,
      );
    if (xs.length !== own * items + shared)
      throw new SinapseError(`elementwise: takes ${own * items + shared} tensors for ${items} items, got ${xs.length}`);
    const { outputs } = program;
    const ys = new Array<Spec>(outputs.length * items);
    for (let item = 0; item < items; item++) {
      const { shape, size } = xs[item]!;
      for (let slot = 0; slot < slots; slot++)
        checkInput(xs[slot < own ? slot * items + item : own * items + slot - own]!, slot, types[slot]!, shape);
      for (let i = 0; i < outputs.length; i++) ys[i * items + item] = { dtype: types[outputs[i]!]!, shape, size };
    }
    return { ys };
  },

  lower: ({ xs }, attrs, scalars, maker) => {
    const { items } = attrs;
    // A lowering is given float32 for half-precision inputs: `runLowering`.
    const isWidened = attrs.program.inputs.some((dtype, slot) => isHalf(dtype) && inputsOf(xs, 0, attrs)[slot]!.dtype === 'float32');
    const program = isWidened ? widened(attrs.program) : attrs.program;
    const ys = new Array<Tensor>(program.outputs.length * items);
    const numbers = program.scalars.map(({ name }) => scalars[name]!);
    for (let item = 0; item < items; item++) {
      const inputs = inputsOf(xs, item, attrs);
      interpret(program, inputs, numbers, maker).forEach((y, i) => {
        ys[i * items + item] = broadcastTo(y, inputs[0]!.shape);
      });
    }
    return { ys };
  },
});

/**
 * Runs a program as ops.
 * @param scalars in the order of the program's scalar slots
 * @returns the outputs. Each has the shape that follows from its operands; a constant has the shape []
 */
export function interpret(program: Program, inputs: readonly Tensor[], scalars: readonly Operand[], maker: TensorMaker): Tensor[] {
  const types = typesOf(program);
  const values: Operand[] = [...inputs, ...scalars];
  const tensorOf = (value: number): Tensor => {
    const operand = values[value]!;
    return isTensorOperand(operand) ? operand : fillAt(maker, [], operand, types[value]);
  };
  for (const instruction of program.instructions) {
    const { op, of } = instruction;
    if (op === 'constant') values.push(asValueOf(instruction.dtype, instruction.value));
    else if (op === 'cast') values.push(cast(tensorOf(of[0]), instruction.dtype));
    else if (op === 'select') values.push(where(tensorOf(of[0]), tensorOf(of[1]), tensorOf(of[2])));
    else if (of.length === 1) values.push(unaryByName[op as keyof typeof unaryByName](tensorOf(of[0])));
    else {
      const [a, b] = [values[of[0]]!, values[of[1]]!];
      const atLeastOne = isTensorOperand(b) ? a : tensorOf(of[0]);
      values.push(binaryByName[op as keyof typeof binaryByName](atLeastOne, b));
    }
  }
  return program.outputs.map(tensorOf);
}
