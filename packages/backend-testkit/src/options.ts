// Options: which checks to run, and how many cases.

import type { KernelName } from '@sinapse/core';

/** The parts of the suite: each kernel against the reference, each lowering against its kernel, gradients, and the rules of the interface. */
export type Section = 'kernels' | 'lowerings' | 'gradients' | 'behaviour';

export interface ConformanceOptions {
  /** How large the grids are. Default: the environment variable SINAPSE_TEST_TIER, else `quick`. */
  readonly tier?: 'quick' | 'full';
  /** The seed of the grids and of all their values. Default 1. */
  readonly seed?: number;
  /** Only these kernels. Gradients and behaviour are then left out, unless `sections` names them. */
  readonly only?: readonly KernelName[];
  /** Only the gradients of these ops, by the names of core's functions. */
  readonly ops?: readonly string[];
  /** The sections to run. Default: all. */
  readonly sections?: readonly Section[];
  /** The most cases for one kernel: for backends on which every new shape is slow. The first cases of a grid cover most. */
  readonly casesPerKernel?: number;
  /** Factors on the allowed error of kernels, for hardware whose arithmetic is coarser than IEEE 754. The table shows them. */
  readonly tolerance?: { readonly [K in KernelName]?: number };
}

/** The options with defaults filled in. */
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

/** Node has it, browsers do not. */
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
