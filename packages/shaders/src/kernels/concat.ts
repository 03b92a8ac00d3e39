// Joins tensors along an axis. A pass joins as many as it has inputs; the next one adds to what the pass before it has made.

import type { View } from '@sinapse/core';
import type { Kernels } from '../pass.ts';

export const concat: Kernels = (device) => ({
  concat({ in: { xs }, out: { y }, attrs: { axis } }) {
    const inner = y.shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    const row = y.shape[axis]! * inner;
    const most = device.maxInputs - 1;
    const parts = xs.filter(({ size }) => size > 0);
    let start = 0;
    const joined = (some: readonly View[], from: View | undefined, into: View): void => {
      const parameters: Record<string, number> = { row };
      let code = `void word(u32 i) {\nu32 outer = i / $row;\nu32 at = i % $row;\nr0 = ${from === undefined ? '0u' : `x${some.length}(i)`};\n`;
      some.forEach((x, k) => {
        const own = x.shape[axis]! * inner;
        Object.assign(parameters, { [`start${k}`]: start, [`own${k}`]: own });
        code += `if (at >= $start${k} && at < $start${k} + $own${k}) { r0 = x${k}(outer * $own${k} + at - $start${k}); }\n`;
        start += own;
      });
      device.run({
        key: `concat ${some.length} ${from !== undefined}`,
        outputs: [into],
        inputs: from === undefined ? some : [...some, from],
        parameters,
        code: () => `${code}}\n`,
      });
    };
    let before: View | undefined;
    for (let k = 0; k < parts.length; k += most) {
      joined(parts.slice(k, k + most), before, y);
      before = y;
    }
  },
});
