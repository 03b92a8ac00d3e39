// Softmax of rows, and its cross-entropy with class numbers. Each word reads its row.

import type { Kernels } from '../pass.ts';
import { floatBits } from '../words.ts';

/** Sets `top` to the word of the row's maximum, NaN if any is, and `total` to the sum of e^(x - top). `first` is the row's first word. */
const ROW = `u32 top = ${floatBits(-Infinity)}u;
for (u32 j = 0u; j < $classes; j += 1u) { top = max_(top, x0(first + j)); }
f32 total = 0.0;
for (u32 j = 0u; j < $classes; j += 1u) { total += asFloat(exp_(less_(x0(first + j), top))); }
`;

export const softmax: Kernels = (device) => ({
  softmax({ in: { x }, out: { y } }) {
    device.run({
      key: 'softmax',
      outputs: [y],
      inputs: [x],
      parameters: { classes: x.shape.at(-1)! },
      code: () => `void word(u32 i) {\nu32 first = i - i % $classes;\n${ROW}r0 = divide_(exp_(less_(x0(i), top)), asWord(total));\n}\n`,
    });
  },

  softmaxCrossEntropy({ in: { logits, labels }, out: { loss, dlogits } }) {
    const parameters = { classes: logits.shape[1]! };
    device.run({
      key: 'softmaxCrossEntropy loss',
      outputs: [loss],
      inputs: [logits, labels],
      parameters,
      code: () => `void word(u32 i) {
u32 first = i * $classes;
u32 label = x1(i);
${ROW}r0 = 0x7fc00000u;
u32 logSum = select(add_(top, log_(asWord(total))), top, top == 0x7f800000u);
if (label < $classes) { r0 = less_(logSum, x0(first + label)); }
}
`,
    });
    device.run({
      key: 'softmaxCrossEntropy gradient',
      outputs: [dlogits],
      inputs: [logits, labels],
      parameters,
      code: () => `void word(u32 i) {
u32 first = i - i % $classes;
u32 label = x1(i / $classes);
${ROW}r0 = 0x7fc00000u;
if (label < $classes) { r0 = less_(divide_(exp_(less_(x0(i), top)), asWord(total)), select(0u, 0x3f800000u, i - first == label)); }
}
`,
    });
  },
});
