// Operations that must be exact, or that GLSL leaves undefined for NaN, infinities and negative integers. Floats are words.

import type { FunctionList } from './function-list.ts';

export const functions: FunctionList = {
  round_: `u32 round_(u32 a) {
if (isNan(a) || isInfinite(a) || abs(asFloat(a)) >= 8388608.0) { return a; }
return (asWord(roundEven(abs(asFloat(a)))) & 0x7fffffffu) | (a & 0x80000000u);
}
`,
  floor_: `u32 floor_(u32 a) {
if (isNan(a) || isInfinite(a) || isZero(a)) { return a; }
return asWord(floor(asFloat(a)));
}
`,
  ceil_: `u32 ceil_(u32 a) {
if (isNan(a) || isInfinite(a) || isZero(a)) { return a; }
return (asWord(ceil(asFloat(a))) & 0x7fffffffu) | (a & 0x80000000u);
}
`,
  sqrt_: `u32 sqrt_(u32 a) {
if (isZero(a) || a == 0x7f800000u) { return a; }
if (isNan(a) || a >= 0x80000000u) { return 0x7fc00000u; }
return asWord(sqrt(asFloat(a)));
}
`,
  sign_: `u32 sign_(u32 a) {
if (isNan(a) || isZero(a)) { return a; }
return (a & 0x80000000u) | 0x3f800000u;
}
`,
  // |a| mod |d| bit by bit; a and d finite, d not 0.
  remainder_: `u32 remainder_(u32 a, u32 d) {
u32 x = a & 0x7fffffffu;
u32 y = d & 0x7fffffffu;
if (x < y) { return x; }
i32 ex = asInt(x >> 23u);
u32 mx = x & 0x7fffffu;
if (ex == 0) { ex = 1; } else { mx |= 0x800000u; }
i32 ey = asInt(y >> 23u);
u32 my = y & 0x7fffffu;
if (ey == 0) { ey = 1; } else { my |= 0x800000u; }
while (ex > ey) {
if (mx >= my) { mx -= my; }
mx = mx << 1u;
ex -= 1;
}
if (mx >= my) { mx -= my; }
if (mx == 0u) { return 0u; }
while (mx < 0x800000u && ex > 1) {
mx = mx << 1u;
ex -= 1;
}
return select((asUnsigned(ex) << 23u) | (mx & 0x7fffffu), mx, mx < 0x800000u);
}
`,
  mod_: `u32 mod_(u32 a, u32 d) {
if (isNan(a) || isNan(d) || isInfinite(a) || isZero(d)) { return 0x7fc00000u; }
if (isInfinite(d)) {
if (isZero(a)) { return d & 0x80000000u; }
return select(d, a, (a >> 31u) == (d >> 31u));
}
u32 m = remainder_(a, d);
if (m == 0u) { return d & 0x80000000u; }
u32 r = m | (a & 0x80000000u);
if ((a >> 31u) == (d >> 31u)) { return r; }
return asWord(asFloat(r) + asFloat(d));
}
`,
  divide_: `u32 divide_(u32 a, u32 d) {
if (isNan(a) || isNan(d) || (isInfinite(a) && isInfinite(d))) { return 0x7fc00000u; }
u32 s = (a ^ d) & 0x80000000u;
if (isZero(d)) { return select(s | 0x7f800000u, 0x7fc00000u, isZero(a)); }
if (isInfinite(d)) { return s; }
if (isInfinite(a)) { return s | 0x7f800000u; }
return asWord(asFloat(a) / asFloat(d));
}
`,
  power_: `u32 power_(u32 a, u32 c) {
f32 y = asFloat(c);
if (isZero(c) || a == 0x3f800000u) { return 0x3f800000u; }
if (isNan(a) || isNan(c)) { return 0x7fc00000u; }
u32 m = a & 0x7fffffffu;
if (isInfinite(c)) {
if (m == 0x3f800000u) { return 0x3f800000u; }
return select(0u, 0x7f800000u, (m > 0x3f800000u) == (c < 0x80000000u));
}
bool whole = floor(y) == y;
bool odd = whole && abs(y) < 16777216.0 && (i32(y) & 1) != 0;
u32 s = select(0u, a & 0x80000000u, odd);
if (m == 0u || m == 0x7f800000u) { return select(0u, 0x7f800000u, (m == 0u) == (c >= 0x80000000u)) | s; }
if (a >= 0x80000000u && !whole) { return 0x7fc00000u; }
return exp_(asWord(y * asFloat(log_(m)))) | s;
}
`,
  intPower_: `u32 intPower_(i32 x, i32 n) {
if (n < 0) {
if (x == 1) { return 1u; }
if (x == -1) { return select(1u, 0xffffffffu, (n & 1) != 0); }
return 0u;
}
u32 r = 1u;
u32 q = asUnsigned(x);
u32 e = asUnsigned(n);
while (e > 0u) {
if ((e & 1u) == 1u) { r *= q; }
q *= q;
e = e >> 1u;
}
return r;
}
`,
  intDivide_: `u32 intDivide_(i32 a, i32 d) {
if (d == 0) { return 0u; }
if (d == -1) { return 0u - asUnsigned(a); }
return asUnsigned(a / d);
}
`,
  intMod_: `u32 intMod_(i32 a, i32 d) {
if (d == 0 || d == -1) { return 0u; }
i32 r = a - (a / d) * d;
if (r != 0 && ((r < 0) != (d < 0))) { r += d; }
return asUnsigned(r);
}
`,
};
