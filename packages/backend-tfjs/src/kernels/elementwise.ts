// Programs of element-wise operations, on tfjs's WebGL backend: a shader for each output.

import type { Kernel } from '@sinapse/core';
import { typesOf } from '@sinapse/core';
import type { Device } from '../device.ts';

/** The inputs that a shader can read on any device. */
export const MOST_INPUTS = 16;

export function elementwiseKernel(device: Device): Kernel<'elementwise'> {
  return ({ in: { xs }, out: { ys }, attrs: { program, items, shared }, scalars }) => {
    const own = program.inputs.length - shared;
    const types = typesOf(program);
    const numbers = program.scalars.map(({ name }) => scalars[name]!);
    for (let item = 0; item < items; item++) {
      const views = program.inputs.map((_, slot) => xs[slot < own ? slot * items + item : own * items + slot - own]!);
      const outputs = program.outputs.map((_, slot) => ys[slot * items + item]!);
      if (outputs[0]!.size === 0) continue;
      const inputs = views.map((view) => device.of(view));
      const results = program.outputs.map((value, slot) => device.formula(program, inputs, outputs[0]!.shape, slot, types[value], numbers));
      // After all results: an output may take over the storage of an input.
      outputs.forEach((output, slot) => device.put(output, results[slot]!));
    }
  };
}
