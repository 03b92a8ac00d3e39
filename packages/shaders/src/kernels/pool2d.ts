// Pools of windows and their gradients. The first of equal values is the maximum, and NaN wins.

import { specOf } from '@sinapse/core';
import type { Kernels } from '../pass.ts';
import { floatBits } from '../words.ts';
import { geometryParameters, IMAGE_INDEX, OUTPUT_INDEX, overNearOutputs, overWindow } from './windows.ts';

const LOWEST = floatBits(-Infinity);

/** Sets `best` to the word of the maximum of the window at oy, ox in channel `channel`, and `bestTap` to its tap. */
const maximum = (channel: string): string => `u32 best = ${LOWEST}u;
i32 bestTap = -1;
${overWindow(`u32 v = x0(((n * $height + iy) * $width + ix) * $channels + ${channel});
if (!isNan(best) && (bestTap < 0 || isNan(v) || asFloat(v) > asFloat(best))) {
best = v;
bestTap = asInt(ky * $windowX + kx);
}`)}`;

/** The number of elements that an average divides by. */
const counted = (includePadding: boolean): string =>
  includePadding ? 'f32 count = f32($windowY * $windowX);\n' : `f32 count = 0.0;\n${overWindow('count += 1.0;')}`;

export const pool2d: Kernels = (device) => ({
  maxPool2d({ in: { x }, out: { y }, attrs }) {
    device.run({
      key: 'maxPool2d',
      outputs: [y],
      inputs: [x],
      parameters: geometryParameters(attrs, attrs.window, x.shape, y.shape),
      baked: true,
      code: () => `void word(u32 i) {\n${OUTPUT_INDEX}${maximum('oc')}r0 = best;\n}\n`,
    });
  },

  maxPool2dGrad({ in: { x, dy }, out: { dx }, attrs }) {
    const parameters = geometryParameters(attrs, attrs.window, x.shape, dy.shape);
    device.scratch(specOf('int32', dy.shape), (taps) => {
      device.run({
        key: 'maxPool2dGrad taps',
        outputs: [taps],
        inputs: [x],
        parameters,
        baked: true,
        code: () => `void word(u32 i) {\n${OUTPUT_INDEX}${maximum('oc')}r0 = asUnsigned(bestTap);\n}\n`,
      });
      device.run({
        key: 'maxPool2dGrad',
        outputs: [dx],
        inputs: [taps, dy],
        parameters,
        baked: true,
        code: () => `void word(u32 i) {
${IMAGE_INDEX}f32 total = 0.0;
${overNearOutputs(`u32 at = ((n * $outHeight + oy) * $outWidth + ox) * $channels + c;
if (x0(at) == ky * $windowX + kx) { total += asFloat(x1(at)); }`)}
r0 = asWord(total);
}
`,
      });
    });
  },

  avgPool2d({ in: { x }, out: { y }, attrs }) {
    device.run({
      key: `avgPool2d ${attrs.includePadding}`,
      outputs: [y],
      inputs: [x],
      parameters: geometryParameters(attrs, attrs.window, x.shape, y.shape),
      code: () => `void word(u32 i) {
${OUTPUT_INDEX}f32 total = 0.0;
${overWindow('total += asFloat(x0(((n * $height + iy) * $width + ix) * $channels + oc));')}${counted(attrs.includePadding)}r0 = divide_(asWord(total), asWord(count));
}
`,
    });
  },

  avgPool2dGrad({ in: { dy }, out: { dx }, attrs }) {
    device.run({
      key: `avgPool2dGrad ${attrs.includePadding}`,
      outputs: [dx],
      inputs: [dy],
      parameters: geometryParameters(attrs, attrs.window, dx.shape, dy.shape),
      baked: true,
      code: () => `f32 countOf(u32 oy, u32 ox) {
${counted(attrs.includePadding)}return count;
}
void word(u32 i) {
${IMAGE_INDEX}f32 total = 0.0;
${overNearOutputs('total += asFloat(x0(((n * $outHeight + oy) * $outWidth + ox) * $channels + c)) / countOf(oy, ox);')}
r0 = asWord(total);
}
`,
    });
  },
});
