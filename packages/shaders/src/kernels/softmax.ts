// Softmax of rows, its logarithm, and its cross-entropy with class numbers. What belongs to a row is computed once for each.

import type { View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { Kernels, ShaderDevice } from '../pass.ts';
import { floatBits } from '../words.ts';

/** Sets `top` to the word of the row's maximum, NaN if any is. `first` is the row's first word. */
const TOP = `u32 top = ${floatBits(-Infinity)}u;
for (u32 j = 0u; j < $classes; j += 1u) { top = max_(top, x0(first + j)); }
`;

/** Sets `top`, and `total` to the sum of e^(x - top). */
const TOTAL = `${TOP}f32 total = 0.0;
for (u32 j = 0u; j < $classes; j += 1u) { total += asFloat(exp_(less_(x0(first + j), top))); }
`;

/**
 * Sets `top`, and `logSum` to the word of ln of the sum of e^(x - top). The first of the largest, 1, is left out of the sum: where the others are small,
 * the digits of the logarithm come from them. Not for a row whose maximum is not finite.
 */
const LOG_SUM = `${TOP}bool left = true;
f32 others = 0.0;
for (u32 j = 0u; j < $classes; j += 1u) {
u32 v = x0(first + j);
if (left && asFloat(v) == asFloat(top)) { left = false; } else { others += asFloat(exp_(less_(v, top))); }
}
u32 logSum = log1p_(asWord(others));
`;

/** Whether the maximum of a row is finite. `top` is its word. */
const FINITE = 'bool finite_ = (top & 0x7fffffffu) < 0x7f800000u;\n';

/** Gives `body` views of scratch memory with a word for each row of x: the maximum, and what `code` makes of the row. */
function ofRows(device: ShaderDevice, x: View, what: string, code: string, body: (top: View, other: View) => void): void {
  if (x.size === 0) return;
  const classes = x.shape.at(-1)!;
  const spec = specOf('float32', [x.size / classes]);
  device.scratch(spec, (top) =>
    device.scratch(spec, (other) => {
      device.run({
        key: `softmax ${what} of rows`,
        outputs: [top, other],
        inputs: [x],
        parameters: { classes },
        baked: true,
        code: () => `void word(u32 i) {\nu32 first = i * $classes;\n${code}r0 = top;\n}\n`,
      });
      body(top, other);
    }),
  );
}

export const softmax: Kernels = (device) => ({
  softmax({ in: { x }, out: { y } }) {
    ofRows(device, x, 'total', `${TOTAL}r1 = asWord(total);\n`, (top, total) =>
      device.run({
        key: 'softmax',
        outputs: [y],
        inputs: [x, top, total],
        parameters: { classes: x.shape.at(-1)! },
        baked: true,
        code: () => `void word(u32 i) {\nu32 row = i / $classes;\nr0 = divide_(exp_(less_(x0(i), x1(row))), x2(row));\n}\n`,
      }),
    );
  },

  logSoftmax({ in: { x }, out: { y } }) {
    ofRows(device, x, 'logSum', `${LOG_SUM}r1 = logSum;\n`, (largest, logSum) =>
      device.run({
        key: 'logSoftmax',
        outputs: [y],
        inputs: [x, largest, logSum],
        parameters: { classes: x.shape.at(-1)! },
        baked: true,
        code: () => `void word(u32 i) {
u32 row = i / $classes;
u32 top = x1(row);
${FINITE}r0 = select(0x7fc00000u, less_(less_(x0(i), top), x2(row)), finite_);
}
`,
      }),
    );
  },

  logSumExp({ in: { x }, out: { y } }) {
    device.run({
      key: 'logSumExp',
      outputs: [y],
      inputs: [x],
      parameters: { classes: x.shape.at(-1)! },
      baked: true,
      code: () => `void word(u32 i) {\nu32 first = i * $classes;\n${LOG_SUM}${FINITE}r0 = select(top, add_(top, logSum), finite_);\n}\n`,
    });
  },

  softmaxCrossEntropy({ in: { logits, labels }, out: { loss, dlogits } }) {
    const parameters = { classes: logits.shape[1]! };
    device.run({
      key: 'softmaxCrossEntropy loss',
      outputs: [loss],
      inputs: [logits, labels],
      parameters,
      baked: true,
      code: () => `void word(u32 i) {
u32 first = i * $classes;
u32 label = x1(i);
${LOG_SUM}${FINITE}r0 = 0x7fc00000u;
if (label < $classes) { r0 = select(less_(top, x0(first + label)), add_(less_(top, x0(first + label)), logSum), finite_); }
}
`,
    });
    ofRows(device, logits, 'total', `${TOTAL}r1 = asWord(total);\n`, (top, total) =>
      device.run({
        key: 'softmaxCrossEntropy gradient',
        outputs: [dlogits],
        inputs: [logits, labels, top, total],
        parameters,
        baked: true,
        code: () => `void word(u32 i) {
u32 row = i / $classes;
u32 label = x1(row);
r0 = 0x7fc00000u;
if (label < $classes) { r0 = less_(divide_(exp_(less_(x0(i), x2(row))), x3(row)), select(0u, 0x3f800000u, i % $classes == label)); }
}
`,
      }),
    );
  },
});
