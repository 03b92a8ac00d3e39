// Draws the inputs of a gradient case as the case says. Its name is the seed.

import { randomKey } from '@sinapse/core';
import type { Draw, GradientCase } from '@sinapse/core/cases';
import type { HostTensor } from '../grid/values.ts';
import { hostTensor, Values } from '../grid/values.ts';

export function inputsOf({ name, inputs }: GradientCase): HostTensor[] {
  const values = new Values(randomKey(0).fold(name));
  return inputs.map((input) => drawn(input, values));
}

function drawn(draw: Draw, values: Values): HostTensor {
  switch (draw.values) {
    case 'uniform':
      return values.uniform(draw.shape, draw.low, draw.high);
    case 'away': {
      const x = values.uniform(draw.shape, -1.2, 1.2);
      return hostTensor(
        'float32',
        x.shape,
        Array.from(x.data, (value) => (value < 0 ? value - 0.3 : value + 0.3)),
      );
    }
    case 'spaced': {
      const x = values.uniform(draw.shape, 0, 1);
      const order = Array.from(x.data.keys()).sort((i, j) => x.data[i]! - x.data[j]!);
      const spaced = new Float64Array(x.size);
      order.forEach((element, i) => (spaced[element] = 0.2 * (i - (x.size >> 2)) + 0.1));
      return hostTensor('float32', x.shape, spaced);
    }
  }
}
