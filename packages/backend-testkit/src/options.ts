// What to run, and how much of it.

import type { KernelName } from '@sinapse/core';

/** The parts of the suite: each kernel against the reference, each lowering against its kernel, gradients, and the rules of the interface. */
export type Section = 'kernels' | 'lowerings' | 'gradients' | 'behaviour';

export interface ConformanceOptions {
  /** How large the grids are. Unless given, `full` where the environment variable SINAPSE_TEST_TIER says so, else `quick`. */
  readonly tier?: 'quick' | 'full';
  /** Of the grids and all their values; 1. */
  readonly seed?: number;
  /** These kernels alone; gradients and behaviour are then left out unless `sections` names them. */
  readonly only?: readonly KernelName[];
  /** Gradients of these ops alone, by the names of core's functions. */
  readonly ops?: readonly string[];
  /** All of them, unless given. */
  readonly sections?: readonly Section[];
  /** The most cases for one kernel: for backends on which every new shape is slow. The first cases of a grid cover most. */
  readonly casesPerKernel?: number;
  /** Multiplies what a kernel may be off by, for hardware whose arithmetic is coarser than IEEE 754 asks for; stands in the table. */
  readonly tolerance?: { readonly [K in KernelName]?: number };
}

/** The options with everything decided. */
export interface Settings {
  readonly tier: 'quick' | 'full';
  readonly seed: number;
  readonly only: readonly KernelName[] | undefined;
  readonly ops: readonly string[] | undefined;
  readonly sections: readonly Section[];
  readonly casesPerKernel: number;
  readonly tolerance: { readonly [K in KernelName]?: number };
}

const ALL: readonly Section[] = ['kernels', 'lowerings', 'gradients', 'behaviour'];

/** Node's, absent in browsers. */
declare const process: { readonly env?: Readonly<Record<string, string | undefined>> } | undefined;

export function settingsOf(options: ConformanceOptions): Settings {
  const { only, ops, seed = 1, casesPerKernel = Infinity, tolerance = {} } = options;
  return {
    tier: options.tier ?? tierOfEnvironment(),
    seed,
    only,
    ops,
    sections: options.sections ?? (only === undefined ? ALL : ALL.slice(0, 2)),
    casesPerKernel,
    tolerance,
  };
}

function tierOfEnvironment(): 'quick' | 'full' {
  return typeof process !== 'undefined' && process.env?.['SINAPSE_TEST_TIER'] === 'full' ? 'full' : 'quick';
}
