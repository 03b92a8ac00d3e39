// Random bits and dropout: Philox4x32-10 with the counter (i / 4, 0, 0, 0). Salmon, Moraes, Dror, Shaw 2011.

import type { Kernels } from '../pass.ts';
import { floatBits } from '../words.ts';

const PHILOX = `u32 highProduct(u32 a, u32 c) {
u32 al = a & 0xffffu;
u32 ah = a >> 16u;
u32 cl = c & 0xffffu;
u32 ch = c >> 16u;
u32 m = ah * cl + ((al * cl) >> 16u);
u32 k = al * ch + (m & 0xffffu);
return ah * ch + (m >> 16u) + (k >> 16u);
}
vec4u philox(u32 block, u32 low, u32 high) {
vec4u c = vec4u(block, 0u, 0u, 0u);
u32 k0 = low;
u32 k1 = high;
for (u32 r = 0u; r < 10u; r += 1u) {
c = vec4u(highProduct(0xcd9e8d57u, c.z) ^ c.y ^ k0, 0xcd9e8d57u * c.z, highProduct(0xd2511f53u, c.x) ^ c.w ^ k1, 0xd2511f53u * c.x);
k0 += 0x9e3779b9u;
k1 += 0xbb67ae85u;
}
return c;
}
`;

/** Random words have 24 bits. */
const RANGE = 2 ** 24;

export const random: Kernels = (device) => ({
  randomBits: ({ out: { y }, scalars: { keyLow, keyHigh } }) =>
    device.run({
      key: 'randomBits',
      outputs: [y],
      inputs: [],
      parameters: { keyLow, keyHigh },
      unit: 'texel',
      code: () => `${PHILOX}void texel(u32 i) {\nr0 = philox(i >> 2u, $keyLow, $keyHigh) >> vec4u(8u, 8u, 8u, 8u);\n}\n`,
    }),

  dropout: ({ in: { x }, out: { y }, scalars: { rate, keyLow, keyHigh } }) =>
    device.run({
      key: 'dropout',
      outputs: [y],
      inputs: [x],
      parameters: { keyLow, keyHigh, threshold: Math.round(rate * RANGE), scale: floatBits(1 / (1 - rate)) },
      unit: 'texel',
      code: () => `${PHILOX}u32 kept(u32 i, u32 random) {
return select(0u, asWord(asFloat(x0(i)) * asFloat($scale)), (random >> 8u) >= $threshold);
}
void texel(u32 i) {
vec4u w = philox(i >> 2u, $keyLow, $keyHigh);
r0 = vec4u(kept(i, w.x), kept(i + 1u, w.y), kept(i + 2u, w.z), kept(i + 3u, w.w));
}
`,
    }),
});
