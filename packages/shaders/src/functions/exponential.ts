// Functions built on the exponential. Devices promise little of their own exp and tanh, so these are polynomials after Cephes (Moshier 1989),
// within 4 units in the last place. Each takes and gives the word of a float32.

import type { FunctionList } from './function-list.ts';

export const functions: FunctionList = {
  exp_: `u32 exp_(u32 a) {
if (isNan(a)) { return a; }
f32 x = asFloat(a);
if (x > 88.72284) { return 0x7f800000u; }
if (x < -104.0) { return 0u; }
f32 n = floor(x * 1.44269504 + 0.5);
f32 r = (x - n * 0.693359375) - n * -2.12194440e-4;
f32 q = 1.9875691500e-4;
q = q * r + 1.3981999507e-3;
q = q * r + 8.3334519073e-3;
q = q * r + 4.1665795894e-2;
q = q * r + 1.6666665459e-1;
q = q * r + 5.0000001201e-1;
f32 v = q * r * r + r + 1.0;
i32 k = i32(n);
i32 low = k / 2;
return asWord(v * asFloat(asUnsigned(low + 127) << 23u) * asFloat(asUnsigned(k - low + 127) << 23u));
}
`,
  expm1_: `u32 expm1_(u32 a) {
f32 x = asFloat(a);
if (isNan(a) || isZero(a)) { return a; }
if (abs(x) > 0.5) { return asWord(asFloat(exp_(a)) - 1.0); }
f32 q = 1.9875691500e-4;
q = q * x + 1.3981999507e-3;
q = q * x + 8.3334519073e-3;
q = q * x + 4.1665795894e-2;
q = q * x + 1.6666665459e-1;
q = q * x + 5.0000001201e-1;
return asWord(q * x * x + x);
}
`,
  tanh_: `u32 tanh_(u32 a) {
if (isNan(a)) { return a; }
f32 x = asFloat(a);
f32 z = abs(x);
if (z > 10.0) { return (a & 0x80000000u) | 0x3f800000u; }
if (z < 0.625) {
f32 s = x * x;
f32 q = -5.70498872745e-3;
q = q * s + 2.06390887954e-2;
q = q * s - 5.37397155531e-2;
q = q * s + 1.33314422036e-1;
q = q * s - 3.33332819422e-1;
return asWord(q * s * x + x);
}
return asWord(1.0 - 2.0 / (asFloat(exp_(asWord(z + z))) + 1.0)) | (a & 0x80000000u);
}
`,
  sigmoid_: `u32 sigmoid_(u32 a) {
if (isNan(a)) { return a; }
f32 x = asFloat(a);
if (x >= 0.0) { return asWord(1.0 / (1.0 + asFloat(exp_(asWord(-x))))); }
f32 e = asFloat(exp_(a));
return asWord(e / (1.0 + e));
}
`,
  // erfc(z) for z >= 0.9: t e^(q(t) - z²), a fit of Press, Teukolsky, Vetterling, Flannery (Numerical Recipes, 6.2). z² is split into a part without
  // rounding and a rest, as its error would grow in the exponential.
  erfcTail_: `f32 erfcTail_(f32 z) {
f32 t = 1.0 / (1.0 + 0.5 * z);
f32 q = 0.17087277;
q = q * t - 0.82215223;
q = q * t + 1.48851587;
q = q * t - 1.13520398;
q = q * t + 0.27886807;
q = q * t - 0.18628806;
q = q * t + 0.09678418;
q = q * t + 0.37409196;
q = q * t + 1.00002368;
q = q * t - 1.26551223;
f32 high = asFloat(asWord(z) & 0xfffff000u);
return t * asFloat(exp_(asWord(-high * high))) * asFloat(exp_(asWord(q - (z - high) * (z + high))));
}
`,
  // The Taylor series of erf, for |x| < 0.9.
  erfSeries_: `f32 erfSeries_(f32 x) {
f32 s = x * x;
f32 term = x;
f32 total = x;
for (i32 k = 1; k < 12; k += 1) {
term *= -s / f32(k);
total += term / f32(2 * k + 1);
}
return total * 1.1283791671;
}
`,
  erf_: `u32 erf_(u32 a) {
if (isNan(a)) { return a; }
f32 x = asFloat(a);
f32 z = abs(x);
if (z > 4.0) { return (a & 0x80000000u) | 0x3f800000u; }
if (z < 0.9) { return asWord(erfSeries_(x)); }
return asWord(1.0 - erfcTail_(z)) | (a & 0x80000000u);
}
`,
  erfc_: `u32 erfc_(u32 a) {
if (isNan(a)) { return a; }
f32 x = asFloat(a);
if (x > 10.1) { return 0u; }
if (x < -4.0) { return 0x40000000u; }
if (abs(x) < 0.5) { return asWord(1.0 - erfSeries_(x)); }
f32 tail = erfcTail_(abs(x));
return asWord(select(tail, 2.0 - tail, x < 0.0));
}
`,
};
