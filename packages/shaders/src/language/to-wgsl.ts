// Prints the shared language as WGSL.
//
// The shared language has the form of GLSL and the type names of WGSL: `f32 wave(f32 x) { for (u32 k = 0u; k < 4u; k += 1u) { … } }`. Its types are
// bool, i32, u32, f32, vec2u, vec4u and vec4f. Its rules are what both languages have in common:
//
// - `select(ifFalse, ifTrue, condition)` stands for `?:`; braces follow every `if` and `for`; a function does not assign to its parameters.
// - Nothing is converted silently: `1.0` is a float, `1u` unsigned, `1` signed, and `f32(k)` converts. Shifts are by unsigned numbers.
// - Parentheses stand where `&`, `|`, `^`, `<<` or `>>` meet other operators. A statement declares one variable. A function begins a line.
// - `asWord(x)` is the word of a float, `asFloat(w)` the float of a word, `asInt(w)` and `asUnsigned(n)` go between i32 and u32: no bit changes.
//   `asWord4` and `asFloat4` do so for four. There are no arrays.

const TYPE = 'bool|i32|u32|f32|vec2u|vec4u|vec4f';

/** Functions of the shared language that WGSL calls otherwise. */
export const WGSL_PRELUDE = `fn asWord(x: f32) -> u32 { return bitcast<u32>(x); }
fn asFloat(w: u32) -> f32 { return bitcast<f32>(w); }
fn asWord4(x: vec4f) -> vec4u { return bitcast<vec4u>(x); }
fn asFloat4(w: vec4u) -> vec4f { return bitcast<vec4f>(w); }
fn asInt(w: u32) -> i32 { return bitcast<i32>(w); }
fn asUnsigned(n: i32) -> u32 { return bitcast<u32>(n); }
fn roundEven(x: f32) -> f32 { return round(x); }
`;

export function toWgsl(code: string): string {
  return code
    .replace(new RegExp(`^(void|${TYPE}) (\\w+)\\(([^)]*)\\) \\{`, 'gm'), (_, type: string, name: string, parameters: string) => {
      const list = parameters.replace(new RegExp(`(${TYPE}) (\\w+)`, 'g'), '$2: $1');
      return `fn ${name}(${list})${type === 'void' ? '' : ` -> ${type}`} {`;
    })
    .replace(new RegExp(`\\b(${TYPE}) (\\w+)( =|;)`, 'g'), 'var $2: $1$3');
}
