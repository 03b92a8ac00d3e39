// Logarithms, after Cephes (Moshier 1989). Each takes and gives the word of a float32. Subnormals count as zero.

import type { FunctionList } from './function-list.ts';

export const functions: FunctionList = {
  logTail: `f32 logTail(f32 x) {
f32 q = 7.0376836292e-2;
q = q * x - 1.1514610310e-1;
q = q * x + 1.1676998740e-1;
q = q * x - 1.2420140846e-1;
q = q * x + 1.4249322787e-1;
q = q * x - 1.6668057665e-1;
q = q * x + 2.0000714765e-1;
q = q * x - 2.4999993993e-1;
q = q * x + 3.3333331174e-1;
return q * x * (x * x);
}
`,
  log_: `u32 log_(u32 a) {
if ((a & 0x7fffffffu) < 0x800000u) { return 0xff800000u; }
if (isNan(a) || a >= 0x80000000u) { return 0x7fc00000u; }
if (isInfinite(a)) { return a; }
i32 e = asInt(a >> 23u) - 126;
f32 m = asFloat((a & 0x7fffffu) | 0x3f000000u);
if (m < 0.707106781) {
e -= 1;
m = m + m - 1.0;
} else {
m = m - 1.0;
}
f32 n = f32(e);
f32 y = logTail(m) + n * -2.12194440e-4 - 0.5 * (m * m);
return asWord(m + y + n * 0.693359375);
}
`,
  log1p_: `u32 log1p_(u32 a) {
f32 x = asFloat(a);
if (isNan(a) || isZero(a)) { return a; }
if (x <= -1.0) { return select(0x7fc00000u, 0xff800000u, x == -1.0); }
if (abs(x) < 0.29) { return asWord(x + (logTail(x) - 0.5 * x * x)); }
return log_(asWord(1.0 + x));
}
`,
};
