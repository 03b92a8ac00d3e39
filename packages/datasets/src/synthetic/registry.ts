// The synthetic sets by name, for lists of them and to choose one.

import { knownName } from '@sinapse/core';
import type { Arrays } from '../arrays/array-dataset.ts';
import type { HostArray } from '../pipeline/collate.ts';
import { blobs } from './blobs.ts';
import { circles } from './circles.ts';
import { lippmannRegions } from './lippmann.ts';
import { moons } from './moons.ts';
import type { SyntheticOptions } from './options.ts';
import { parity } from './parity.ts';
import { addingProblem, copyTask, sineWaves } from './sequences.ts';
import { spirals } from './spirals.ts';
import { xor } from './xor.ts';

export type SyntheticName =
  'xor' | 'spirals' | 'circles' | 'moons' | 'blobs' | 'lippmannRegions' | 'parity' | 'sineWaves' | 'addingProblem' | 'copyTask';

interface Entry {
  readonly what: string;
  readonly make: (options: SyntheticOptions) => Arrays<{ readonly x: HostArray; readonly y: HostArray }>;
}

const SETS: Readonly<Record<SyntheticName, Entry>> = {
  xor: { what: 'four corners that no line separates', make: xor },
  spirals: { what: 'arms that turn around each other', make: spirals },
  circles: { what: 'one circle inside another', make: circles },
  moons: { what: 'half circles that reach into each other', make: moons },
  blobs: { what: 'clouds around random centres', make: blobs },
  lippmannRegions: { what: 'regions by the depth that they need', make: lippmannRegions },
  parity: { what: 'is the number of set bits odd?', make: parity },
  sineWaves: { what: 'the next value of a wave', make: sineWaves },
  addingProblem: { what: 'the sum of two marked numbers of a sequence', make: addingProblem },
  copyTask: { what: 'symbols to repeat after a delay', make: copyTask },
};

/** The names that `createSynthetic` knows. */
export const syntheticNames: readonly SyntheticName[] = Object.keys(SETS) as SyntheticName[];

/**
 * What a synthetic set is, in a few words.
 * @throws SinapseError when the name is unknown; it suggests the nearest one
 */
export function describeSynthetic(name: string): string {
  return SETS[knownName('synthetic set', name, syntheticNames)].what;
}

/**
 * Makes a synthetic set by name, with its own defaults.
 * @throws SinapseError when the name is unknown, and the errors of the set itself
 * @example
 * const { x, y } = createSynthetic('moons', { count: 200, seed: 1 });
 */
export function createSynthetic(name: string, options: SyntheticOptions = {}): { readonly x: HostArray; readonly y: HostArray } {
  return SETS[knownName('synthetic set', name, syntheticNames)].make(options);
}
