// Batch normalisation and its gradient. Ioffe, Szegedy 2015, algorithm 1 and section 3.

import type { View } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { Kernels, Parameters, ShaderDevice } from '../pass.ts';
import { floatBits } from '../words.ts';
import { activation, activationFunction } from './activation.ts';

/** Rows of a first partial sum: long sums are split, so that many threads work and little precision is lost. */
const ROWS = 64;

/**
 * Sums a term over all rows of a batch, for each channel.
 * @param key of the term's code
 * @param term sets `f32 value` for row `row` and channel `c`; inputs are those given, `at` is the word of both
 */
function sumRows(
  device: ShaderDevice,
  key: string,
  inputs: readonly View[],
  y: View,
  rows: number,
  term: string,
  scalars: Parameters = {},
): void {
  const channels = y.size;
  const parts = Math.max(1, Math.ceil(rows / ROWS));
  const spec = { dtype: 'float32' as const, shape: [parts, channels], size: parts * channels };
  device.scratch(spec, (partial) => {
    device.run({
      key: `${key} rows`,
      outputs: [partial],
      inputs,
      parameters: { rows, channels },
      scalars,
      baked: true,
      code: () => `void word(u32 i) {
u32 c = i % $channels;
u32 begin = (i / $channels) * ${ROWS}u;
u32 end = min(begin + ${ROWS}u, $rows);
f32 total = 0.0;
for (u32 row = begin; row < end; row += 1u) {
u32 at = row * $channels + c;
${term}
total += value;
}
r0 = asWord(total);
}
`,
    });
    device.run({
      key: 'sum of parts',
      outputs: [y],
      inputs: [partial],
      parameters: { parts, channels },
      baked: true,
      code: () => `void word(u32 i) {
f32 total = 0.0;
for (u32 part = 0u; part < $parts; part += 1u) { total += asFloat(x0(part * $channels + i)); }
r0 = asWord(total);
}
`,
    });
  });
}

export const batchNorm: Kernels = (device) => ({
  batchNorm({ in: { x, scale, offset, residual }, out: { y, mean, variance }, attrs, scalars: { alpha, epsilon } }) {
    const channels = scale.size;
    const rows = sizeOf(x.shape.slice(0, -1));
    const divided = (from: View, to: View): void =>
      device.run({
        key: 'divide by rows',
        outputs: [to],
        inputs: [from],
        parameters: { rows: floatBits(rows) },
        code: () => `void word(u32 i) { r0 = divide_(x0(i), $rows); }\n`,
      });
    device.scratch(mean, (sum) => {
      sumRows(device, 'batchNorm mean', [x], sum, rows, 'f32 value = asFloat(x0(at));');
      divided(sum, mean);
      const squares = 'f32 off = asFloat(x0(at)) - asFloat(x1(c));\nf32 value = off * off;';
      sumRows(device, 'batchNorm variance', [x, mean], sum, rows, squares);
      divided(sum, variance);
    });
    device.run({
      key: `batchNorm ${attrs.activation} ${residual !== undefined}`,
      outputs: [y],
      inputs: [x, scale, offset, mean, variance, ...(residual === undefined ? [] : [residual])],
      parameters: { channels },
      scalars: { alpha: floatBits(alpha), epsilon: floatBits(epsilon) },
      baked: true,
      code: () => `${activationFunction(attrs.activation)}void word(u32 i) {
u32 c = i % $channels;
f32 z = (asFloat(x0(i)) - asFloat(x3(c))) * (asFloat(x1(c)) / sqrt(asFloat(x4(c)) + asFloat($epsilon))) + asFloat(x2(c));
${residual === undefined ? '' : 'z += asFloat(x5(i));\n'}r0 = activate(asWord(z), $alpha);
}
`,
    });
  },

  batchNormGrad({ in: { x, y, dy, scale, mean, variance }, out: { dx, dscale, doffset, dresidual }, attrs, scalars }) {
    const channels = scale.size;
    const rows = sizeOf(x.shape.slice(0, -1));
    const epsilon = floatBits(scalars.epsilon);
    const through = (dz: View): void => {
      sumRows(device, 'batchNormGrad offset', [dz], doffset, rows, 'f32 value = asFloat(x0(at));');
      const term = 'f32 value = asFloat(x0(at)) * ((asFloat(x1(at)) - asFloat(x2(c))) / sqrt(asFloat(x3(c)) + asFloat($epsilon)));';
      sumRows(device, 'batchNormGrad scale', [dz, x, mean, variance], dscale, rows, term, { epsilon });
      device.run({
        key: 'batchNormGrad',
        outputs: [dx],
        inputs: [dz, x, scale, mean, variance, dscale, doffset],
        parameters: { channels, count: floatBits(rows) },
        scalars: { epsilon },
        baked: true,
        code: () => `void word(u32 i) {
u32 c = i % $channels;
f32 inverse = 1.0 / sqrt(asFloat(x4(c)) + asFloat($epsilon));
f32 normalised = (asFloat(x1(i)) - asFloat(x3(c))) * inverse;
f32 common_ = (asFloat(x6(c)) + normalised * asFloat(x5(c))) / asFloat($count);
r0 = asWord((asFloat(x0(i)) - common_) * (asFloat(x2(c)) * inverse));
}
`,
      });
    };
    const slope = (dz: View): void => {
      activation(device).biasActivationGrad!({
        in: { y, dy },
        out: { dx: dz, dbias: { ...dz, shape: [0], size: 0 } },
        attrs: { activation: attrs.activation, bias: false },
        scalars: { alpha: scalars.alpha },
      });
      through(dz);
    };
    if (attrs.residual) slope(dresidual);
    else device.scratch({ dtype: 'float32', shape: x.shape, size: x.size }, slope);
  },
});
