// Picks slices by number, and adds slices to the places of their numbers.

import { sizeOf } from '@sinapse/core';
import type { Kernels } from '../pass.ts';
import { wordOf } from '../words.ts';

export const gather: Kernels = (device) => ({
  /** A number out of range gives NaN, or 0 of other dtypes. */
  gather({ in: { x, indices }, out: { y }, attrs: { axis } }) {
    const parameters = {
      count: indices.size,
      inner: sizeOf(x.shape.slice(axis + 1)),
      length: x.shape[axis]!,
      missing: wordOf(x.dtype === 'float32' ? NaN : 0, x.dtype),
    };
    device.run({
      key: `gather ${x.size === 0}`,
      outputs: [y],
      inputs: [x, indices],
      parameters,
      code: () => `void word(u32 i) {
u32 k = i % $inner;
u32 pick = x1((i / $inner) % $count);
u32 outer = i / ($inner * $count);
r0 = $missing;
if (pick < $length) { r0 = x0((outer * $length + pick) * $inner + k); }
}
`,
    });
  },

  /** Each word looks for the updates that belong to it: no two threads write to one word, and the sum has a fixed order. */
  scatterAdd({ in: { indices, updates }, out: { y }, attrs: { axis, size } }) {
    const float = y.dtype === 'float32';
    device.run({
      key: `scatterAdd ${float}`,
      outputs: [y],
      inputs: [indices, updates],
      parameters: { count: updates.size === 0 ? 0 : indices.size, inner: sizeOf(y.shape.slice(axis + 1)), length: size },
      code: () => `void word(u32 i) {
u32 k = i % $inner;
u32 own = (i / $inner) % $length;
u32 outer = i / ($inner * $length);
${float ? 'f32 total = 0.0' : 'u32 total = 0u'};
for (u32 j = 0u; j < $count; j += 1u) {
if (x0(j) == own) { total += ${float ? 'asFloat' : ''}(x1((outer * $count + j) * $inner + k)); }
}
r0 = ${float ? 'asWord(total)' : 'total'};
}
`,
    });
  },
});
