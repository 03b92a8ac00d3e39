// What the page "descent" shows: the surface, where the walks begin, and the ways that the worker has computed.

import { computed, effect, signal } from '@preact/signals';
import type { Failure } from '../../experiment/failure.ts';
import { caught } from '../../experiment/laboratory-error.ts';
import { backendGeneration, laboratory } from '../../experiment/laboratory.ts';
import { page, query, writeQuery } from '../../router.ts';
import type { Heights, Way } from './machine.ts';
import type { Place, SurfaceName, Walk, WalkerName } from './surfaces.ts';
import { STEPS, frames, surfaceNames, walkerNames } from './surfaces.ts';

export interface DescentState extends Walk {
  /** Those that walk. */
  readonly walkers: readonly WalkerName[];
}

export const MOST_RATE = 2;
export const MOST_NOISE = 10;

const usualFor = (surface: SurfaceName): DescentState => {
  const { start, rate } = frames[surface];
  return { surface, start, rate, noise: 0, seed: 1, walkers: ['sgd', 'momentum', 'adam'] };
};

/** Reads the state from an address, which may come from anywhere. */
function fromQuery(given: URLSearchParams): DescentState {
  const usual = usualFor(surfaceNames.find((name) => name === given.get('surface')) ?? 'ravine');
  const within = (text: string | null | undefined, least: number, most: number, other: number) => {
    const value = Number(text || NaN);
    return value >= least && value <= most ? value : other;
  };
  const { reach } = frames[usual.surface];
  const [x, y] = (given.get('start') ?? '').split('_');
  const asked = (given.get('walkers') ?? '').split('_');
  const walkers = walkerNames.filter((name) => asked.includes(name));
  return {
    ...usual,
    start: [within(x, -reach, reach, usual.start[0]), within(y, -reach, reach, usual.start[1])],
    rate: within(given.get('lr'), 1e-5, MOST_RATE, usual.rate),
    noise: within(given.get('noise'), 0, MOST_NOISE, usual.noise),
    seed: Math.round(within(given.get('seed'), 0, 999_999, usual.seed)),
    walkers: walkers.length > 0 ? walkers : usual.walkers,
  };
}

function toQuery({ surface, start, rate, noise, seed, walkers }: DescentState): Record<string, string | undefined> {
  const usual = usualFor(surface);
  const unless = (value: unknown, other: unknown) => (String(value) === String(other) ? undefined : String(value));
  const written = (place: Place) => place.map((value) => Number(value.toFixed(2))).join('_');
  return {
    surface: unless(surface, 'ravine'),
    start: written(start) === written(usual.start) ? undefined : written(start),
    lr: unless(rate, usual.rate),
    noise: unless(noise, usual.noise),
    seed: unless(seed, usual.seed),
    walkers: walkers.join() === usual.walkers.join() ? undefined : walkers.join('_'),
  };
}

export const state = signal<DescentState>(fromQuery(page.peek() === 'descent' ? query.peek() : new URLSearchParams()));

/** How many steps of the ways are shown. */
export const shownSteps = signal(0);

export const touched = signal(false);

/** Changes what walks where, and begins to show it anew. Another surface brings the start and the rate that suit it. */
export function change(changes: Partial<DescentState>): void {
  const before = state.value;
  const { walkers, seed, noise } = before;
  const usual =
    changes.surface !== undefined && changes.surface !== before.surface ? { ...usualFor(changes.surface), walkers, seed, noise } : before;
  state.value = { ...usual, ...changes };
  touched.value = true;
  shownSteps.value = 0;
  writeQuery(toQuery(state.value));
}

/** Lets an optimizer walk, or takes it away. One always stays. */
export function toggle(name: WalkerName): void {
  const { walkers } = state.value;
  const next = walkerNames.filter((each) => walkers.includes(each) !== (each === name));
  if (next.length > 0) change({ walkers: next });
}

export function restart(): void {
  shownSteps.value = 0;
}

/** Shows one step more. */
export function nextStep(): void {
  shownSteps.value = Math.min(shownSteps.value + 1, STEPS);
}

export interface NamedWay extends Way {
  readonly name: WalkerName;
}

export const heights = signal<Heights | undefined>(undefined);
export const ways = signal<readonly NamedWay[]>([]);

const noHeights = signal<Failure | undefined>(undefined);
const noWays = signal<Failure | undefined>(undefined);
export const failure = computed(() => noWays.value ?? noHeights.value);

const surface = computed(() => state.value.surface);

let asked = 0;

effect(() => {
  const name = surface.value;
  if (backendGeneration.value === 0 || page.value !== 'descent') return;
  laboratory.heightsOf(name).then(
    (result) => {
      if (name !== surface.peek()) return;
      heights.value = result;
      noHeights.value = undefined;
    },
    (error: unknown) => void (noHeights.value = caught(error)),
  );
});

// Each change is computed anew; only the newest ways count.
effect(() => {
  const { walkers, ...walk } = state.value;
  if (backendGeneration.value === 0 || page.value !== 'descent') return;
  const mine = ++asked;
  Promise.all(walkers.map(async (name) => ({ name, ...(await laboratory.walk(name, walk)) }))).then(
    (result) => {
      if (mine !== asked) return;
      ways.value = result;
      noWays.value = undefined;
    },
    (error: unknown) => {
      if (mine === asked) noWays.value = caught(error);
    },
  );
});
