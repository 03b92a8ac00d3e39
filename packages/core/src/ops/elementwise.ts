// The kernel that runs a program of element-wise operations: many ops in one call. `fused` makes such programs of formulas.

import { asValueOf } from '../contract/dtype.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { Attrs } from '../contract/kernels.ts';
import type { Program } from '../contract/program.ts';
import { typesOf } from '../contract/program.ts';
import type { Shape } from '../contract/shape.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Spec } from '../contract/storage.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import type { Place } from '../tensor/place.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Operand } from './binary.ts';
import { binaryByName, unaryByName } from './by-name.ts';
import { cast } from './cast.ts';
import { fillAt } from './fill.ts';
import { where } from './select.ts';
import { broadcastTo } from './sum.ts';

/** Where the tensor of an input slot for an item stands in xs: slots that are shared follow the others. */
function indexOf(slot: number, item: number, { program, items, shared }: Attrs<'elementwise'>): number {
  const own = program.inputs.length - shared;
  return slot < own ? slot * items + item : own * items + (slot - own);
}

/** The tensors that one item's input slots have. */
export function inputsOf<T>(xs: readonly T[], item: number, attrs: Attrs<'elementwise'>): T[] {
  return attrs.program.inputs.map((_, slot) => xs[indexOf(slot, item, attrs)]!);
}

/** Whether a shape stretches to another by NumPy's rule, without that one growing. */
export function stretches(from: Shape, to: Shape): boolean {
  const added = to.length - from.length;
  if (added < 0) return false;
  for (let i = 0; i < from.length; i++) if (from[i] !== 1 && from[i] !== to[i + added]) return false;
  return true;
}

export const elementwiseKernel: KernelDefinition<'elementwise', Tensor> = {
  name: 'elementwise',
  donates: { ys: 'xs' },

  infer: ({ xs }, attrs) => {
    const { program, items, shared } = attrs;
    const types = typesOf(program);
    const slots = program.inputs.length;
    const own = slots - shared;
    if (!(own >= 1 && shared >= 0 && items >= 1 && Number.isInteger(items)))
      throw new SinapseError(
        `elementwise: ${items} items of ${slots} inputs, ${shared} of them shared; there must be one of each at least`,
      );
    if (xs.length !== own * items + shared)
      throw new SinapseError(`elementwise: takes ${own * items + shared} tensors for ${items} items, got ${xs.length}`);
    const ys = new Array<Spec>(program.outputs.length * items);
    for (let item = 0; item < items; item++) {
      const first = xs[item]!;
      for (let slot = 0; slot < slots; slot++) {
        const x = xs[indexOf(slot, item, attrs)]!;
        if (x.dtype !== types[slot])
          throw new DTypeError(`elementwise: input ${slot} of the program is ${types[slot]}, got ${x.dtype} ${formatShape(x.shape)}`);
        if (!sameShape(x.shape, first.shape) && !stretches(x.shape, first.shape))
          throw new ShapeError(
            `elementwise: input ${slot} of shape ${formatShape(x.shape)} does not stretch to ${formatShape(first.shape)}, the shape of the item's first`,
          );
      }
      program.outputs.forEach((value, i) => {
        ys[i * items + item] = { dtype: types[value]!, shape: first.shape, size: first.size };
      });
    }
    return { ys };
  },

  lower: ({ xs }, attrs, scalars, place) => {
    const { program, items } = attrs;
    const ys = new Array<Tensor>(program.outputs.length * items);
    const numbers = program.scalars.map(({ name, dtype }) => asValueOf(dtype, scalars[name]!));
    for (let item = 0; item < items; item++) {
      const inputs = inputsOf(xs, item, attrs);
      interpret(program, inputs, numbers, place).forEach((y, i) => {
        ys[i * items + item] = broadcastTo(y, inputs[0]!.shape);
      });
    }
    return { ys };
  },
};

/**
 * Runs a program with ops.
 * @param scalars numbers, in the order of the program's slots
 * @returns its outputs, whose shapes follow from their operands: that of a constant is []
 */
export function interpret(program: Program, inputs: readonly Tensor[], scalars: readonly Operand[], place: Place): Tensor[] {
  const types = typesOf(program);
  const values: Operand[] = [...inputs, ...scalars];
  const tensorOf = (value: number): Tensor => {
    const operand = values[value]!;
    return typeof operand === 'number' ? fillAt(place, [], operand, types[value]) : operand;
  };
  for (const instruction of program.instructions) {
    const { op, of } = instruction;
    if (op === 'constant') values.push(asValueOf(instruction.dtype, instruction.value));
    else if (op === 'cast') values.push(cast(tensorOf(of[0]), instruction.dtype));
    else if (op === 'select') values.push(where(tensorOf(of[0]), tensorOf(of[1]), tensorOf(of[2])));
    else if (of.length === 1) values.push(unaryByName[op as keyof typeof unaryByName](tensorOf(of[0])));
    else {
      const [a, b] = [values[of[0]]!, values[of[1]]!];
      const bothNumbers = typeof a === 'number' && typeof b === 'number';
      values.push(binaryByName[op as keyof typeof binaryByName](bothNumbers ? tensorOf(of[0]) : a, b));
    }
  }
  return program.outputs.map(tensorOf);
}
