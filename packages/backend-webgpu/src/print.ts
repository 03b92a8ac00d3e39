// Prints a pass as a WGSL module.

import { libraryFor, toWgsl, WGSL_PRELUDE, withConstants, withShifts, withWords } from '@sinapse/shaders';
import type { Parameters, Pass } from '@sinapse/shaders';

/** Threads of a workgroup, and workgroups along x: more go along y. */
const THREADS = 64;
const GROUPS = 65535;

/** The words of a call's parameters. */
export const WORDS = 128;

/** The workgroups of a pass, along x and y. */
export function groupsOf({ unit, tiles, outputs }: Pass): readonly [number, number] {
  const { size } = outputs[0]!;
  const groups = unit === 'tile' ? tiles! : Math.ceil((unit === 'texel' ? Math.ceil(size / 4) : size) / THREADS);
  return [Math.min(groups, GROUPS), Math.ceil(groups / GROUPS)];
}

/** What a module depends on besides the pass's key and its constants. */
export interface Binding {
  /** For each input the output whose storage it shares, or undefined. */
  readonly shared: readonly (number | undefined)[];
  /** Whether outputs are written by whole texels. */
  readonly wide: boolean;
}

export function bindingOf({ unit = 'word', outputs, inputs }: Pass): Binding {
  const shared = inputs.map(({ storage }) => {
    const k = outputs.findIndex((output) => output.storage === storage);
    return k < 0 ? undefined : k;
  });
  const wide =
    unit !== 'word' &&
    [...outputs, ...inputs.filter((_, k) => shared[k] !== undefined)].every(({ offset, size }) => offset % 4 === 0 && size % 4 === 0);
  return { shared, wide };
}

/**
 * The module of a pass. Output k is bound at k + 1, the inputs after the outputs; an input that shares its storage with output k has no binding.
 * @param own what the runner adds to the pass's parameters: `_size`, and the offsets `_y0`, …, `_x0`, …
 */
export function moduleOf(pass: Pass, own: Parameters, { shared, wide }: Binding): string {
  const { unit = 'word', outputs, inputs, tiles = 0, baked = false, parameters = {}, scalars = {} } = pass;
  const lines = [`@group(0) @binding(0) var<uniform> p: array<vec4u, ${WORDS / 4}>;`];
  outputs.forEach((_, k) => lines.push(`@group(0) @binding(${k + 1}) var<storage, read_write> y${k}: array<${wide ? 'vec4u' : 'u32'}>;`));
  let binding = outputs.length + 1;
  inputs.forEach((_, k) => {
    const aligned = pass.aligned?.includes(k) === true;
    lines.push(...(shared[k] === undefined ? ownInput(k, binding++, aligned) : sharedInput(k, shared[k], aligned, wide)));
  });
  const code = pass.code();
  const main = unit === 'tile' ? tileMain(outputs.length, tiles, wide) : itemMain(outputs.length, unit, wide);
  const whole = `${WGSL_PRELUDE}${lines.join('\n')}\n${main}\n${toWgsl(libraryFor(code) + code)}\n`;
  const names = [...Object.keys(own), ...(baked ? [] : Object.keys(parameters)), ...Object.keys(scalars)];
  return withWords(baked ? withShifts(withConstants(whole, parameters)) : whole, names, (number) => `p[${number >> 2}][${number & 3}]`);
}

/** The functions that read input k from its own binding. */
function ownInput(k: number, binding: number, aligned: boolean): string[] {
  const declared = `@group(0) @binding(${binding}) var<storage, read> t${k}: array<${aligned ? 'vec4u' : 'u32'}>;`;
  if (!aligned) return [declared, `fn x${k}(i: u32) -> u32 { return t${k}[i + $_x${k}]; }`];
  return [
    declared,
    `fn x${k}(i: u32) -> u32 { let at = i + $_x${k}; return t${k}[at >> 2u][at & 3u]; }`,
    `fn v${k}(t: u32) -> vec4u { return t${k}[t + ($_x${k} >> 2u)]; }`,
  ];
}

/** The functions that read input k, whose storage an output has taken over. */
function sharedInput(k: number, output: number, aligned: boolean, wide: boolean): string[] {
  if (wide)
    return [
      `fn x${k}(i: u32) -> u32 { let at = i + $_x${k}; return y${output}[at >> 2u][at & 3u]; }`,
      `fn v${k}(t: u32) -> vec4u { return y${output}[t + ($_x${k} >> 2u)]; }`,
    ];
  const word = `fn x${k}(i: u32) -> u32 { return y${output}[i + $_x${k}]; }`;
  const texel = `fn v${k}(t: u32) -> vec4u { return vec4u(x${k}(4u * t), x${k}(4u * t + 1u), x${k}(4u * t + 2u), x${k}(4u * t + 3u)); }`;
  return aligned ? [word, texel] : [word];
}

/** A statement that writes texel `t` of output k. */
function writeTexel(k: number, t: string, value: string, wide: boolean): string {
  return wide
    ? `y${k}[${t} + ($_y${k} >> 2u)] = ${value};`
    : `for (var k = 0u; k < 4u && 4u * ${t} + k < $_size; k++) { y${k}[4u * ${t} + k + $_y${k}] = ${value}[k]; }`;
}

/** Runs the code for each item. */
function itemMain(outputs: number, unit: 'word' | 'texel', wide: boolean): string {
  const all = Array.from({ length: outputs }, (_, k) => k);
  const write = unit === 'texel' ? (k: number) => writeTexel(k, '(i >> 2u)', `r${k}`, wide) : (k: number) => `y${k}[i + $_y${k}] = r${k};`;
  return `${all.map((k) => `var<private> r${k}: ${unit === 'texel' ? 'vec4u' : 'u32'};`).join('\n')}
@compute @workgroup_size(${THREADS}) fn main(@builtin(global_invocation_id) id: vec3u) {
let i = (id.x + id.y * ${GROUPS * THREADS}u)${unit === 'texel' ? ' * 4u' : ''};
if (i >= $_size) { return; }
${unit}(i);
${all.map(write).join('\n')}
}`;
}

/** Runs the code for each workgroup. */
function tileMain(outputs: number, tiles: number, wide: boolean): string {
  const puts = Array.from({ length: outputs }, (_, k) => `fn put${k}(t: u32, w: vec4u) { ${writeTexel(k, 't', 'w', wide)} }`);
  return `${puts.join('\n')}
@compute @workgroup_size(${THREADS}) fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
let group = id.x + id.y * ${GROUPS}u;
if (group >= ${tiles}u) { return; }
tile(group, thread);
}`;
}
