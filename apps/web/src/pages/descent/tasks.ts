// What one can try on the page "descent".

import type { Task } from '../../experiment/tasks.tsx';
import type { DescentState, NamedWay } from './state.ts';
import type { WalkerName } from './surfaces.ts';
import { STEPS, frames } from './surfaces.ts';

/** What the tasks look at. */
export interface DescentProgress {
  readonly touched: boolean;
  readonly state: DescentState;
  readonly ways: readonly NamedWay[];
  /** Steps that are shown. */
  readonly steps: number;
}

/** So near the lowest place a walk has arrived. */
const NEAR = 0.05;

/** How far a walker is from the lowest place after some steps; NaN if it does not walk. */
function distance({ state, ways, steps }: DescentProgress, name: WalkerName): number {
  const { places } = ways.find((way) => way.name === name) ?? {};
  if (places === undefined) return NaN;
  const [x, y] = frames[state.surface].lowest;
  return Math.hypot(places[2 * steps]! - x, Math.abs(places[2 * steps + 1]!) - Math.abs(y));
}

const on = (progress: DescentProgress, surface: DescentState['surface']): boolean => progress.touched && progress.state.surface === surface;

export const descentTasks: readonly Task<DescentProgress>[] = [
  {
    id: 'diverge',
    isDone: ({ touched, ways, steps }) =>
      touched && ways.some(({ heights }) => !(Math.abs(heights[steps]!) < 1000 * Math.max(Math.abs(heights[0]!), 1))),
  },
  {
    id: 'ravine',
    isDone: (progress) => on(progress, 'ravine') && distance(progress, 'momentum') < NEAR && distance(progress, 'sgd') > 4 * NEAR,
  },
  { id: 'saddle', isDone: (progress) => on(progress, 'saddle') && progress.state.start[1] === 0 && progress.steps === STEPS },
  { id: 'rosenbrock', isDone: (progress) => on(progress, 'rosenbrock') && distance(progress, 'momentum') < 2 * NEAR },
  {
    id: 'escape',
    isDone: (progress) => on(progress, 'minima') && progress.state.walkers.some((name) => distance(progress, name) < 4 * NEAR),
  },
];
