// The page's side of a training: its settings, what the machine has reported so far, and what the controls do.

import { batch, signal } from '@preact/signals';
import { proxy } from 'comlink';
import type { Speed } from '../../experiment/control-strip.tsx';
import { DELAYS } from '../../experiment/control-strip.tsx';
import { chooseBackend, laboratory, messageOf } from '../../experiment/laboratory.ts';
import { query, writeQuery } from '../../router.ts';
import type { Measured, Prepared, Regions, TrainReport } from './report.ts';
import type { TrainSettings } from './settings.ts';
import { defaultsFor, settingsFromQuery, settingsToQuery } from './settings.ts';

export const settings = signal<TrainSettings>(settingsFromQuery(query.peek()));
export const prepared = signal<Prepared | undefined>(undefined);
export const report = signal<TrainReport | undefined>(undefined);
export const regions = signal<Regions | undefined>(undefined);
export const measured = signal<readonly Measured[]>([]);
export const speed = signal<Speed>('full');

/** Why data, network or files were not taken. */
export const problem = signal<string | undefined>(undefined);

/** The loss of each step, thinned out beyond `MOST_POINTS`. */
export const losses = signal<{ readonly steps: readonly number[]; readonly values: readonly number[] }>({ steps: [], values: [] });

/** More points than a curve has pixels are only slow. */
const MOST_POINTS = 1200;

let stride = 1;
let seen = 0;

function takeReport(next: TrainReport): void {
  batch(() => {
    report.value = next;
    if (next.regions !== undefined) regions.value = next.regions;
    if (next.measured.length > 0) measured.value = [...measured.value, ...next.measured];
    if (next.losses.length > 0) addLosses(next.losses);
  });
}

function addLosses(values: Float32Array): void {
  let { steps, values: kept } = { steps: [...losses.value.steps], values: [...losses.value.values] };
  for (const value of values)
    if (++seen % stride === 0)
      [steps, kept] = [
        [...steps, seen],
        [...kept, value],
      ];
  while (steps.length > MOST_POINTS) {
    stride *= 2;
    const keep = (_: number, i: number) => i % 2 === 1;
    [steps, kept] = [steps.filter(keep), kept.filter(keep)];
  }
  losses.value = { steps, values: kept };
}

function clear(): void {
  stride = 1;
  seen = 0;
  batch(() => {
    losses.value = { steps: [], values: [] };
    measured.value = [];
    report.value = regions.value = problem.value = undefined;
  });
}

let connected = false;

/** Makes data and network of the settings, and begins to train if asked. */
export async function restart(play: boolean): Promise<void> {
  if (!connected) {
    connected = true;
    await laboratory.onTraining(proxy(async (next: TrainReport) => takeReport(next)));
  }
  const wanted = settings.value;
  try {
    await laboratory.stop();
    const made = await laboratory.prepare(wanted);
    if (settings.value !== wanted) return; // changed meanwhile: another call is on its way
    clear();
    prepared.value = made;
    await laboratory.setDelay(DELAYS[speed.value]);
    if (play) await laboratory.play();
  } catch (error) {
    problem.value = messageOf(error);
  }
}

/** The generation of the backend on which the network was made. */
let madeOn = 0;
let reviving = false;

/**
 * Called by a page that shows the network, when it opens and when another backend was opened: makes the network there unless it is there already.
 * @param wanted settings, if those of the network do not suit the page
 */
export async function enter(generation: number, wanted: TrainSettings = settings.value): Promise<void> {
  if (generation === 0 || (madeOn === generation && wanted === settings.value)) return;
  madeOn = generation;
  settings.value = wanted;
  if (!reviving) return restart(true);
  reviving = false;
  await laboratory.revive();
}

/** After a device was lost: goes on from the end of the last epoch, on the processor. */
export function continueOnProcessor(): void {
  reviving = true;
  void chooseBackend('cpu').then(() => (reviving = false));
}

/** Changes settings, and begins anew. Other data bring the settings that suit them. */
export function change(changes: Partial<TrainSettings>): void {
  const before = settings.value;
  const usual = changes.data !== undefined && changes.data !== before.data ? { ...defaultsFor(changes.data), seed: before.seed } : before;
  settings.value = { ...usual, ...changes };
  writeQuery(settingsToQuery(settings.value));
  const playing = report.value?.state === 'running' || report.value?.state === 'done';
  void restart(playing);
}

export function changeSpeed(next: Speed): void {
  speed.value = next;
  void laboratory.setDelay(DELAYS[next]);
}

/** Hands files to the machine: data or a model. */
export async function openFiles(files: FileList | readonly File[]): Promise<void> {
  const given = await Promise.all([...files].map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
  if (given.length === 0) return;
  problem.value = undefined;
  try {
    const opened = await laboratory.open(given, settings.value);
    clear();
    settings.value = opened.settings;
    prepared.value = opened.prepared;
    writeQuery(settingsToQuery(opened.settings));
  } catch (error) {
    problem.value = messageOf(error);
  }
}

/** Gives the browser bytes to save. */
function download(name: string, content: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function saveModel(): Promise<void> {
  try {
    download('model.safetensors', await laboratory.save(), 'application/octet-stream');
  } catch (error) {
    problem.value = messageOf(error);
  }
}

export function saveCurves(): void {
  const { steps, values } = losses.value;
  const lines = steps.map((step, i) => `${step},${values[i]}`);
  download('curves.csv', ['step,loss', ...lines, ''].join('\n'), 'text/csv');
}
