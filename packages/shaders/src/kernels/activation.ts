// Activations as expressions, and the kernels that add a bias and apply them.

import type { Activation, View } from '@sinapse/core';
import { sizeOf, specOf } from '@sinapse/core';
import type { Kernels } from '../pass.ts';
import { floatBits } from '../words.ts';
import { reduce } from './reduce.ts';

const ACTIVATIONS: Readonly<Record<Activation, string>> = {
  linear: 'a',
  relu: 'max_(a, 0u)',
  leakyRelu: 'select(asWord(asFloat(a) * asFloat(alpha)), a, asFloat(a) > 0.0)',
  sigmoid: 'sigmoid_(a)',
  tanh: 'tanh_(a)',
};

const SLOPES: Readonly<Record<Activation, string>> = {
  linear: 'd',
  relu: 'select(d * 0.0, d, y > 0.0)',
  leakyRelu: 'select(d * asFloat($alpha), d, y > 0.0)',
  sigmoid: 'd * (y * (1.0 - y))',
  tanh: 'd * (1.0 - y * y)',
};

/** A function of the shared language that gives the word of an activation's value for the word a: `u32 activate(u32 a, u32 alpha)`. */
export function activationFunction(activation: Activation): string {
  return `u32 activate(u32 a, u32 alpha) {\nreturn ${ACTIVATIONS[activation]};\n}\n`;
}

export const activation: Kernels = (device) => ({
  biasActivation({ in: { x, bias }, out: { y }, attrs, scalars }) {
    device.run({
      key: `biasActivation ${attrs.activation} ${bias !== undefined}`,
      outputs: [y],
      inputs: bias === undefined ? [x] : [x, bias],
      parameters: { channels: bias?.size ?? 1 },
      scalars: { alpha: floatBits(scalars.alpha) },
      baked: true,
      code: () =>
        `${activationFunction(attrs.activation)}void word(u32 i) {\nr0 = activate(${bias === undefined ? 'x0(i)' : 'asWord(asFloat(x0(i)) + asFloat(x1(i % $channels)))'}, $alpha);\n}\n`,
    });
  },

  biasActivationGrad({ in: { y, dy }, out: { dx, dbias }, attrs, scalars }) {
    device.run({
      key: `biasActivationGrad ${attrs.activation}`,
      outputs: [dx],
      inputs: [y, dy],
      parameters: { alpha: floatBits(scalars.alpha) },
      code: () => `void word(u32 i) {\nf32 y = asFloat(x0(i));\nf32 d = asFloat(x1(i));\nr0 = asWord(${SLOPES[attrs.activation]});\n}\n`,
    });
    if (!attrs.bias) return device.run(nothing(dbias));
    const rows = { ...dx, ...specOf(dx.dtype, [dbias.size === 0 ? 0 : dx.size / dbias.size, sizeOf(dbias.shape)]) };
    reduce(device).reduce!({ in: { x: rows }, out: { y: dbias }, attrs: { op: 'sum', axes: [0], keepDims: false }, scalars: {} });
  },
});

/** Zeros, for an output that nothing reads. */
function nothing(y: View): Parameters<Parameters<Kernels>[0]['run']>[0] {
  return { key: 'zeros', outputs: [y], inputs: [], code: () => `void word(u32 i) { r0 = 0u; }\n` };
}
