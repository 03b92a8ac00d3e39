// The order of a kernel's values: Sinapse and Keras have [...spatial, in, out], PyTorch has [out, in, ...spatial].

import type { Shape } from '@sinapse/core';
import type { TypedArray } from '@sinapse/formats';

/** The shape in PyTorch of a kernel `[...spatial, in, out]`. */
export function torchShape(kernel: Shape): Shape {
  return [...kernel.slice(-2).reverse(), ...kernel.slice(0, -2)];
}

/** The values of a kernel in PyTorch's order. @param kernel its shape `[...spatial, in, out]` */
export function toTorchOrder<A extends TypedArray>(data: A, kernel: Shape): A {
  const moved = data.slice() as A;
  forEachPlace(kernel, (ours, torch) => (moved[torch] = data[ours]!));
  return moved;
}

/** The values of a kernel in Sinapse's order. @param kernel its shape `[...spatial, in, out]` */
export function fromTorchOrder<A extends TypedArray>(data: A, kernel: Shape): A {
  const moved = data.slice() as A;
  forEachPlace(kernel, (ours, torch) => (moved[ours] = data[torch]!));
  return moved;
}

/** Calls back with the index of each value in both orders. */
function forEachPlace(kernel: Shape, visit: (ours: number, torch: number) => void): void {
  const [inputs, outputs] = kernel.slice(-2) as [number, number];
  const taps = kernel.slice(0, -2).reduce((product, length) => product * length, 1);
  let ours = 0;
  for (let tap = 0; tap < taps; tap++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++) visit(ours++, (output * inputs + input) * taps + tap);
}
