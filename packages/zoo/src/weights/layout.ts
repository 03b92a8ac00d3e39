// The order of a kernel's values: Sinapse and Keras have [...spatial, in, out], PyTorch has [out, in, ...spatial].

import type { Shape } from '@sinapse/core';
import type { TypedArray } from '@sinapse/formats';

/** The shape in PyTorch of a kernel `[...spatial, in, out]`. */
export function torchShape(kernel: Shape): Shape {
  return [...kernel.slice(-2).reverse(), ...kernel.slice(0, -2)];
}

/** How many outputs and inputs are moved together: what lies side by side in one order is far apart in the other, and caches hold so much of both. */
const OUTPUTS = 16;
const INPUTS = 8;

/** The values of a kernel in PyTorch's order. @param kernel its shape `[...spatial, in, out]` */
export function toTorchOrder<A extends TypedArray>(data: A, kernel: Shape): A {
  return reordered(data, kernel, true);
}

/** The values of a kernel in Sinapse's order. @param kernel its shape `[...spatial, in, out]` */
export function fromTorchOrder<A extends TypedArray>(data: A, kernel: Shape): A {
  return reordered(data, kernel, false);
}

function reordered<A extends TypedArray>(data: A, kernel: Shape, toTorch: boolean): A {
  const [inputs, outputs] = kernel.slice(-2) as [number, number];
  const taps = kernel.slice(0, -2).reduce((product, length) => product * length, 1);
  const moved = data.slice() as A;
  for (let output = 0; output < outputs; output += OUTPUTS) {
    const lastOutput = Math.min(output + OUTPUTS, outputs);
    for (let input = 0; input < inputs; input += INPUTS) {
      const lastInput = Math.min(input + INPUTS, inputs);
      for (let tap = 0; tap < taps; tap++)
        for (let i = input; i < lastInput; i++) {
          const row = (tap * inputs + i) * outputs;
          for (let o = output; o < lastOutput; o++) {
            const torch = (o * inputs + i) * taps + tap;
            if (toTorch) moved[torch] = data[row + o]!;
            else moved[row + o] = data[torch]!;
          }
        }
    }
  }
  return moved;
}
