// A pass: what a shader computes for every word of its outputs. Kernels are lists of passes; a backend prints their code in its language and
// runs them.

import type { KernelTable, Spec, View } from '@sinapse/core';

/** Numbers that a pass's code reads as `$name`: unsigned 32-bit words. `floatBits` turns a float into one; `i32($name)` reads a signed one. */
export type Parameters = Readonly<Record<string, number>>;

/**
 * Code in the shared language (`language/`), run once for each item `i` of the outputs.
 *
 * - Input k is read by `x0(i)`, `x1(i)`, …: its word number i, of 32 bits, whatever its dtype. `v0(t)` gives its words 4 t .. 4 t + 3 as vec4u;
 *   it may be used only where the input is in `aligned`.
 * - The code defines `void word(u32 i)`, which sets `r0`, `r1`, …: word i of output 0, of output 1, …. If `unit` is `texel` it defines
 *   `void texel(u32 i)` instead, which sets them to the words i .. i + 3 (i is a multiple of 4), as vec4u.
 * - All outputs have the size of the first. An output may share its storage with an input: then `word` reads of it only word i, or `texel` only
 *   the words i .. i + 3.
 * - If `unit` is `tile` the code is for `device.workgroups` only. It defines `void tile(u32 group, u32 thread)`, which runs for each of `tiles` groups of
 *   64 threads, may use memory of the workgroup and barriers as WGSL has them, and writes the words 4 t .. 4 t + 3 of output 0, 1, … by `put0(t, w)`,
 *   `put1(t, w)`, ….
 */
export interface Pass {
  /** Names the code: equal keys have equal code. All on which `code` depends is in it, but not the parameters. */
  readonly key: string;
  readonly outputs: readonly View[];
  readonly inputs: readonly View[];
  readonly parameters?: Parameters;
  /** Whether parameters become constants of the shader: faster where they are attributes, wrong where they change from call to call. */
  readonly baked?: boolean;
  /** Numbers that change from call to call, which the code reads as `$name`, too: they never become constants. */
  readonly scalars?: Parameters;
  /** Default `word`. */
  readonly unit?: 'word' | 'texel' | 'tile';
  /** The number of workgroups where `unit` is `tile`. */
  readonly tiles?: number;
  /** The inputs that are read by `v0(t)`. The kernel asks `device.aligned(view)` before it makes such a pass. */
  readonly aligned?: readonly number[];
  readonly code: () => string;
}

/** What the kernels of this package need from a backend. */
export interface ShaderDevice {
  /** Runs a pass after those before it. Does nothing when the outputs are empty. */
  run(pass: Pass): void;
  /** Whether `v0(t)` may read the view: its first word is the first of four. */
  aligned(view: View): boolean;
  /** A view of scratch memory, until `body` returns. */
  scratch<T>(spec: Spec, body: (view: View) => T): T;
  /** Whether passes may use the memory of workgroups, and are faster with it. Default false. */
  readonly workgroups?: boolean;
  /** The most outputs of a pass: at least 4. */
  readonly maxOutputs: number;
  /** The most inputs of a pass: at least 4. */
  readonly maxInputs: number;
}

/** A file of kernels. */
export type Kernels = (device: ShaderDevice) => Partial<KernelTable>;
