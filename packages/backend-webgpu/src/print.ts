// Prints a pass as a WGSL module.

import { libraryFor, toWgsl, WGSL_PRELUDE, withConstants, withWords } from '@sinapse/shaders';
import type { Parameters, Pass } from '@sinapse/shaders';

/** Threads of a workgroup, and workgroups along x: more go along y. */
export const THREADS = 64;
export const GROUPS = 65535;

/** The words of a call's parameters. */
export const WORDS = 128;

/**
 * The module of a pass. Output k is bound at k + 1, the inputs after the outputs; an input that shares its storage with output k has no binding.
 * @param own what the runner adds to the pass's parameters: `_size`, and the offsets `_y0`, …, `_x0`, …
 * @param shared for each input the output whose storage it shares, or undefined
 */
export function moduleOf(pass: Pass, own: Parameters, shared: readonly (number | undefined)[]): string {
  const texel = pass.unit === 'texel';
  const lines = [`@group(0) @binding(0) var<uniform> p: array<vec4u, ${WORDS / 4}>;`];
  let binding = 1;
  pass.outputs.forEach((_, k) => lines.push(`@group(0) @binding(${binding++}) var<storage, read_write> y${k}: array<u32>;`));
  pass.inputs.forEach((_, k) => {
    const output = shared[k];
    const aligned = pass.aligned?.includes(k) === true;
    if (output !== undefined) {
      lines.push(`fn x${k}(i: u32) -> u32 { return y${output}[i + $_x${k}]; }`);
      if (aligned)
        lines.push(
          `fn v${k}(t: u32) -> vec4u { return vec4u(x${k}(4u * t), x${k}(4u * t + 1u), x${k}(4u * t + 2u), x${k}(4u * t + 3u)); }`,
        );
      return;
    }
    lines.push(`@group(0) @binding(${binding++}) var<storage, read> t${k}: array<${aligned ? 'vec4u' : 'u32'}>;`);
    if (aligned) {
      lines.push(`fn x${k}(i: u32) -> u32 { let at = i + $_x${k}; return t${k}[at >> 2u][at & 3u]; }`);
      lines.push(`fn v${k}(t: u32) -> vec4u { return t${k}[t + ($_x${k} >> 2u)]; }`);
    } else lines.push(`fn x${k}(i: u32) -> u32 { return t${k}[i + $_x${k}]; }`);
  });
  pass.outputs.forEach((_, k) => lines.push(`var<private> r${k}: ${texel ? 'vec4u' : 'u32'};`));
  const code = pass.code();
  const body = toWgsl(libraryFor(code) + code);
  const write = pass.outputs.map((_, k) =>
    texel ? `for (var k = 0u; k < 4u && i + k < $_size; k++) { y${k}[i + k + $_y${k}] = r${k}[k]; }` : `y${k}[i + $_y${k}] = r${k};`,
  );
  const main = `@compute @workgroup_size(${THREADS}) fn main(@builtin(global_invocation_id) id: vec3u) {
let i = (id.x + id.y * ${GROUPS * THREADS}u)${texel ? ' * 4u' : ''};
if (i >= $_size) { return; }
${texel ? 'texel' : 'word'}(i);
${write.join('\n')}
}`;
  const whole = `${WGSL_PRELUDE}${lines.join('\n')}\n${body}\n${main}\n`;
  const { baked = false, parameters = {} } = pass;
  const names = [...Object.keys(own), ...(baked ? [] : Object.keys(parameters))];
  return withWords(baked ? withConstants(whole, parameters) : whole, names, (number) => `p[${number >> 2}][${number & 3}]`);
}
