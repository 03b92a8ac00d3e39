// Puts a tensor's elements into a larger tensor, with gaps between them.

import { stridesOf } from '@sinapse/core';
import type { Kernels } from '../pass.ts';
import { wordOf } from '../words.ts';

export const pad: Kernels = (device) => ({
  pad({ in: { x }, out: { y }, attrs: { before, interior }, scalars }) {
    if (x.size === 0)
      return device.run({
        key: 'fill',
        outputs: [y],
        inputs: [],
        parameters: { value: wordOf(scalars.value, x.dtype) },
        code: () => `void word(u32 i) { r0 = $value; }\n`,
      });
    const strides = stridesOf(x.shape);
    const parameters: Record<string, number> = { value: wordOf(scalars.value, x.dtype) };
    let code = 'u32 rest = i;\ni32 at = 0;\nbool inside = true;\n';
    for (let axis = x.shape.length - 1; axis >= 0; axis--) {
      parameters[`length${axis}`] = y.shape[axis]!;
      parameters[`before${axis}`] = before[axis]!;
      parameters[`step${axis}`] = interior[axis]! + 1;
      parameters[`own${axis}`] = x.shape[axis]!;
      parameters[`stride${axis}`] = strides[axis]!;
      code += `i32 from${axis} = asInt(rest % $length${axis}) - asInt($before${axis});
rest = rest / $length${axis};
i32 index${axis} = from${axis} / asInt($step${axis});
inside = inside && from${axis} >= 0 && index${axis} * asInt($step${axis}) == from${axis} && index${axis} < asInt($own${axis});
at += max(index${axis}, 0) * asInt($stride${axis});
`;
    }
    device.run({
      key: `pad ${x.shape.length}`,
      outputs: [y],
      inputs: [x],
      parameters,
      code: () => `void word(u32 i) {\n${code}r0 = $value;\nif (inside) { r0 = x0(asUnsigned(at)); }\n}\n`,
    });
  },
});
