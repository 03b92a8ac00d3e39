// Kernels that walk along one axis: the index of the extreme, and running sums. One word reads its row.

import type { Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { Kernels, Parameters } from '../pass.ts';

const alongAxis = (shape: Shape, axis: number): Parameters => ({ length: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) });

export const alongAxes: Kernels = (device) => ({
  /** The first of equal extremes; the first NaN before all. */
  argReduce({ in: { x }, out: { y }, attrs: { op, axis } }) {
    const better = op === 'argMax' ? '>' : '<';
    const beats =
      x.dtype === 'float32' ? `(isNan(v) || asFloat(v) ${better} asFloat(best)) && !isNan(best)` : `asInt(v) ${better} asInt(best)`;
    device.run({
      key: `argReduce ${op} ${x.dtype === 'float32'}`,
      outputs: [y],
      inputs: [x],
      parameters: alongAxis(x.shape, axis),
      code: () => `void word(u32 i) {
u32 first = (i / $inner) * $inner * $length + i % $inner;
u32 best = x0(first);
r0 = 0u;
for (u32 j = 1u; j < $length; j += 1u) {
u32 v = x0(first + j * $inner);
if (${beats}) {
best = v;
r0 = j;
}
}
}
`,
    });
  },

  cumulativeSum({ in: { x }, out: { y }, attrs: { axis, exclusive, reverse } }) {
    const float = x.dtype === 'float32';
    device.run({
      key: `cumulativeSum ${float} ${exclusive} ${reverse}`,
      outputs: [y],
      inputs: [x],
      parameters: alongAxis(x.shape, axis),
      code: () => `void word(u32 i) {
u32 at = (i / $inner) % $length;
u32 first = i - at * $inner;
u32 begin = ${reverse ? `at${exclusive ? ' + 1u' : ''}` : '0u'};
u32 end = ${reverse ? '$length' : `at${exclusive ? '' : ' + 1u'}`};
u32 total = 0u;
for (u32 j = begin; j < end; j += 1u) {
u32 v = x0(first + j * $inner);
total = ${float ? 'add_(total, v)' : 'total + v'};
}
r0 = total;
}
`,
    });
  },
});
