// Prints a pass as a fragment shader. A fragment is a texel: four words of each output.

import type { Parameters, Pass } from '@sinapse/shaders';
import { GLSL_PRELUDE, libraryFor, withConstants, withShifts, withWords } from '@sinapse/shaders';
import type { Widths } from './layout.ts';
import { fragmentOf, positionOf } from './layout.ts';

/** Draws a triangle that covers the target. */
export const VERTEX_SHADER = `#version 300 es
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }
`;

/**
 * The fragment shader of a pass.
 * @param own what the runner adds to the pass's parameters: `_size`
 */
export function fragmentShaderOf(pass: Pass, own: Parameters, widths: Widths): string {
  const { outputs, inputs, baked = false, parameters = {}, scalars = {}, unit = 'word' } = pass;
  const names = [...Object.keys(own), ...(baked ? [] : Object.keys(parameters)), ...Object.keys(scalars)];
  const lines = [
    `uniform uvec4 p[${Math.ceil(names.length / 4)}];`,
    ...inputs.flatMap((_, k) => [
      `uniform usampler2D t${k};`,
      `uint x${k}(uint i) { return texelFetch(t${k}, ${positionOf('i >> 2u', widths.inputs[k]!)}, 0)[i & 3u]; }`,
      `uvec4 v${k}(uint t) { return texelFetch(t${k}, ${positionOf('t', widths.inputs[k]!)}, 0); }`,
    ]),
    ...outputs.map((_, k) => `layout(location = ${k}) out uvec4 o${k};\n${unit === 'texel' ? 'uvec4' : 'uint'} r${k};`),
  ];
  const code = pass.code();
  const write = outputs.map((_, k) => k);
  const body =
    unit === 'texel'
      ? `texel(i);\n${write.map((k) => `o${k} = r${k};`).join('\n')}`
      : `${write.map((k) => `uvec4 q${k} = uvec4(0u);`).join(' ')}
for (uint k = 0u; k < 4u && i + k < $_size; k += 1u) { word(i + k); ${write.map((k) => `q${k}[k] = r${k};`).join(' ')} }
${write.map((k) => `o${k} = q${k};`).join(' ')}`;
  const whole = `#version 300 es
${GLSL_PRELUDE}${lines.join('\n')}
${libraryFor(code)}${code}
void main() {
uint i = ${fragmentOf(widths.output)} * 4u;
${body}
}
`;
  return withWords(baked ? withShifts(withConstants(whole, parameters)) : whole, names, (number) => `p[${number >> 2}][${number & 3}]`);
}
