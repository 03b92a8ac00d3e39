// Writes what a run says of itself, from its record and its model.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { summary } from '@sinapse/layers';
import { writeFileAtomic } from '@sinapse/training/node';
import { openModel } from '../model-file.ts';
import { formatIn } from './format.ts';
import { classMeasures } from './measures.ts';
import { pageOf } from './page.ts';
import type { RunData } from './run-data.ts';
import { readRunData } from './run-data.ts';
import type { View } from './view.ts';
import type { Language } from './words.ts';
import { wordsIn } from './words.ts';

export interface ReportOptions {
  /** Default English. */
  readonly lang?: Language;
}

/** Reads a run, and measures its answers on the backend in use. */
export async function viewOf(folder: string, { lang = 'en' }: ReportOptions = {}): Promise<View> {
  const run = await readRunData(folder);
  const model = join(folder, 'model.safetensors');
  const opened = existsSync(model) ? await openModel(model) : undefined;
  return viewOfRun(run, lang, opened && summary(opened.model, opened.inputShape));
}

/** @param layers the summary of the model, if it is there */
export async function viewOfRun(run: RunData, language: Language, layers?: View['layers']): Promise<View> {
  return {
    run,
    language,
    words: wordsIn[language],
    format: formatIn(language),
    ...(run.task === 'classification' && { measures: await classMeasures(run) }),
    ...(layers && { layers }),
  };
}

/**
 * Writes `report.html` into the folder of a run. A backend must be in use.
 * @returns the path of the report
 * @throws RunDataError when the record of the run is damaged
 */
export async function writeReport(folder: string, options: ReportOptions = {}): Promise<string> {
  const path = join(folder, 'report.html');
  await writeFileAtomic(path, new TextEncoder().encode(pageOf(await viewOf(folder, options))));
  return path;
}
