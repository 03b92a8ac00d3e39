// The page's side of a training: what the machine has reported so far, and what the controls do.

import { batch, signal } from '@preact/signals';
import { proxy } from 'comlink';
import type { Speed } from '../../experiment/control-strip.tsx';
import { DELAYS } from '../../experiment/control-strip.tsx';
import type { Failure } from '../../experiment/failure.ts';
import { caught } from '../../experiment/laboratory-error.ts';
import { backendGeneration, chooseBackend, laboratory, lastLoss } from '../../experiment/laboratory.ts';
import { page, query } from '../../router.ts';
import { changeView, settings, view, viewFromQuery, writeAddress } from './address.ts';
import type { Shown } from './curves-so-far.ts';
import { addToCurves, beginCurves, curvesAsCsv, shownNow } from './curves-so-far.ts';
import { download } from './download.ts';
import { MOST_MEGABYTES } from './file-limits.ts';
import type { DroppedFile } from './files.ts';
import type { Opened } from './machine.ts';
import type { Prepared, Regions, TrainReport } from './report.ts';
import type { TrainSettings } from './settings.ts';
import { defaultsFor, settingsFromQuery } from './settings.ts';

export const prepared = signal<Prepared | undefined>(undefined);
export const report = signal<TrainReport | undefined>(undefined);
export const regions = signal<Regions | undefined>(undefined);

/** Why data, network or files were not taken. */
export const refusal = signal<Failure | undefined>(undefined);

/** The training that opened files stand in place of; it can be brought back. */
export const aside = signal<{ readonly session: number; readonly shown: Shown } | undefined>(undefined);

function takeReport(next: TrainReport): void {
  batch(() => {
    if (next.session !== report.value?.session) {
      const isBack = aside.value?.session === next.session;
      beginCurves(isBack ? aside.value!.shown : undefined);
      regions.value = undefined;
      if (isBack) aside.value = undefined;
    }
    report.value = next;
    if (next.regions !== undefined) regions.value = next.regions;
    addToCurves(next);
  });
}

/** Calls the machine; if it refuses, the page says why. */
async function asking(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    refusal.value = caught(error);
  }
}

let connected = false;

/** Makes data and network of the settings, and begins to train if asked. */
export async function restart(begin: boolean): Promise<void> {
  if (!connected) {
    connected = true;
    await laboratory.onTraining(proxy(async (next: TrainReport) => takeReport(next)));
  }
  const wanted = settings.value;
  await asking(async () => {
    const made = await laboratory.prepare(wanted);
    if (settings.value !== wanted) return; // changed meanwhile: another call is on its way
    refusal.value = undefined;
    prepared.value = made;
    await laboratory.setDelay(DELAYS[view.value.speed]);
    if (begin) await laboratory.play();
  });
}

/** The generation of the backend on which the network was made. */
let madeOn = 0;

/** Whether the next backend goes on with the training, and does not begin anew. */
let goesOn = false;

/**
 * Called by a page that shows the network, when it opens and when another backend was opened: makes the network there unless it is there already.
 * After a device was lost, the training goes on from its last checkpoint.
 * @param wanted settings, if those of the network do not suit the page
 */
export async function enter(generation: number, wanted: TrainSettings = settings.value): Promise<void> {
  if (generation === 0) return;
  if (madeOn === generation && wanted === settings.value) {
    // It was paused when the page was left.
    if (view.value.run === 'playing' && report.value?.state === 'paused') await laboratory.play();
    return;
  }
  const wasLost = madeOn > 0 && madeOn <= (lastLoss.value?.generation ?? 0);
  const revives = (wasLost || goesOn) && wanted === settings.value;
  goesOn = false;
  madeOn = generation;
  settings.value = wanted;
  aside.value = undefined;
  if (revives) await asking(() => laboratory.revive());
  else await restart(view.value.run === 'playing');
}

/** A link to this page in the page: its settings take the place of those before. */
addEventListener('hashchange', () => {
  if (page.value !== 'train' || query.value.size === 0 || backendGeneration.value === 0) return;
  settings.value = settingsFromQuery(query.value);
  view.value = viewFromQuery(query.value);
  void restart(view.value.run === 'playing');
});

export function play(): void {
  changeView({ run: 'playing' });
  void laboratory.play();
}

export function pause(): void {
  changeView({ run: 'paused' });
  void laboratory.pause();
}

export function step(): void {
  changeView({ run: 'paused' });
  void laboratory.step();
}

/** Ends the training and tests the network as it is. */
export function stop(): void {
  changeView({ run: 'stopped' });
  void laboratory.stop();
}

/** After a failure: goes on from the end of the last epoch, on the processor. */
export function continueOnProcessor(): void {
  goesOn = true;
  void chooseBackend('cpu').then(() => (goesOn = false));
}

/** Changes settings, and begins anew unless it was paused or stopped. Other data bring the settings that suit them. */
export function change(changes: Partial<TrainSettings>): void {
  const was = settings.value;
  const usual = changes.data !== undefined && changes.data !== was.data ? { ...defaultsFor(changes.data), seed: was.seed } : was;
  settings.value = { ...usual, ...changes };
  writeAddress();
  const state = report.value?.state;
  void restart(state === 'running' || state === 'done' || state === 'failed');
}

export function changeSpeed(speed: Speed): void {
  changeView({ speed });
  void laboratory.setDelay(DELAYS[speed]);
}

const MEGABYTE = 2 ** 20;

/** Hands files to the machine: data or a model. */
export async function openFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  refusal.value = undefined;
  const large = files.find(({ size }) => size > MOST_MEGABYTES * MEGABYTE);
  if (large !== undefined) {
    const megabytes = Math.ceil(large.size / MEGABYTE);
    refusal.value = { kind: 'fileTooLarge', name: large.name, megabytes, most: MOST_MEGABYTES, detail: '' };
    return;
  }
  const given: DroppedFile[] = [];
  for (const file of files) {
    try {
      given.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch (error) {
      refusal.value = { kind: 'fileUnreadable', name: file.name, detail: caught(error).detail };
      return;
    }
  }
  await asking(async () => {
    const before = { session: report.value?.session ?? 0, shown: shownNow() };
    take(await laboratory.open(given, settings.value));
    aside.value = before;
  });
}

/** Brings back the network and the data that opened files stand in place of. */
export async function undo(): Promise<void> {
  await asking(async () => {
    const before = await laboratory.undo();
    if (before !== undefined) take(before);
  });
}

function take(opened: Opened): void {
  batch(() => {
    settings.value = opened.settings;
    prepared.value = opened.prepared;
  });
  writeAddress();
}

export async function saveModel(): Promise<void> {
  await asking(async () => download('model.safetensors', await laboratory.save(), 'application/octet-stream'));
}

export function saveCurves(): void {
  download('curves.csv', curvesAsCsv(shownNow(), prepared.value?.stepsPerEpoch ?? 1), 'text/csv');
}
