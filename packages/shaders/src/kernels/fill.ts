// Every element of a tensor is one value.

import { wordOf } from '../words.ts';
import type { Kernels } from '../pass.ts';

export const fill: Kernels = (device) => ({
  fill: ({ out: { y }, attrs, scalars }) =>
    device.run({
      key: 'fill',
      outputs: [y],
      inputs: [],
      parameters: { value: wordOf(scalars.value, attrs.dtype) },
      code: () => `void word(u32 i) { r0 = $value; }\n`,
    }),
});
