// How far the page "train" is told by its address, besides the settings: whether it trains, how fast, and how the loss is drawn.

import { signal } from '@preact/signals';
import type { Speed } from '../../experiment/control-strip.tsx';
import { speeds } from '../../experiment/control-strip.tsx';
import { query, writeQuery } from '../../router.ts';
import type { TrainSettings } from './settings.ts';
import { settingsFromQuery, settingsToQuery } from './settings.ts';

/** What the user wants of the training. A link that says `paused` or `stopped` opens the page without training. */
type Run = 'playing' | 'paused' | 'stopped';

/** Shares of the mean so far in a smoothed loss. */
export const smoothings = [0, 0.6, 0.9, 0.97] as const;

export interface View {
  readonly run: Run;
  readonly speed: Speed;
  readonly logarithmic: boolean;
  readonly smoothing: number;
}

const oneOf = <T extends string>(values: readonly T[], given: string | null, usual: T): T =>
  values.find((value) => value === given) ?? usual;

/** The view of an address, which may come from anywhere. */
export function viewFromQuery(given: URLSearchParams): View {
  return {
    run: oneOf(['playing', 'paused', 'stopped'], given.get('run'), 'playing'),
    speed: oneOf(speeds, given.get('speed'), 'full'),
    logarithmic: given.get('scale') === 'log',
    smoothing: smoothings.find((value) => String(value) === given.get('smooth')) ?? 0,
  };
}

/** A view as parts of an address; what is usual is left out. */
function viewToQuery({ run, speed, logarithmic, smoothing }: View): Record<string, string | undefined> {
  return {
    run: run === 'playing' ? undefined : run,
    speed: speed === 'full' ? undefined : speed,
    scale: logarithmic ? 'log' : undefined,
    smooth: smoothing === 0 ? undefined : String(smoothing),
  };
}

export const settings = signal<TrainSettings>(settingsFromQuery(query.peek()));
export const view = signal<View>(viewFromQuery(query.peek()));

/** Writes settings and view into the address. */
export function writeAddress(): void {
  writeQuery({ ...settingsToQuery(settings.value), ...viewToQuery(view.value) });
}

/** Changes the view, and writes it into the address. */
export function changeView(changes: Partial<View>): void {
  view.value = { ...view.value, ...changes };
  writeAddress();
}
