// elementwise: runs a program of element-wise ops as one kernel.

import type { Kernel, KernelCall, Program } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import type { Memory } from '../engine/memory.ts';
import { addressOf } from '../engine/memory.ts';
import type { Clash } from './program-steps.ts';
import { encode } from './program-steps.ts';

/** A program in the engine's memory. */
interface Loaded {
  readonly address: number;
  readonly clashes: readonly Clash[];
}

/** How an input is stretched, as in kernels/program/elementwise.h; other values are numbers of axes. */
const FULL = -1;
const SINGLE = 0;

export function elementwiseKernels(engine: Engine, memory: Memory): { readonly elementwise: Kernel<'elementwise'> } {
  const run = engine.kernel('elementwise');
  /**
   * Encoded programs. `early` ones write each output once it is known, `late` ones after all reads: for outputs in the tensors of inputs read later.
   */
  const early = new WeakMap<Program, Loaded>();
  const late = new WeakMap<Program, Loaded>();
  const unloading = new FinalizationRegistry<{ readonly address: number; readonly bytes: number }>(({ address, bytes }) =>
    engine.free(address, bytes),
  );

  function load(program: Program, cache: WeakMap<Program, Loaded>): Loaded {
    let loaded = cache.get(program);
    if (loaded === undefined) {
      const { code, clashes } = encode(program, cache === late);
      loaded = { address: memory.take('a program', code.byteLength), clashes };
      engine.write(loaded.address, code);
      unloading.register(program, { address: loaded.address, bytes: code.byteLength });
      cache.set(program, loaded);
    }
    return loaded;
  }

  return {
    elementwise: (call) => {
      const { program } = call.attrs;
      const loaded = load(program, early);
      const { address } = loaded.clashes.some((clash) => areSame(call, clash)) ? load(program, late) : loaded;
      const args = engine.arguments;
      args[0] = address;
      args[1] = 0;
      const end = writeItems(args, 2, call);
      if (end <= args.length) return run();
      // There is no room in the arguments.
      const list = new Float64Array(end - 2);
      writeItems(list, 0, call);
      const elsewhere = memory.take('the arguments of a program', list.byteLength);
      try {
        engine.write(elsewhere, list);
        const moved = engine.arguments;
        moved[0] = address;
        moved[1] = elsewhere;
        run();
      } finally {
        engine.free(elsewhere, list.byteLength);
      }
    },
  };
}

function areSame(
  { in: { xs }, out: { ys }, attrs: { program, items, shared } }: KernelCall<'elementwise'>,
  { output, input }: Clash,
): boolean {
  const own = program.inputs.length - shared;
  for (let item = 0; item < items; item++) {
    const x = xs[input < own ? input * items + item : own * items + input - own];
    const y = ys[output * items + item];
    if (x.storage === y.storage && x.offset === y.offset) return true;
  }
  return false;
}

/** Writes the scalars and the items, as far as there is room. Returns the index after the last. */
function writeItems(args: Float64Array, at: number, { in: { xs }, out: { ys }, attrs, scalars }: KernelCall<'elementwise'>): number {
  const { program, items, shared } = attrs;
  const { inputs, outputs } = program;
  for (const { name } of program.scalars) args[at++] = scalars[name];
  args[at++] = items;
  const own = inputs.length - shared;
  for (let item = 0; item < items; item++) {
    const { size, shape } = xs[item];
    args[at++] = size;
    for (let input = 0; input < inputs.length; input++) {
      const x = xs[input < own ? input * items + item : own * items + input - own];
      args[at++] = addressOf(x);
      if (x.size === size) args[at++] = FULL;
      else if (x.size === 1) args[at++] = SINGLE;
      else at = writeAxes(args, at, shape, x.shape);
    }
    for (let output = 0; output < outputs.length; output++) args[at++] = addressOf(ys[output * items + item]);
  }
  return at;
}

/** Writes the number of axes and, for each, its length in `target` and its stride in `shape`, 0 where `shape` is stretched. */
function writeAxes(args: Float64Array, at: number, target: readonly number[], shape: readonly number[]): number {
  const rank = target.length;
  args[at++] = rank;
  const missing = rank - shape.length;
  for (let axis = rank - 1, stride = 1; axis >= 0; axis--) {
    const length = axis < missing ? 1 : shape[axis - missing];
    args[at + 2 * axis] = target[axis];
    args[at + 2 * axis + 1] = length === 1 ? 0 : stride;
    stride *= length;
  }
  return at + 2 * rank;
}
