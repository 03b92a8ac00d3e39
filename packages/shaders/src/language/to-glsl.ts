// Prints the shared language (`to-wgsl.ts` has its rules) as GLSL ES 3.00, where its own words are macros.

/** Comes after `#version 300 es`. The code of the shared language follows it unchanged. */
export const GLSL_PRELUDE = `precision highp float;
precision highp int;
precision highp usampler2D;
#define f32 float
#define i32 int
#define u32 uint
#define vec2u uvec2
#define vec4u uvec4
#define vec4f vec4
#define select(no, yes, condition) ((condition) ? (yes) : (no))
#define asWord(x) floatBitsToUint(x)
#define asFloat(w) uintBitsToFloat(w)
#define asWord4(x) floatBitsToUint(x)
#define asFloat4(w) uintBitsToFloat(w)
#define asInt(w) int(w)
#define asUnsigned(n) uint(n)
`;
